INSERT INTO document_event (document_id, from_state, to_state, version, cause, sentence, run_id, person, happened_at)
SELECT id, :from_state, :to_state, version, :cause, :sentence, :run_id, :person, utc_after(0)
FROM document WHERE id = :id
