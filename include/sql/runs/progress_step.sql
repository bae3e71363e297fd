UPDATE run_step SET done = :done, total = :total, message = :message, updated_at = utc_after(0)
WHERE run_id = :run_id AND step = :step
