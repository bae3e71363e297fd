-- Certainly not in NetSuite and not in this run's list: asked for by id, then withdrawn or left.
SELECT id, document_type, source_id, number, state, version, business_date, amount_cents, url, external_id
FROM document
WHERE tenant_id = :tenant_id AND document_type = :document_type AND operation = 'create'
  AND state IN ('pending', 'ready', 'blocked', 'rejected')
  AND (seen_run IS NULL OR seen_run <> :run_id)
  AND id > :after
ORDER BY id
LIMIT 500
