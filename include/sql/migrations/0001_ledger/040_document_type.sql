CREATE TABLE document_type (
    name text PRIMARY KEY,
    sort integer NOT NULL UNIQUE
)
