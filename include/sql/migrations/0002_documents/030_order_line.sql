-- Which line of NetSuite's purchase order each line of ServiceTitan's became: read once after creation.
CREATE TABLE order_line (
    document_id bigint NOT NULL REFERENCES document (id),
    source_line text NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (document_id, source_line)
)
