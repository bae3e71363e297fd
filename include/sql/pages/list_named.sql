-- Documents by external id: as this run left them, else as they stand.
SELECT rd.document_type, rd.source_id, rd.part, rd.number, rd.amount_cents, rd.external_id, rd.netsuite_id,
       CASE
           WHEN rd.outcome IS NULL OR rd.outcome = 'pending' THEN rd.verdict
           WHEN rd.outcome = 'sending' AND CAST(:ended AS integer) = 1 THEN 'uncertain'
           ELSE rd.outcome
       END AS state, 1 AS here
FROM run_document rd
WHERE rd.run_id = :run_id AND rd.external_id IN :external_ids
UNION ALL
SELECT d.document_type, d.source_id, d.part, d.number, d.amount_cents, d.external_id, d.netsuite_id, d.state, 0
FROM document d
WHERE d.tenant_id = :tenant_id AND d.external_id IN :external_ids
  AND NOT EXISTS (SELECT 1 FROM run_document rd WHERE rd.run_id = :run_id AND rd.external_id = d.external_id)
ORDER BY document_type, number, source_id, part
