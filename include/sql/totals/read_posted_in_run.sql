SELECT d.id, d.document_type, d.external_id, d.number, d.posted_canonical
FROM document d
WHERE d.id IN (
    SELECT DISTINCT e.document_id FROM document_event e
    WHERE e.run_id = :run_id AND e.to_state IN ('posted', 'confirmed') AND e.document_id > :after
    ORDER BY e.document_id LIMIT :limit)
ORDER BY d.id
