-- Empty binds ask for everything. The same conditions stand in list_documents.
SELECT COUNT(*) AS documents, COALESCE(SUM(d.amount_cents), 0) AS amount_cents
FROM (
    SELECT d.*,
           CASE
               WHEN d.outcome IS NULL OR d.outcome = 'pending' THEN d.verdict
               WHEN d.outcome = 'sending' AND CAST(:ended AS integer) = 1 THEN 'uncertain'
               ELSE d.outcome
           END AS state
    FROM run_document d
    WHERE d.run_id = :run_id
) d
WHERE (:state = '' OR d.state = :state)
  AND (:document_type = '' OR d.document_type = :document_type)
  AND (:pattern = '' OR LOWER(d.number) LIKE LOWER(:pattern) ESCAPE '!' OR LOWER(d.source_id) LIKE LOWER(:pattern) ESCAPE '!'
       OR LOWER(COALESCE(d.netsuite_id, '')) LIKE LOWER(:pattern) ESCAPE '!'
       OR LOWER(COALESCE(d.external_id, '')) LIKE LOWER(:pattern) ESCAPE '!'
       OR LOWER(COALESCE(d.sentence, '')) LIKE LOWER(:pattern) ESCAPE '!'
       OR COALESCE(d.business_date, '') LIKE LOWER(:pattern) ESCAPE '!'
       OR d.amount_cents = CAST(:amount_cents AS bigint))
  AND (:cause = '' OR (d.cause = :cause AND :problem_key = '')
       OR EXISTS (SELECT 1 FROM run_problem p
                  WHERE p.run_id = d.run_id AND p.document_type = d.document_type AND p.source_id = d.source_id
                    AND p.part = d.part AND p.cause = :cause AND p.problem_key = :problem_key))
