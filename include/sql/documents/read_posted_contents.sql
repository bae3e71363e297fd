-- What documents held when the content that NetSuite has was sent; null where that is not known.
SELECT d.source_id, d.part, d.posted_version, d.netsuite_id, c.body AS content
FROM document d
LEFT JOIN attempt a ON a.document_id = d.id AND a.version = d.posted_version
 AND a.number = (SELECT MAX(b.number) FROM attempt b
                 WHERE b.document_id = d.id AND b.version = d.posted_version)
LEFT JOIN run_document rd ON rd.run_id = a.run_id AND rd.document_type = d.document_type
 AND rd.source_id = d.source_id AND rd.part = d.part
LEFT JOIN content c ON c.hash = rd.content_hash
WHERE d.tenant_id = :tenant_id AND d.document_type = :document_type AND d.source_id IN :source_ids
