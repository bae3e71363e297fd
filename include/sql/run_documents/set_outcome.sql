UPDATE run_document
SET outcome = :to_state, cause = :cause, sentence = :sentence, advice = :advice,
    netsuite_id = (SELECT netsuite_id FROM document WHERE id = :id), updated_at = utc_after(0)
WHERE run_id = :run_id
  AND (document_type, source_id, part) = (SELECT document_type, source_id, part FROM document WHERE id = :id)
