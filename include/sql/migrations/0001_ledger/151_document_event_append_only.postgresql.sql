CREATE TRIGGER document_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON document_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
