UPDATE document SET report = :report, reported_at = utc_after(0) WHERE id = :id
