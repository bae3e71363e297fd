"""NetSuite: its client, record builders, SuiteQL, and what a response means."""
