SELECT COUNT(*) AS n, MIN(check_after) AS check_after FROM document
WHERE tenant_id = :tenant_id AND state = 'uncertain'
