SELECT kind, source_key, source_name, target, target_name, department, class, location
FROM mapping WHERE tenant_id = :tenant_id AND kind = :kind AND source_key = :source_key
