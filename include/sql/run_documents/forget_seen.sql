DELETE FROM run_document
WHERE run_id = :run_id AND verdict IN ('seen', 'held', 'unreadable')
