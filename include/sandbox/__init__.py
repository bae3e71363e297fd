"""Stand-ins for ServiceTitan and NetSuite: real HTTP, state in SQLite, strict as the real ones."""
