"""A stand-in ServiceTitan: its public API over real HTTP, strict, its state in SQLite."""
