SELECT MIN(first_seen_at) AS first_seen_at FROM document
WHERE tenant_id = :tenant_id AND document_type NOT IN ('customer', 'item', 'purchase_item')
  AND state IN ('pending', 'ready', 'sending', 'blocked', 'rejected', 'uncertain', 'conflict')
