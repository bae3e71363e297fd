-- External ids of records that people had posted again: the number of their renewal stands at the end.
SELECT external_id FROM document
WHERE external_id LIKE 'st-' || :tenant_id || '-%-r_' OR external_id LIKE 'st-' || :tenant_id || '-%-r__'
