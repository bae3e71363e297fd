CREATE TRIGGER document_event_no_delete BEFORE DELETE ON document_event
BEGIN SELECT RAISE(ABORT, 'document_event is append-only'); END
