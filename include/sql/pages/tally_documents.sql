-- What a run did with a document says more than what it decided about it.
SELECT d.document_type, COALESCE(d.outcome, d.verdict) AS state, COUNT(*) AS documents,
       SUM(d.amount_cents) AS amount_cents
FROM run_document d
JOIN document_type t ON t.name = d.document_type
WHERE d.run_id = :run_id
GROUP BY d.document_type, t.sort, COALESCE(d.outcome, d.verdict)
ORDER BY t.sort
