-- What is still open, by how long ago it is dated: the closing queue of sum_roll_forward.
SELECT age, COUNT(*) AS n, SUM(amount_cents) AS cents
FROM (
    SELECT amount_cents,
           CASE
               WHEN business_date IS NULL THEN 'no_date'
               WHEN business_date >= :week THEN 'week'
               WHEN business_date >= :month THEN 'month'
               WHEN business_date >= :two_months THEN 'two_months'
               ELSE 'older'
           END AS age
    FROM document
    WHERE tenant_id = :tenant_id AND part = '' AND document_type NOT IN ('customer', 'item', 'purchase_item')
      AND state IN ('pending', 'ready', 'sending', 'blocked', 'rejected', 'uncertain', 'conflict')
) aged
GROUP BY age
