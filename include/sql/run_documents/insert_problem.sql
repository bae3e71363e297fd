INSERT INTO run_problem (run_id, document_type, source_id, part, cause, problem_key, key_name, sentence, advice)
VALUES (:run_id, :document_type, :source_id, :part, :cause, :problem_key, :key_name, :sentence, :advice)
ON CONFLICT (run_id, document_type, source_id, part, cause, problem_key) DO NOTHING
