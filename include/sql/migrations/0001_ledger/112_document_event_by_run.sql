-- What one run moved is asked for at its end, among the events of all years.
CREATE INDEX document_event_by_run ON document_event (run_id, document_id)
