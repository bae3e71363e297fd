SELECT new_value FROM mapping_event
WHERE tenant_id = :tenant_id AND person = :person
ORDER BY id
LIMIT :limit
