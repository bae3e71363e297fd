UPDATE document
SET external_id = :external_id, operation = 'create', netsuite_id = NULL, posted_version = NULL,
    posted_canonical = NULL, verified_at = NULL, report = NULL, reported_at = NULL
WHERE id = :id AND state = 'conflict'
