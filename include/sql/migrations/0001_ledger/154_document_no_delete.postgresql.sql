CREATE TRIGGER document_no_delete BEFORE DELETE ON document
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
