SELECT COUNT(*) AS n FROM document
WHERE tenant_id = :tenant_id AND document_type = :document_type AND state IN ('posted', 'confirmed')
