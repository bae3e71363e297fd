CREATE TRIGGER mapping_event_no_delete BEFORE DELETE ON mapping_event
BEGIN SELECT RAISE(ABORT, 'mapping_event is append-only'); END
