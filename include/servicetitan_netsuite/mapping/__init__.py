"""Mappings, reference data and the rules that decide what a document becomes in NetSuite.

Pure functions: rows come in, verdicts go out; nothing here reads a database or a server.
"""
