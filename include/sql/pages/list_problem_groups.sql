-- One row per cause and what is missing; a document that stands still without a problem row of
-- its own (NetSuite refused it, its outcome is unknown) speaks through its cause.
SELECT cause, problem_key, MAX(key_name) AS key_name, MIN(sentence) AS sentence, MIN(advice) AS advice,
       COUNT(*) AS documents, SUM(amount_cents) AS amount_cents, MIN(number) AS example
FROM (
    SELECT p.cause, p.problem_key, p.key_name, p.sentence, p.advice, d.amount_cents, d.number
    FROM run_problem p
    JOIN run_document d ON d.run_id = p.run_id AND d.document_type = p.document_type
        AND d.source_id = p.source_id AND d.part = p.part
    WHERE p.run_id = :run_id
    UNION ALL
    SELECT d.cause, '', '', COALESCE(d.sentence, ''), COALESCE(d.advice, ''), d.amount_cents, d.number
    FROM run_document d
    WHERE d.run_id = :run_id AND d.cause IS NOT NULL
      AND COALESCE(d.outcome, d.verdict) NOT IN ('skipped', 'withdrawn', 'held', 'posted', 'confirmed')
      AND NOT EXISTS (SELECT 1 FROM run_problem p
                      WHERE p.run_id = d.run_id AND p.document_type = d.document_type
                        AND p.source_id = d.source_id AND p.part = d.part)
) held_up
GROUP BY cause, problem_key
ORDER BY COUNT(*) DESC, cause, problem_key
LIMIT :limit
