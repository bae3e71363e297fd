-- NetSuite numbers customers, items and transactions each on their own.
SELECT MAX(CASE WHEN document_type NOT IN ('customer', 'item', 'purchase_item') THEN CAST(netsuite_id AS bigint) END)
         AS transaction_id,
       MAX(CASE WHEN document_type = 'customer' THEN CAST(netsuite_id AS bigint) END) AS customer_id
FROM document
WHERE tenant_id = :tenant_id
