UPDATE document SET report = 'synced', reported_at = NULL WHERE id = :id AND state IN ('posted', 'confirmed')
