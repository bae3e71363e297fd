UPDATE document
SET netsuite_id = :netsuite_id, posted_version = :version, posted_canonical = :canonical
WHERE id = :id AND state = 'conflict'
