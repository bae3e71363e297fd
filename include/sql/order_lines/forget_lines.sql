DELETE FROM order_line WHERE document_id = :document_id
