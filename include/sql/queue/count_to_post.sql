SELECT COUNT(*) AS n FROM document WHERE seen_run = :run_id AND state = 'ready'
