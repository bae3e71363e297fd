-- A report that the document has left behind (sent again, withdrawn) is not told any more.
-- What is told as synced leaves ServiceTitan's list: it stays there until its further records are done with.
SELECT id, document_type, source_id, external_id, number, state, report, version, seen_version, posted_version, netsuite_id, netsuite_number, sentence, advice
FROM document d
WHERE tenant_id = :tenant_id AND report IS NOT NULL AND reported_at IS NULL AND id > :after
  AND (report = 'in_progress'
       OR (report = 'synced' AND state IN ('posted', 'confirmed', 'skipped')
           AND NOT EXISTS (
             SELECT 1 FROM document p
             WHERE p.tenant_id = d.tenant_id AND p.document_type = d.document_type AND p.source_id = d.source_id
               AND p.part <> '' AND p.state NOT IN ('confirmed', 'skipped', 'withdrawn')))
       OR (report = 'error' AND state IN ('rejected', 'conflict')))
ORDER BY id
LIMIT :limit
