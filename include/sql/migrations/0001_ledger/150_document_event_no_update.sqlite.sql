CREATE TRIGGER document_event_no_update BEFORE UPDATE ON document_event
BEGIN SELECT RAISE(ABORT, 'document_event is append-only'); END
