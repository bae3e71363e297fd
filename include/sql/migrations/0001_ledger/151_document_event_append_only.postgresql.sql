CREATE TRIGGER document_event_append_only BEFORE UPDATE OR DELETE ON document_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
