-- What a ServiceTitan thing is in NetSuite: accounts, business units, and links of customers and vendors.
CREATE TABLE mapping (
    tenant_id text NOT NULL,
    kind text NOT NULL,
    source_key text NOT NULL,
    source_name text NOT NULL,
    target text,
    target_name text NOT NULL DEFAULT '',
    department text,
    class text,
    location text,
    updated_at text NOT NULL,
    updated_by text NOT NULL,
    PRIMARY KEY (tenant_id, kind, source_key)
)
