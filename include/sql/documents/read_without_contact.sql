-- Companies that this sync created and that have no contact yet; `company` is what their bodies are told by.
SELECT d.source_id, d.number, d.netsuite_id, a.body
FROM document d
JOIN attempt a ON a.document_id = d.id AND a.number = (
    SELECT MAX(x.number) FROM attempt x WHERE x.document_id = d.id AND x.operation = 'create')
WHERE d.tenant_id = :tenant_id AND d.document_type = 'customer' AND d.netsuite_id IS NOT NULL
  AND d.state IN ('posted', 'confirmed') AND a.body LIKE :company
  AND NOT EXISTS (SELECT 1 FROM mapping m
      WHERE m.tenant_id = d.tenant_id AND m.kind = 'contact' AND m.source_key = d.source_id)
ORDER BY d.id
LIMIT :limit
