UPDATE run_document
SET verdict = :verdict, cause = :cause, sentence = :sentence, advice = :advice, external_id = :external_id,
    path = :path, body = :body, canonical = :canonical, gl = :gl, notes = :notes, updated_at = utc_after(0)
WHERE run_id = :run_id AND document_type = :document_type AND source_id = :source_id AND part = :part
