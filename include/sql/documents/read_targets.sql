-- What documents refer to, in the form it has in NetSuite: as it was posted, else as it was sent last.
SELECT d.document_type, d.source_id, d.part, d.external_id, d.number, d.state, d.cause, d.sentence,
       COALESCE(d.posted_canonical, (
         SELECT a.canonical FROM attempt a WHERE a.document_id = d.id
         ORDER BY a.number DESC LIMIT 1)) AS canonical
FROM document d
WHERE d.tenant_id = :tenant_id AND d.document_type IN :types AND d.source_id IN :source_ids
