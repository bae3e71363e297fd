SELECT read_at, swept_at FROM watermark
WHERE tenant_id = :tenant_id AND document_type = :document_type
