-- Opening, movements and closing are each counted for themselves, from what the run's events say.
-- A document's parts are not counted again: their amounts are the document's own.
WITH moved AS (
    SELECT document_id, MIN(id) AS first_id,
           MAX(CASE WHEN to_state IN ('pending', 'ready', 'sending', 'blocked', 'rejected', 'uncertain', 'conflict')
               THEN 1 ELSE 0 END) AS was_open
    FROM document_event WHERE run_id = :run_id
    GROUP BY document_id
), touched AS (
    SELECT d.document_type, d.amount_cents, d.state, f.from_state AS start_state, m.was_open
    FROM moved m
    JOIN document d ON d.id = m.document_id AND d.part = ''
    JOIN document_event f ON f.id = m.first_id
    UNION ALL
    SELECT d.document_type, d.amount_cents, d.state, d.state, 1
    FROM document d
    WHERE d.tenant_id = :tenant_id AND d.part = ''
      AND d.state IN ('pending', 'ready', 'sending', 'blocked', 'rejected', 'uncertain', 'conflict')
      AND NOT EXISTS (SELECT 1 FROM moved m WHERE m.document_id = d.id)
), flagged AS (
    SELECT amount_cents, state, was_open,
           CASE WHEN start_state IN ('pending', 'ready', 'sending', 'blocked', 'rejected', 'uncertain', 'conflict')
               THEN 1 ELSE 0 END AS opened,
           CASE WHEN state IN ('pending', 'ready', 'sending', 'blocked', 'rejected', 'uncertain', 'conflict')
               THEN 1 ELSE 0 END AS still_open
    FROM touched WHERE document_type NOT IN ('customer', 'item', 'purchase_item')
), placed AS (
    SELECT 'opening' AS place, amount_cents FROM flagged WHERE opened = 1
    UNION ALL
    SELECT 'new', amount_cents FROM flagged WHERE opened = 0 AND (still_open = 1 OR was_open = 1)
    UNION ALL
    SELECT CASE WHEN state IN ('posted', 'confirmed') THEN 'posted' ELSE state END, amount_cents
    FROM flagged WHERE still_open = 0 AND (opened = 1 OR was_open = 1)
    UNION ALL
    SELECT 'closing', amount_cents FROM flagged WHERE still_open = 1
)
SELECT place, COUNT(*) AS n, SUM(amount_cents) AS cents FROM placed GROUP BY place
