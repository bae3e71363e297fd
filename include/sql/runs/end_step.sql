UPDATE run_step SET state = :state, message = :message, updated_at = utc_after(0)
WHERE run_id = :run_id AND step = :step
