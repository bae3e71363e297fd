INSERT INTO mapping (tenant_id, kind, source_key, source_name, target, target_name, department, class, location,
                     updated_at, updated_by)
VALUES (:tenant_id, :kind, :source_key, :source_name, :target, :target_name, :department, :class, :location,
        utc_after(0), :person)
ON CONFLICT (tenant_id, kind, source_key) DO UPDATE
SET source_name = excluded.source_name, target = excluded.target, target_name = excluded.target_name,
    department = excluded.department, class = excluded.class, location = excluded.location,
    updated_at = excluded.updated_at, updated_by = excluded.updated_by
