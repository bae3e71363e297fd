SELECT d.tenant_id, d.state, COUNT(*) AS n
FROM document d JOIN state s ON s.name = d.state
GROUP BY d.tenant_id, s.sort, d.state
ORDER BY d.tenant_id, s.sort
