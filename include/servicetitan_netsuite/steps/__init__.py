"""The four tasks of a run, in the order data flows: extract, validate, post, summarize."""
