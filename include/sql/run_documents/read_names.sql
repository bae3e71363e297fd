SELECT number, source_id FROM run_document WHERE run_id = :run_id
