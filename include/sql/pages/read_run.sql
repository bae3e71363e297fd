-- Generation 0 asks for the newest.
SELECT id, tenant_id, dag_id, run_id, generation, dry_run, params, started_at, ended_at, status, summary
FROM run
WHERE dag_id = :dag_id AND run_id = :run_id
  AND (CAST(:generation AS integer) = 0 OR generation = CAST(:generation AS integer))
ORDER BY generation DESC
LIMIT 1
