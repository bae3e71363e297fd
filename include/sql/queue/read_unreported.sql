SELECT id, source_id, number, state, report, version, posted_version, netsuite_id, netsuite_number, sentence, advice
FROM document
WHERE tenant_id = :tenant_id AND report IS NOT NULL AND reported_at IS NULL AND id > :after
  AND report IN ('synced', 'error', 'in_progress')
ORDER BY id
LIMIT :limit
