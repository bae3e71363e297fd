SELECT kind, netsuite_id, name, source_id, action, sentence, advice FROM master_result
WHERE run_id = :run_id
ORDER BY kind, CASE action
    WHEN 'refused' THEN 1 WHEN 'uncertain' THEN 2 WHEN 'blocked' THEN 3 WHEN 'created' THEN 4
    WHEN 'linked' THEN 5 WHEN 'updated' THEN 6 ELSE 7 END, name, netsuite_id
LIMIT :limit
