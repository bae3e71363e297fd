CREATE TRIGGER attempt_result_no_delete BEFORE DELETE ON attempt_result
BEGIN SELECT RAISE(ABORT, 'attempt_result is append-only'); END
