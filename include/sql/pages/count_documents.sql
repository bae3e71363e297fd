-- Empty binds ask for everything. Amounts are those of documents, unless their further records are asked for. The same conditions stand in list_documents.
SELECT COUNT(*) AS documents, 
       COALESCE(SUM(CASE WHEN d.part = '' OR :part <> '' THEN d.amount_cents END), 0) AS amount_cents
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
  AND (:part = ''
       OR CASE WHEN d.part = '' THEN '-' WHEN d.part LIKE 'application-%' THEN 'application' ELSE d.part END = :part)
  AND (:cause = '' OR (d.cause = :cause AND :problem_key = '')
       OR EXISTS (SELECT 1 FROM run_problem p
                  WHERE p.run_id = d.run_id AND p.document_type = d.document_type AND p.source_id = d.source_id
                    AND p.part = d.part AND p.cause = :cause AND p.problem_key = :problem_key)
       -- what waits for a document that this holds up
       OR (d.document_type, d.source_id, d.part) IN (
           SELECT w.document_type, w.source_id, w.part
           FROM run_problem w
           WHERE w.run_id = :run_id AND w.cause = 'parent_blocked' AND w.problem_key IN (
               SELECT r.external_id
               FROM run_problem p
               JOIN run_document r ON r.run_id = p.run_id AND r.document_type = p.document_type
                AND r.source_id = p.source_id AND r.part = p.part
               WHERE p.run_id = :run_id AND p.cause = :cause AND p.problem_key = :problem_key)))
