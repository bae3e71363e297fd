-- Only where ServiceTitan has a place for what is to be told; of a document's parts it knows nothing.
UPDATE document SET report = :report, reported_at = NULL
WHERE id = :id AND part = '' AND EXISTS (
    SELECT 1 FROM document_type t
    WHERE t.name = document.document_type
      AND CASE :report WHEN 'synced' THEN t.tells_success ELSE t.tells_failure END)
