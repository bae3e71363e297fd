SELECT rd.source_id, rd.number, c.body AS content
FROM run_document rd
JOIN content c ON c.hash = rd.content_hash
WHERE rd.run_id = :run_id AND rd.document_type = :document_type AND rd.part = '' AND rd.source_id IN :source_ids
