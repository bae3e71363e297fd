SELECT source_key, target FROM mapping
WHERE tenant_id = :tenant_id AND kind = :kind AND source_key IN :source_keys AND target IS NOT NULL
