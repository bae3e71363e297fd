-- One look into the index for each type.
SELECT t.name AS document_type,
       (SELECT d.netsuite_id FROM document d
        WHERE d.tenant_id = :tenant_id AND d.document_type = t.name AND d.netsuite_id IS NOT NULL
        ORDER BY length(d.netsuite_id) DESC, d.netsuite_id DESC LIMIT 1) AS netsuite_id
FROM document_type t
