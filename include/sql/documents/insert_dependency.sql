INSERT INTO dependency (document_id, parent_id) VALUES (:document_id, :parent_id)
ON CONFLICT (document_id, parent_id) DO NOTHING
