INSERT INTO watermark (tenant_id, document_type, read_at, swept_at)
VALUES (:tenant_id, :document_type, :read_at, :swept_at)
ON CONFLICT (tenant_id, document_type) DO UPDATE
SET read_at = excluded.read_at, swept_at = excluded.swept_at
