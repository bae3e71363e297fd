SELECT id, tenant_id, dag_id, run_id, generation, dry_run, params, started_at, ended_at, status, summary
FROM run
WHERE dag_id = :dag_id AND run_id = :run_id
ORDER BY generation DESC
LIMIT 1
