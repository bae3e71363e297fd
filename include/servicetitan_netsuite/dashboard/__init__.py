"""The pages people read after a run: what was synced, what was not, why, and what to do."""
