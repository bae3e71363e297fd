INSERT INTO dependency (document_id, parent_id)
SELECT CAST(:document_id AS bigint), id FROM document WHERE external_id IN :external_ids
ON CONFLICT (document_id, parent_id) DO NOTHING
