"""SuiteQL: NetSuite's query language, run by SQLite over views with NetSuite's names."""
