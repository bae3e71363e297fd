"""The durable memory: what was seen, intended, sent and answered, in SQLite or PostgreSQL."""
