"""ServiceTitan to NetSuite: accounting documents, posted exactly once."""
