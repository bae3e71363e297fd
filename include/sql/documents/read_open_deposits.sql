-- Payments to which something may be added: a deposit not wholly applied, or a part not yet sent.
SELECT DISTINCT d.source_id
FROM document d
WHERE d.tenant_id = :tenant_id AND d.document_type = 'payment' AND d.source_id > :after
  AND ((d.part <> '' AND d.state IN ('pending', 'ready', 'blocked', 'rejected'))
    OR (d.state IN ('posted', 'confirmed')
        AND EXISTS (SELECT 1 FROM attempt a
                    WHERE a.document_id = d.id AND a.path = 'record/v1/customerDeposit')
        AND d.amount_cents > (
          SELECT COALESCE(SUM(p.amount_cents), 0) FROM document p
          WHERE p.tenant_id = d.tenant_id AND p.document_type = d.document_type AND p.source_id = d.source_id
            AND substr(p.part, 1, 12) = 'application-' AND p.state IN ('posted', 'confirmed'))))
ORDER BY d.source_id
LIMIT 500
