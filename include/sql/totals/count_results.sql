-- Further records of a document are counted for themselves: their amounts are part of the document's own.
SELECT r.document_type, r.family AS part, r.result, COUNT(*) AS n, SUM(r.amount_cents) AS cents
FROM (
    SELECT run_result.*, CASE WHEN part LIKE 'application-%' THEN 'application' ELSE part END AS family
    FROM run_result
    WHERE run_id = :run_id
) r
JOIN document_type t ON t.name = r.document_type
GROUP BY t.sort, r.document_type, r.family, r.result
ORDER BY t.sort, r.family, r.result
