SELECT step, state, done, total, message, started_at, updated_at
FROM run_step WHERE run_id = :run_id
ORDER BY started_at
