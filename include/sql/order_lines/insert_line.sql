INSERT INTO order_line (document_id, source_line, line) VALUES (:document_id, :source_line, :line)
ON CONFLICT (document_id, source_line) DO NOTHING
