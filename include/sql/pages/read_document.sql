-- The run's own page of a document, what it was read from, and where the document stands now.
SELECT d.document_type, d.source_id, d.part, d.number, d.url, d.version, d.business_date, d.amount_cents,
       d.verdict, CASE
           WHEN d.outcome IS NULL OR d.outcome = 'pending' THEN d.verdict
           WHEN d.outcome = 'sending' AND r.ended_at IS NOT NULL THEN 'uncertain'
           ELSE d.outcome
       END AS state, d.cause, d.sentence, d.advice, d.external_id,
       d.netsuite_id, d.notes, d.path, d.body, d.gl, d.updated_at, c.body AS content,
       t.id AS document_id, t.state AS now_state, t.state_since AS now_since, t.sentence AS now_sentence,
       t.advice AS now_advice, t.netsuite_id AS now_netsuite_id, t.netsuite_number, t.version AS now_version,
       t.verified_at, t.report, t.reported_at, t.check_after
FROM run_document d
JOIN run r ON r.id = d.run_id
LEFT JOIN content c ON c.hash = d.content_hash
LEFT JOIN document t ON t.tenant_id = r.tenant_id AND t.document_type = d.document_type
    AND t.source_id = d.source_id AND t.part = d.part
WHERE d.run_id = :run_id AND d.document_type = :document_type AND d.source_id = :source_id AND d.part = :part
