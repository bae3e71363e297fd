INSERT INTO master_result (run_id, kind, netsuite_id, name, source_id, action, sentence, advice)
VALUES (:run_id, :kind, :netsuite_id, :name, :source_id, :action, :sentence, :advice)
ON CONFLICT (run_id, kind, netsuite_id) DO UPDATE
SET name = excluded.name, source_id = excluded.source_id, action = excluded.action,
    sentence = excluded.sentence, advice = excluded.advice
