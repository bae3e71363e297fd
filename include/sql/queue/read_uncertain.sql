SELECT id, document_type, source_id, part, number, external_id, operation, version, seen_version, netsuite_id,
       posted_canonical, check_after, check_after <= utc_after(0) AS settled,
       (SELECT a.path FROM attempt a WHERE a.document_id = document.id ORDER BY a.number DESC LIMIT 1) AS path
FROM document
WHERE tenant_id = :tenant_id AND state = 'uncertain' AND id > :after
ORDER BY id
LIMIT :limit
