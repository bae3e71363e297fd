SELECT number AS name FROM run_document
WHERE run_id = :run_id AND document_type = 'customer' AND verdict = 'ready'
UNION
SELECT source_name FROM run_would WHERE run_id = :run_id AND kind = 'customer' AND target IS NULL
ORDER BY name
LIMIT :limit
