-- An attempt may have landed, or the truth is settled: only remember what was seen.
UPDATE document SET seen_version = :version, seen_run = :run_id WHERE id = :id
