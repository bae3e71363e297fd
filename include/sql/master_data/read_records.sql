SELECT netsuite_id, content, creating_since FROM master_record
WHERE tenant_id = :tenant_id AND kind = :kind
