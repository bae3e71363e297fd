DELETE FROM run_problem
WHERE run_id = :run_id AND document_type = :document_type AND source_id = :source_id AND part = :part
