UPDATE document
SET netsuite_id = :netsuite_id, posted_version = :version, posted_canonical = :canonical,
    version = :version, verified_at = NULL
WHERE id = :id
