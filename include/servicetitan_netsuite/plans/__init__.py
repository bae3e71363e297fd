"""Documents checked and mapped: what the rules hand to NetSuite's builders, one family a module."""
