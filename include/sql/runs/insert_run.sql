INSERT INTO run (tenant_id, dag_id, run_id, generation, dry_run, params, started_at)
VALUES (:tenant_id, :dag_id, :run_id, :generation, :dry_run, :params, utc_after(0))
RETURNING id
