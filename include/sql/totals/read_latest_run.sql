SELECT id, tenant_id, dag_id, run_id, generation, dry_run, params, started_at, ended_at, status, summary
FROM run
WHERE tenant_id = :tenant_id
ORDER BY id DESC
LIMIT 1
