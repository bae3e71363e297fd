-- A report that the document has left behind (sent again, withdrawn) is not told any more.
SELECT id, document_type, source_id, external_id, number, state, report, version, seen_version, posted_version, netsuite_id, netsuite_number, sentence, advice
FROM document
WHERE tenant_id = :tenant_id AND report IS NOT NULL AND reported_at IS NULL AND id > :after
  AND (report = 'in_progress'
       OR (report = 'synced' AND state IN ('posted', 'confirmed', 'skipped'))
       OR (report = 'error' AND state IN ('rejected', 'conflict')))
ORDER BY id
LIMIT :limit
