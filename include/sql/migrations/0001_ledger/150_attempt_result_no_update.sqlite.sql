CREATE TRIGGER attempt_result_no_update BEFORE UPDATE ON attempt_result
BEGIN SELECT RAISE(ABORT, 'attempt_result is append-only'); END
