-- Unsent, or with an unsent change, and not in this run's list: asked for by id, then withdrawn or left.
-- What a person has just reset is left: ServiceTitan shows it as pending only when it was told.
SELECT id, document_type, source_id, part, number, state, operation, version, business_date, amount_cents, url, external_id,
       netsuite_id, posted_canonical
FROM document d
WHERE tenant_id = :tenant_id AND document_type = :document_type
  AND state IN ('pending', 'ready', 'blocked', 'rejected')
  AND NOT EXISTS (
    SELECT 1 FROM run_document rd WHERE rd.run_id = :run_id AND rd.document_type = d.document_type
     AND rd.source_id = d.source_id AND rd.part = d.part)
  AND NOT (COALESCE(report, '') = 'in_progress' AND reported_at IS NULL)
  AND id > :after
ORDER BY id
LIMIT 500
