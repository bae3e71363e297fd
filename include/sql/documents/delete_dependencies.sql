DELETE FROM dependency WHERE document_id = :document_id
