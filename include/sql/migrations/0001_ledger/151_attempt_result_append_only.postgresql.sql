CREATE TRIGGER attempt_result_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attempt_result
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
