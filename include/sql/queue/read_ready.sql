-- A document waits only for its own parents, never for a whole type. A further record goes only with the version of its
-- document that was seen with it: another one that had landed unseen may hold the same money.
SELECT d.id, d.document_type, d.source_id, d.part, d.number, d.external_id, d.operation, d.seen_version,
       d.netsuite_id, d.posted_canonical, rd.path, rd.body, rd.canonical
FROM document d
JOIN run_document rd ON rd.run_id = :run_id AND rd.document_type = d.document_type
 AND rd.source_id = d.source_id AND rd.part = d.part
WHERE d.seen_run = :run_id AND d.state = 'ready'
  AND rd.verdict = 'ready' AND rd.version = d.seen_version
  AND NOT EXISTS (
    SELECT 1 FROM dependency w JOIN document p ON p.id = w.parent_id
    WHERE w.document_id = d.id AND p.state NOT IN ('posted', 'confirmed'))
  AND NOT EXISTS (
    SELECT 1 FROM document o
    WHERE d.part <> '' AND o.tenant_id = d.tenant_id AND o.document_type = d.document_type
      AND o.source_id = d.source_id AND o.part = '' AND o.posted_version <> o.seen_version)
ORDER BY d.id
LIMIT :limit
