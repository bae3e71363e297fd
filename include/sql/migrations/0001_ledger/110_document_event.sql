-- Every transition for ever: who, when, in which run, and why.
CREATE TABLE document_event (
    id {identity},
    document_id bigint NOT NULL REFERENCES document (id),
    from_state text,
    to_state text NOT NULL REFERENCES state (name),
    version integer NOT NULL,
    cause text,
    sentence text,
    run_id bigint REFERENCES run (id),
    person text,
    happened_at text NOT NULL,
    FOREIGN KEY (from_state, to_state) REFERENCES transition (from_state, to_state),
    CHECK (from_state IS NOT NULL OR to_state = 'pending'),
    CHECK (run_id IS NOT NULL OR person IS NOT NULL)
)
