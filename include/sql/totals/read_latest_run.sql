SELECT id, tenant_id, dag_id, run_id, generation, dry_run, params, started_at, ended_at, status, summary
FROM run
WHERE tenant_id = :tenant_id
  AND NOT EXISTS (SELECT 1 FROM run_step s WHERE s.run_id = run.id AND s.step = 'sync_master_data')
ORDER BY id DESC
LIMIT 1
