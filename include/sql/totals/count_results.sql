SELECT r.document_type, r.result, COUNT(*) AS n, SUM(r.amount_cents) AS cents
FROM run_result r
JOIN document_type t ON t.name = r.document_type
WHERE r.run_id = :run_id
GROUP BY t.sort, r.document_type, r.result
ORDER BY t.sort, r.result
