SELECT external_id FROM document WHERE external_id IN :external_ids
UNION
SELECT external_id FROM run_document WHERE run_id = :run_id AND external_id IN :external_ids
