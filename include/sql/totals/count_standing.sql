-- Documents of the tenant that a person or a later run must still settle.
SELECT COUNT(*) AS n FROM document
WHERE tenant_id = :tenant_id AND state IN ('sending', 'blocked', 'rejected', 'uncertain', 'conflict')
