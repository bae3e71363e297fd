INSERT INTO run_would (run_id, kind, source_key, source_name, target, target_name)
VALUES (:run_id, :kind, :source_key, :source_name, :target, :target_name)
ON CONFLICT (run_id, kind, source_key) DO NOTHING
