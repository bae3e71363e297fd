-- What documents of a run themselves wait for, at the root of it: the words that their own children take over.
-- The named documents come first: all that waits in a run may be very many.
SELECT rd.external_id, p.problem_key, p.key_name, p.sentence, p.advice
FROM run_document rd
CROSS JOIN run_problem p
WHERE p.run_id = rd.run_id AND p.document_type = rd.document_type AND p.source_id = rd.source_id AND p.part = rd.part
  AND rd.run_id = :run_id AND rd.external_id IN :external_ids
  AND p.cause = 'parent_blocked' AND p.problem_key LIKE 'st-%'
ORDER BY rd.external_id, p.problem_key
