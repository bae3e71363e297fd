-- One worker per tenant. The fence grows with every holder; a write with an older fence is refused.
CREATE TABLE lease (
    tenant_id text PRIMARY KEY,
    holder text NOT NULL,
    fence bigint NOT NULL,
    expires_at text NOT NULL
)
