CREATE TRIGGER mapping_event_append_only BEFORE UPDATE OR DELETE ON mapping_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
