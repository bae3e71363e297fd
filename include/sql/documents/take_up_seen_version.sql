UPDATE document SET version = seen_version WHERE id = :id
