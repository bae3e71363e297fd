"""A whole installation on one machine for trying it out: stand-ins, Airflow, one tenant synced."""
