INSERT INTO content (hash, body) VALUES (:hash, :body) ON CONFLICT (hash) DO NOTHING
