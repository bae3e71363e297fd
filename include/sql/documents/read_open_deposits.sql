-- Payments to which something may be added: a deposit not wholly applied, or a part not yet sent.
-- CROSS JOIN keeps the deposits first, and || '' the index by source id out: neither way do all the
-- payments ever made pass by.
SELECT d.source_id
FROM attempt a CROSS JOIN document d
WHERE d.id = a.document_id AND a.path = 'record/v1/customerDeposit'
  AND d.tenant_id = :tenant_id AND d.document_type = 'payment' AND d.source_id || '' > :after
  AND d.state IN ('posted', 'confirmed')
  AND d.amount_cents > (
    SELECT COALESCE(SUM(p.amount_cents), 0) FROM document p
    WHERE p.tenant_id = d.tenant_id AND p.document_type = d.document_type AND p.source_id = d.source_id
      AND substr(p.part, 1, 12) = 'application-' AND p.state IN ('posted', 'confirmed')
      -- A credit that the payment used takes nothing from its money.
      AND EXISTS (SELECT 1 FROM attempt u
                  WHERE u.document_id = p.id AND substr(u.path, 1, 26) = 'record/v1/customerDeposit/'))
UNION
SELECT d.source_id
FROM document d
WHERE d.tenant_id = :tenant_id AND d.state IN ('pending', 'ready', 'blocked', 'rejected')
  AND d.document_type || '' = 'payment' AND d.part <> '' AND d.source_id || '' > :after
ORDER BY 1
LIMIT 500
