CREATE TRIGGER attempt_result_append_only BEFORE UPDATE OR DELETE ON attempt_result
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
