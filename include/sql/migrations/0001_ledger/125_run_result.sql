-- One word for where each document of a run stands: what became of it, or else the verdict on it.
CREATE VIEW run_result AS
SELECT rd.run_id, rd.document_type, rd.source_id, rd.part, rd.number, rd.amount_cents,
       rd.cause, rd.sentence, rd.advice,
       CASE
           WHEN rd.outcome IS NULL OR rd.outcome = 'pending' THEN rd.verdict
           WHEN rd.outcome = 'sending' THEN 'uncertain'
           ELSE rd.outcome
       END AS result
FROM run_document rd
