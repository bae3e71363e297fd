INSERT INTO master_record (tenant_id, kind, netsuite_id, content, creating_since)
VALUES (:tenant_id, :kind, :netsuite_id, :content, :creating_since)
ON CONFLICT (tenant_id, kind, netsuite_id) DO UPDATE
SET content = excluded.content, creating_since = excluded.creating_since
