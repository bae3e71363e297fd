-- Why a run's documents stand still: every problem that validation found, or what stopped one later.
CREATE VIEW run_reason AS
SELECT r.run_id, r.document_type, r.source_id, r.part, r.number, r.amount_cents,
       p.cause, p.problem_key, p.key_name, p.sentence, p.advice
FROM run_result r
JOIN run_problem p ON p.run_id = r.run_id AND p.document_type = r.document_type
 AND p.source_id = r.source_id AND p.part = r.part
WHERE r.result IN ('blocked', 'unreadable')
UNION ALL
SELECT r.run_id, r.document_type, r.source_id, r.part, r.number, r.amount_cents,
       r.cause, '', '', r.sentence, COALESCE(r.advice, '')
FROM run_result r
WHERE r.cause IS NOT NULL AND r.sentence IS NOT NULL
  AND (r.result IN ('rejected', 'uncertain', 'conflict', 'held')
       OR (r.result IN ('blocked', 'unreadable') AND NOT EXISTS (
           SELECT 1 FROM run_problem p
           WHERE p.run_id = r.run_id AND p.document_type = r.document_type
             AND p.source_id = r.source_id AND p.part = r.part)))
