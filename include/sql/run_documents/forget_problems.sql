DELETE FROM run_problem
WHERE run_id = :run_id
