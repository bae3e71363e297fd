-- What may follow what. Every event refers to a row here, so the database refuses any other step.
CREATE TABLE transition (
    from_state text NOT NULL REFERENCES state (name),
    to_state text NOT NULL REFERENCES state (name),
    PRIMARY KEY (from_state, to_state)
)
