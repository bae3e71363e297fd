SELECT COUNT(*) AS n FROM run_document
WHERE run_id = :run_id AND document_type = :document_type AND verdict IN ('seen', 'ready', 'blocked', 'skipped')
