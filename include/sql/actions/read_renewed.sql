-- External ids of records that people had posted again: the number of their renewal stands at the end.
-- The condition is the index's, word by word.
SELECT external_id FROM document
WHERE tenant_id = :tenant_id AND (external_id LIKE '%-r_' OR external_id LIKE '%-r__')
