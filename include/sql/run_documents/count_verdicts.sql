SELECT verdict, COUNT(*) AS n FROM run_document WHERE run_id = :run_id GROUP BY verdict
