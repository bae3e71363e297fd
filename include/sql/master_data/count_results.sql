SELECT kind, action, COUNT(*) AS n FROM master_result WHERE run_id = :run_id GROUP BY kind, action
