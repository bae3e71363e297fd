-- Why a run's documents stand still; grouped by cause and key it says what one mapping holds up.
CREATE TABLE run_problem (
    run_id bigint NOT NULL,
    document_type text NOT NULL,
    source_id text NOT NULL,
    part text NOT NULL DEFAULT '',
    cause text NOT NULL,
    problem_key text NOT NULL DEFAULT '',
    key_name text NOT NULL DEFAULT '',
    sentence text NOT NULL,
    advice text NOT NULL,
    PRIMARY KEY (run_id, document_type, source_id, part, cause, problem_key),
    FOREIGN KEY (run_id, document_type, source_id, part)
        REFERENCES run_document (run_id, document_type, source_id, part)
)
