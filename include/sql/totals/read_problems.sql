-- The causes that hold up most come first, each with a few documents. A whole run also lists what
-- stands still since earlier runs and was not looked at by this one.
WITH reason AS (
    SELECT document_type, source_id, part, number, amount_cents,
           cause, problem_key, key_name, sentence, advice
    FROM run_reason WHERE run_id = :run_id
    UNION ALL
    SELECT d.document_type, d.source_id, d.part, d.number, d.amount_cents,
           d.cause, '', '', d.sentence, COALESCE(d.advice, '')
    FROM document d
    WHERE :whole = 1 AND d.tenant_id = :tenant_id AND d.cause IS NOT NULL AND d.sentence IS NOT NULL
      AND d.state IN ('blocked', 'rejected', 'uncertain', 'conflict')
      AND NOT EXISTS (
          SELECT 1 FROM run_document rd
          WHERE rd.run_id = :run_id AND rd.document_type = d.document_type
            AND rd.source_id = d.source_id AND rd.part = d.part AND rd.verdict <> 'seen')
), grouped AS (
    SELECT reason.*,
           -- One row for what one key holds up. NetSuite's own words, and what has no key, are told each
           -- for themselves: a sentence about one document says nothing of another.
           CASE WHEN cause = 'refused_by_netsuite' OR problem_key = '' THEN sentence ELSE problem_key END AS group_key
    FROM reason
), counted AS (
    SELECT cause, problem_key, group_key, key_name, sentence, advice, number,
           COUNT(*) OVER (PARTITION BY cause, group_key) AS documents,
           SUM(amount_cents) OVER (PARTITION BY cause, group_key) AS cents,
           ROW_NUMBER() OVER (PARTITION BY cause, group_key ORDER BY document_type, number, source_id) AS place
    FROM grouped
)
SELECT cause, problem_key, group_key, key_name, sentence, advice, number, documents, cents
FROM counted
WHERE place <= :examples
ORDER BY documents DESC, cause, group_key, place
LIMIT :limit
