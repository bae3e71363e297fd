-- What a document must wait for, as far as the truth knows.
SELECT p.external_id
FROM dependency w
JOIN document p ON p.id = w.parent_id
WHERE w.document_id = :document_id
