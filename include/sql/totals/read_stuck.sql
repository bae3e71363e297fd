SELECT id, document_type, part, number, source_id, external_id, state, state_since, business_date, amount_cents,
       cause, sentence, advice, netsuite_id, url, check_after
FROM document
WHERE tenant_id = :tenant_id AND id > :after
  AND state IN ('sending', 'blocked', 'rejected', 'uncertain', 'conflict')
ORDER BY id
LIMIT :limit
