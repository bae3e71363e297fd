"""ServiceTitan: its client, what is pending there, reporting an outcome back, reference data."""
