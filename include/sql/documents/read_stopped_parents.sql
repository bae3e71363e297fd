SELECT document_type, number, state, sentence, external_id
FROM document
WHERE external_id IN :external_ids AND state IN ('rejected', 'conflict')
ORDER BY id
