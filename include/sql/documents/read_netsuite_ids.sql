SELECT external_id, netsuite_id FROM document
WHERE external_id IN :external_ids AND netsuite_id IS NOT NULL
