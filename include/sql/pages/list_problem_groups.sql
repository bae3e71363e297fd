-- One row per cause and what is missing, with all that it holds up. NetSuite's own words, and what
-- has no key, are told each for themselves: a sentence about one document says nothing of another.
SELECT cause, problem_key, MAX(key_name) AS key_name, MIN(sentence) AS sentence, MIN(advice) AS advice,
       COUNT(*) AS documents, SUM(amount_cents) AS amount_cents, MIN(number) AS example
FROM run_reason
WHERE run_id = :run_id
GROUP BY cause, problem_key, CASE WHEN cause = 'refused_by_netsuite' OR problem_key = '' THEN sentence ELSE '' END
ORDER BY COUNT(*) DESC, cause, problem_key, MIN(sentence)
LIMIT :limit
