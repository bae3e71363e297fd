CREATE TABLE state (
    name text PRIMARY KEY,
    sort integer NOT NULL UNIQUE
)
