SELECT COUNT(*) AS n, MIN(check_after) AS check_after, utc_after(0) AS now FROM document
WHERE tenant_id = :tenant_id AND state = 'uncertain'
