CREATE TRIGGER document_state_listed BEFORE UPDATE OF state ON document
    FOR EACH ROW EXECUTE FUNCTION check_transition()
