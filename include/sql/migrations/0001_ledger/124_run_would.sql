-- Master data a dry run would fill in or create first.
CREATE TABLE run_would (
    run_id bigint NOT NULL REFERENCES run (id),
    kind text NOT NULL,
    source_key text NOT NULL,
    source_name text NOT NULL,
    target text,
    target_name text NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, kind, source_key)
)
