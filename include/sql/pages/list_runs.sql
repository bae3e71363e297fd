SELECT run_id, generation, dry_run, started_at, ended_at, status
FROM run
WHERE dag_id = :dag_id
ORDER BY id DESC
LIMIT :limit
