INSERT INTO mapping_event (tenant_id, kind, source_key, old_value, new_value, person, happened_at)
VALUES (:tenant_id, :kind, :source_key, :old_value, :new_value, :person, utc_after(0))
