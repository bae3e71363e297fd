-- The causes that hold up most come first, each with a few documents. A whole run also lists what
-- stands still since earlier runs and was not looked at by this one (`here` is 0).
-- What waits for a document that is stopped itself counts with what stops that one.
WITH told AS (
    SELECT document_type, source_id, part, number, amount_cents,
           cause, problem_key, key_name, sentence, advice, 1 AS here
    FROM run_reason WHERE run_id = :run_id
    UNION ALL
    SELECT d.document_type, d.source_id, d.part, d.number, d.amount_cents,
           d.cause, '', '', d.sentence, COALESCE(d.advice, ''), 0
    FROM document d
    WHERE :whole = 1 AND d.tenant_id = :tenant_id AND d.cause IS NOT NULL AND d.sentence IS NOT NULL
      AND d.state IN ('blocked', 'rejected', 'uncertain', 'conflict')
      AND NOT EXISTS (
          SELECT 1 FROM run_document rd
          WHERE rd.run_id = :run_id AND rd.document_type = d.document_type
            AND rd.source_id = d.source_id AND rd.part = d.part AND rd.verdict <> 'seen')
), root AS (
    SELECT rd.external_id, t.cause, t.problem_key, t.key_name, t.sentence, t.advice
    FROM told t
    JOIN run_document rd ON rd.run_id = :run_id AND rd.document_type = t.document_type
     AND rd.source_id = t.source_id AND rd.part = t.part
    WHERE t.here = 1 AND NOT (t.cause = 'parent_blocked' AND t.problem_key LIKE 'st-%')
), reason AS (
    SELECT document_type, source_id, part, number, amount_cents, here, 0 AS waiting,
           cause, problem_key, key_name, sentence, advice
    FROM told
    WHERE NOT (cause = 'parent_blocked' AND problem_key IN (SELECT external_id FROM root WHERE external_id IS NOT NULL))
    UNION ALL
    SELECT t.document_type, t.source_id, t.part, t.number, t.amount_cents, t.here, 1,
           r.cause, r.problem_key, r.key_name, r.sentence, r.advice
    FROM told t
    JOIN root r ON r.external_id = t.problem_key
    WHERE t.cause = 'parent_blocked'
), grouped AS (
    -- One row for what one key holds up. NetSuite's own words, and what has no key, are told each
    -- for themselves: a sentence about one document says nothing of another.
    SELECT document_type, source_id, part, number, amount_cents, here, waiting,
           cause, problem_key, key_name, sentence, advice,
           CASE WHEN cause = 'refused_by_netsuite' OR problem_key = '' THEN sentence ELSE problem_key END AS group_key
    FROM reason
), once AS (
    SELECT document_type, source_id, part, cause, group_key, MIN(waiting) AS waiting, MAX(here) AS here,
           MIN(number) AS number, MIN(amount_cents) AS amount_cents, MIN(problem_key) AS problem_key,
           MIN(key_name) AS key_name, MIN(sentence) AS sentence, MIN(advice) AS advice
    FROM grouped
    GROUP BY document_type, source_id, part, cause, group_key
), counted AS (
    SELECT cause, problem_key, group_key, key_name, sentence, advice, number,
           COUNT(*) OVER (PARTITION BY cause, group_key) AS held_up,
           SUM(waiting) OVER (PARTITION BY cause, group_key) AS waiting,
           MAX(here) OVER (PARTITION BY cause, group_key) AS here,
           SUM(CASE WHEN waiting = 0 THEN amount_cents ELSE 0 END) OVER (PARTITION BY cause, group_key) AS cents,
           ROW_NUMBER() OVER (PARTITION BY cause, group_key
                              ORDER BY waiting, document_type, number, source_id, part) AS place
    FROM once
)
SELECT cause, problem_key, group_key, key_name, sentence, advice, number,
       held_up - waiting AS documents, waiting, here, cents
FROM counted
WHERE place <= :examples
ORDER BY held_up DESC, cause, group_key, place
LIMIT :limit
