UPDATE document SET netsuite_id = :netsuite_id WHERE id = :id AND netsuite_id IS NULL
