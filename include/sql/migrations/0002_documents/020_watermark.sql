-- Lists that never leave Posted are read from here on; now and then the whole of them is swept.
CREATE TABLE watermark (
    tenant_id text NOT NULL,
    document_type text NOT NULL REFERENCES document_type (name),
    read_at text NOT NULL,
    swept_at text NOT NULL,
    PRIMARY KEY (tenant_id, document_type)
)
