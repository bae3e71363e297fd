SELECT id, source_id, number FROM document WHERE external_id = :external_id
