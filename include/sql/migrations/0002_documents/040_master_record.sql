-- What was last taken from NetSuite's vendors and accounts to ServiceTitan, so that only what changed since is written.
-- A record whose creation was begun and never answered has `creating_since`: it is looked for before it is made again.
CREATE TABLE master_record (
    tenant_id text NOT NULL,
    kind text NOT NULL,
    netsuite_id text NOT NULL,
    content text,
    creating_since text,
    PRIMARY KEY (tenant_id, kind, netsuite_id)
)
