SELECT kind, source_key, source_name, target, target_name
FROM run_would WHERE run_id = :run_id
ORDER BY kind, source_name, source_key
LIMIT :limit
