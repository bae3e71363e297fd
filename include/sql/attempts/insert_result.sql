INSERT INTO attempt_result (attempt_id, outcome, http_status, error_code, detail, operation_id, response_hash, answered_at)
VALUES (:attempt_id, :outcome, :http_status, :error_code, :detail, :operation_id, :response_hash, utc_after(0))
