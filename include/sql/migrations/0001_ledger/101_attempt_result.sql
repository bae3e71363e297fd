-- What came back of an attempt: at most one row, absent when the answer never came.
CREATE TABLE attempt_result (
    attempt_id bigint PRIMARY KEY REFERENCES attempt (id),
    outcome text NOT NULL,
    http_status integer,
    error_code text,
    detail text,
    operation_id text,
    response_hash text,
    answered_at text NOT NULL
)
