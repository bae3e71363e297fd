-- A document waits for its own parents and for nothing else.
CREATE TABLE dependency (
    document_id bigint NOT NULL REFERENCES document (id),
    parent_id bigint NOT NULL REFERENCES document (id),
    PRIMARY KEY (document_id, parent_id),
    CHECK (document_id <> parent_id)
)
