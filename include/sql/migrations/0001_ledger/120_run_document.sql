-- A run's own page: what it saw, decided and did. Kept as it was, whatever the truth does later.
CREATE TABLE run_document (
    run_id bigint NOT NULL REFERENCES run (id),
    document_type text NOT NULL REFERENCES document_type (name),
    source_id text NOT NULL,
    part text NOT NULL DEFAULT '',
    number text NOT NULL,
    url text,
    version integer NOT NULL,
    business_date text,
    amount_cents bigint NOT NULL,
    content_hash text REFERENCES content (hash),
    verdict text NOT NULL CHECK (verdict IN
        ('seen', 'ready', 'blocked', 'skipped', 'withdrawn', 'unreadable', 'held')),
    outcome text REFERENCES state (name),
    cause text,
    sentence text,
    advice text,
    external_id text,
    path text,
    body text,
    canonical text,
    gl text,
    netsuite_id text,
    notes text NOT NULL DEFAULT '',
    updated_at text NOT NULL,
    PRIMARY KEY (run_id, document_type, source_id, part)
)
