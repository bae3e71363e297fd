SELECT id, document_type, source_id, part, number, external_id, operation, version, netsuite_id, posted_canonical, state,
       (SELECT a.path FROM attempt a WHERE a.document_id = document.id ORDER BY a.number DESC LIMIT 1) AS path
FROM document
WHERE tenant_id = :tenant_id AND state = 'posted' AND verified_at IS NULL AND id > :after
ORDER BY id
LIMIT :limit
