CREATE INDEX run_problem_by_cause ON run_problem (run_id, cause, problem_key)
