-- The states of run_result, but what is on its way while the run works is not uncertain yet.
-- Further records of a document are counted for themselves.
SELECT document_type, family AS part, state, COUNT(*) AS documents, SUM(amount_cents) AS amount_cents
FROM (
    SELECT d.document_type, d.amount_cents, t.sort,
           CASE WHEN d.part LIKE 'application-%' THEN 'application' ELSE d.part END AS family,
           CASE
               WHEN d.outcome IS NULL OR d.outcome = 'pending' THEN d.verdict
               WHEN d.outcome = 'sending' AND CAST(:ended AS integer) = 1 THEN 'uncertain'
               ELSE d.outcome
           END AS state
    FROM run_document d
    JOIN document_type t ON t.name = d.document_type
    WHERE d.run_id = :run_id
) of_run
GROUP BY document_type, sort, family, state
ORDER BY sort, family, state
