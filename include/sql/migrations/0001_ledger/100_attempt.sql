-- Intent: committed before a byte leaves, never changed afterwards.
CREATE TABLE attempt (
    id {identity},
    document_id bigint NOT NULL REFERENCES document (id),
    number integer NOT NULL,
    operation text NOT NULL CHECK (operation IN ('create', 'update')),
    version integer NOT NULL,
    path text NOT NULL,
    body text NOT NULL,
    canonical text NOT NULL,
    canonical_hash text NOT NULL,
    fence bigint NOT NULL,
    run_id bigint NOT NULL REFERENCES run (id),
    sent_at text NOT NULL,
    UNIQUE (document_id, number)
)
