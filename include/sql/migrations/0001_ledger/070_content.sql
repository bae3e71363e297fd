-- What ServiceTitan showed, once per distinct content, kept as evidence.
CREATE TABLE content (
    hash text PRIMARY KEY,
    body text NOT NULL
)
