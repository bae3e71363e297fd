UPDATE document SET report = :report, reported_at = NULL WHERE id = :id
