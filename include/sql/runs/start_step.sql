INSERT INTO run_step (run_id, step, state, started_at, updated_at)
VALUES (:run_id, :step, 'running', utc_after(0), utc_after(0))
ON CONFLICT (run_id, step) DO UPDATE
SET state = 'running', message = '', updated_at = excluded.updated_at
