"""Run a command once the init service has brought both databases up to date.

Compose's own order is not enough: podman starts a container again without asking for it, and a
machine that reboots starts all of them at once.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import psycopg

EVERY_S = 2.0


def main(*command: str) -> None:
    """Wait as long as it takes, saying what for; then become `command`."""
    told = ""
    while missing := next(_missing(), ""):
        if missing != told:
            print(f"waiting for {missing}", flush=True)
            told = missing
        time.sleep(EVERY_S)
    os.execvp(command[0], command)  # noqa: S606 - compose names the command


def _missing() -> Iterator[str]:
    """What is not there yet, if anything is not."""
    from servicetitan_netsuite.ledger.migrations import advice, head, knows

    found = _revision("ledger", "ledger_version") or None
    if found and not knows(found):
        yield f"another image, or another ledger. {advice(found)}"
    elif found != head():
        yield (
            f"the init service: the ledger is at {found or 'none'}, this image needs {head()}. "
            "Where init has ended, start it again: docker compose up -d init"
        )


def _revision(database: str, table: str) -> str:
    password = os.environ[f"{database.upper()}_DB_PASSWORD"]
    server = f"host=postgres port=5432 user={database} dbname={database} connect_timeout=5"
    try:
        with psycopg.connect(server, password=password) as connection:
            row = connection.execute(f"SELECT version_num FROM {table}").fetchone()  # noqa: S608
    except psycopg.Error:
        return ""
    return str(row[0]) if row else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
