-- One row per cause and what is missing, with all that it holds up. NetSuite's own words are a
-- cause of their own; our sentences may name the one document.
SELECT cause, problem_key, MAX(key_name) AS key_name, MIN(sentence) AS sentence, MIN(advice) AS advice,
       COUNT(*) AS documents, SUM(amount_cents) AS amount_cents, MIN(number) AS example
FROM run_reason
WHERE run_id = :run_id
GROUP BY cause, problem_key, CASE WHEN cause = 'refused_by_netsuite' THEN sentence ELSE '' END
ORDER BY COUNT(*) DESC, cause, problem_key, MIN(sentence)
LIMIT :limit
