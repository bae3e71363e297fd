SELECT id, document_type, external_id, number, posted_canonical
FROM document
WHERE tenant_id = :tenant_id AND document_type NOT IN ('customer', 'item', 'purchase_item') AND id > :after
  AND posted_canonical IS NOT NULL AND json_extract(posted_canonical, '$.period') = :period
ORDER BY id
LIMIT :limit
