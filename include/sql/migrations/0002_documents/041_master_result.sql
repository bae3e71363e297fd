-- What a run did with each vendor and account, and why; those it left as they were are not listed.
CREATE TABLE master_result (
    run_id bigint NOT NULL REFERENCES run (id),
    kind text NOT NULL,
    netsuite_id text NOT NULL,
    name text NOT NULL,
    source_id text NOT NULL DEFAULT '',
    action text NOT NULL CHECK (action IN
        ('created', 'linked', 'updated', 'skipped', 'blocked', 'refused', 'uncertain')),
    sentence text NOT NULL DEFAULT '',
    advice text NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, kind, netsuite_id)
)
