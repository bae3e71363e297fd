SELECT external_id, state, netsuite_id FROM document WHERE external_id IN :external_ids
