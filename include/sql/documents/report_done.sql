-- Only the report that was told is done; one that a person asked for meanwhile stays due.
UPDATE document SET report = :report, reported_at = utc_after(0)
WHERE id = :id AND report = :due AND reported_at IS NULL
