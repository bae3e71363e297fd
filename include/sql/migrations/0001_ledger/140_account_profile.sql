-- What a NetSuite account is like, as its connection's test last found it.
CREATE TABLE account_profile (
    connection_id text PRIMARY KEY,
    profile text NOT NULL,
    read_at text NOT NULL
)
