"""The init service: databases and roles, migrations of both, the administrator, connections, pools.

Every part looks first and changes only what differs, so it may run again at any time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql

WAIT_S = 120.0
CONNECTIONS = Path("/run/connections.yaml")
"""What CONNECTIONS_FILE names, or a device that is empty."""
SERVER = "host=postgres port=5432 user=postgres dbname=postgres connect_timeout=5"


def main() -> int:
    """Prepare everything; 0, or 1 when a part failed and nothing can start."""
    make_databases()
    run("airflow", "db", "migrate")
    make_administrator(os.environ["ADMIN_USER"], os.environ["ADMIN_PASSWORD"])
    # Last of what others wait for.
    run("servicetitan-netsuite", "ledger", "migrate")
    import_connections(CONNECTIONS)
    # What this finds wanting is for a person and stops nothing: a fresh installation has no
    # connections yet.
    done = subprocess.run([sys.executable, "-m", "servicetitan_netsuite.orchestration.setup"])
    if done.returncode:
        print("Mend what is named above (Admin > Connections), then run this service again.")
    return 0


def make_databases() -> None:
    """A database and a role of the same name for Airflow and for the ledger.

    Raises:
        psycopg.OperationalError: the server did not come up, or refused the password.
    """
    with connect() as server:
        for name in ("airflow", "ledger"):
            role = sql.Identifier(name)
            known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            password = sql.Literal(os.environ[f"{name.upper()}_DB_PASSWORD"])
            server.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, password))
            found = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not server.execute(found, (name,)).fetchone():
                server.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(role))
            # Neither role may enter the other's database.
            server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))
            print(f"database {name}: there")


def connect() -> psycopg.Connection[tuple[object, ...]]:
    """The server as its owner, once it answers."""
    give_up = time.monotonic() + WAIT_S
    while True:
        try:
            return psycopg.connect(
                SERVER, password=os.environ["POSTGRES_PASSWORD"], autocommit=True
            )
        except psycopg.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(1)


def make_administrator(user: str, password: str) -> None:
    """The first user; one who is there already keeps the password that is in use."""
    create = ["airflow", "users", "create", "--username", user, "--password", password]
    create += ["--role", "Admin", "--firstname", "Airflow", "--lastname", "Administrator"]
    subprocess.run([*create, "--email", f"{user}@localhost"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    print(f"administrator {user}: there")


def import_connections(file: Path) -> None:
    """Airflow's connections as a file has them; those that it does not name stay as they are.

    Raises:
        subprocess.CalledProcessError: Airflow does not understand the file.
        SystemExit: it cannot be read.
    """
    if not file.is_file():
        return
    if not os.access(file, os.R_OK):
        sys.exit(
            "CONNECTIONS_FILE cannot be read in here: let group 0 read it (chgrp 0, chmod 640)."
        )
    run("airflow", "connections", "import", "--overwrite", str(file))


def run(*command: str) -> None:
    """Run a command to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
