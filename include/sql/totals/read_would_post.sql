-- What a dry run would post, by page key after the last one read.
SELECT document_type, source_id, part, external_id, number, canonical
FROM run_document
WHERE run_id = :run_id AND verdict = 'ready' AND canonical IS NOT NULL
  AND document_type NOT IN ('customer', 'item', 'purchase_item')
  AND (document_type, source_id, part) > (:type, :source_id, :part)
ORDER BY document_type, source_id, part
LIMIT :limit
