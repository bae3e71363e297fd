CREATE INDEX document_report ON document (tenant_id, id) WHERE report IS NOT NULL AND reported_at IS NULL
