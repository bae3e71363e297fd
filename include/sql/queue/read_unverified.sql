SELECT id, document_type, source_id, number, external_id, operation, version, netsuite_id, posted_canonical, state
FROM document
WHERE tenant_id = :tenant_id AND state = 'posted' AND verified_at IS NULL AND id > :after
ORDER BY id
LIMIT :limit
