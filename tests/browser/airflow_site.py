"""Airflow's own commands, one after the other in one process: its imports are paid for once."""

from __future__ import annotations

import sys

from airflow.__main__ import main


def serve(port: str) -> None:
    """Migrate the database, store the Dags, serve until stopped."""
    for command in (
        "airflow db migrate",
        "airflow dags reserialize",
        f"airflow api-server --host 127.0.0.1 --port {port}",
    ):
        sys.argv = command.split()
        main()


if __name__ == "__main__":
    serve(sys.argv[1])
