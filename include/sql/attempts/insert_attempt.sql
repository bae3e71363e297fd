INSERT INTO attempt (document_id, number, operation, version, path, body, canonical, canonical_hash, fence, run_id, sent_at)
SELECT :document_id, COALESCE(MAX(number), 0) + 1, :operation, :version, :path, :body, :canonical, :canonical_hash,
       :fence, :run_id, utc_after(0)
FROM attempt WHERE document_id = :document_id
RETURNING id
