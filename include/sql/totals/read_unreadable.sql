-- What the tenant's newest finished run could not read: it has no row among the documents.
SELECT rd.document_type, rd.source_id, rd.number, rd.updated_at, rd.cause, rd.sentence, rd.advice, rd.url
FROM run_document rd
WHERE rd.verdict = 'unreadable' AND rd.run_id = (
    SELECT MAX(r.id) FROM run r
    WHERE r.tenant_id = :tenant_id AND NOT EXISTS (
        SELECT 1 FROM run_step s WHERE s.run_id = r.id AND s.step = 'sync_master_data'))
ORDER BY rd.document_type, rd.number, rd.source_id
LIMIT :limit
