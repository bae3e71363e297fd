CREATE INDEX document_event_by_document ON document_event (document_id, id)
