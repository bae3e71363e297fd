SELECT cause, problem_key, key_name, sentence, advice
FROM run_problem
WHERE run_id = :run_id AND document_type = :document_type AND source_id = :source_id AND part = :part
ORDER BY cause, problem_key
LIMIT 1000
