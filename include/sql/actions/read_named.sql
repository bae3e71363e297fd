SELECT id, tenant_id, document_type, source_id, part, number, external_id, state, operation, version, seen_version, posted_version,
       netsuite_id, sentence,
       (SELECT a.path FROM attempt a WHERE a.document_id = document.id ORDER BY a.number DESC LIMIT 1) AS path
FROM document
WHERE tenant_id = :tenant_id AND (number IN :names OR source_id IN :names OR external_id IN :names)
ORDER BY id
