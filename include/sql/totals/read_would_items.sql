SELECT number AS name FROM run_document
WHERE run_id = :run_id AND document_type IN ('item', 'purchase_item') AND verdict = 'ready'
ORDER BY document_type, number
LIMIT :limit
