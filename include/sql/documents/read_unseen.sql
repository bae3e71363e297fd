-- Certainly not in NetSuite and not in this run's list: asked for by id, then withdrawn or left.
SELECT id, document_type, source_id, number, state, version, business_date, amount_cents, url, external_id
FROM document d
WHERE tenant_id = :tenant_id AND document_type = :document_type AND operation = 'create'
  AND state IN ('pending', 'ready', 'blocked', 'rejected')
  AND NOT EXISTS (
    SELECT 1 FROM run_document rd WHERE rd.run_id = :run_id AND rd.document_type = d.document_type
     AND rd.source_id = d.source_id AND rd.part = d.part)
  AND id > :after
ORDER BY id
LIMIT 500
