UPDATE document SET version = seen_version WHERE id = :id AND state = 'uncertain' AND check_after <= utc_after(0)
