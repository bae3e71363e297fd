SELECT 1 AS still
FROM document d
JOIN run_document rd ON rd.run_id = :run_id AND rd.document_type = d.document_type
 AND rd.source_id = d.source_id AND rd.part = d.part
WHERE d.id = :id AND d.seen_version = :version AND d.state = 'ready' AND d.seen_run = :run_id
  AND rd.verdict = 'ready' AND rd.version = d.seen_version
