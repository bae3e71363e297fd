CREATE TABLE mapping_event (
    id {identity},
    tenant_id text NOT NULL,
    kind text NOT NULL,
    source_key text NOT NULL,
    old_value text,
    new_value text,
    person text NOT NULL,
    happened_at text NOT NULL
)
