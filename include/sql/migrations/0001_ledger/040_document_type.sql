CREATE TABLE document_type (
    name text PRIMARY KEY,
    sort integer NOT NULL UNIQUE,
    -- What ServiceTitan can be told: that it is in NetSuite, and that it failed.
    tells_success boolean NOT NULL,
    tells_failure boolean NOT NULL
)
