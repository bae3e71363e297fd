"""`python -m servicetitan_netsuite.orchestration.setup`: make Airflow ready for the tenant files.

Creates the ledger and brings it up to date, tries every connection that a tenant names, and makes
the pools. `--sandbox` first takes the connections from the file that the stand-ins write.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from servicetitan_netsuite.connections import LEDGER_ID
from servicetitan_netsuite.errors import ConfigurationError, SyncError
from servicetitan_netsuite.orchestration import fields as kept
from servicetitan_netsuite.orchestration.pools import pool_problems, pool_sizes, save_pool
from servicetitan_netsuite.orchestration.sandbox_connections import connections_of
from servicetitan_netsuite.orchestration.schedule import schedule_warnings
from servicetitan_netsuite.tenants import Tenant, home, read_tenant_file, tenant_files


def main(arguments: list[str] | None = None) -> int:
    """Set up and say what was done; 0, or 1 when something needs a person."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sandbox", type=Path, metavar="FILE", help="such as .run/sandbox.json")
    asked = parser.parse_args(arguments)
    # Connections come from Airflow's own database, as for `airflow connections`.
    os.environ["_AIRFLOW_PROCESS_CONTEXT"] = "server"
    try:
        problems = list(_set_up(asked.sandbox))
    except SyncError as error:
        problems = [str(error)]
    for problem in problems:
        print(f"problem: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _set_up(sandbox: Path | None) -> Iterator[str]:
    from servicetitan_netsuite.ledger.migrations import migrate

    if sandbox is not None:
        for values in connections_of(_read_json(sandbox)):
            _save(values)
            print(f"connection {values['conn_id']}: {values['host']}:{values['port']}")
    _make_ledger_connection()
    print(f"ledger: revision {migrate(kept.ledger_url())}")
    tenants = []
    for path in tenant_files():
        try:
            tenants.append(read_tenant_file(path))
        except ConfigurationError as error:
            yield str(error)
    yield from _try_connections(tenants)
    yield from pool_problems(tenants, pool_sizes())
    for tenant in tenants:
        yield from schedule_warnings(tenant)


def _try_connections(tenants: list[Tenant]) -> Iterator[str]:
    from servicetitan_netsuite.orchestration.hooks import NetSuiteHook, ServiceTitanHook

    for connection_id in sorted({tenant.servicetitan.connection for tenant in tenants}):
        works, message = ServiceTitanHook(connection_id).test_connection()
        if works:
            print(f"connection {connection_id}: {message}")
        else:
            yield message
    for connection_id in sorted({tenant.netsuite.connection for tenant in tenants}):
        works, message = NetSuiteHook(connection_id).test_connection()
        if not works:
            yield message
            continue
        slots = _account_limit(connection_id)
        save_pool(connection_id, slots)
        print(f"connection {connection_id}: {message} Pool of {slots} slots.")


def _account_limit(connection_id: str) -> int:
    """What the connection says, else what the account said when it was tried."""
    from servicetitan_netsuite.ledger import profiles
    from servicetitan_netsuite.ledger.migrations import open_ledger
    from servicetitan_netsuite.netsuite.credentials import concurrency_limit

    fields = kept.read(connection_id)
    with open_ledger(kept.ledger_url()) as ledger:
        profile = profiles.read(ledger, connection_id)
    if not fields.extra.get("concurrency_limit") and profile and profile.concurrency_limit:
        return profile.concurrency_limit
    return concurrency_limit(fields)


def _make_ledger_connection() -> None:
    """A SQLite file beside the source tree, unless a ledger is named already."""
    try:
        kept.read(LEDGER_ID)
    except ConfigurationError:
        folder = Path(os.environ.get("SYNC_RUN") or home().parent / ".run")
        path = folder.absolute() / "ledger.db"
        # Airflow's Test button sends an empty port as 0, and refuses when that differs.
        values = {"conn_id": LEDGER_ID, "conn_type": "ledger", "host": str(path), "port": 0}
        _save(values)
        print(f"connection {LEDGER_ID}: {path}")


def _save(values: dict[str, Any]) -> None:
    """Write a connection to Airflow's database; an older one of the same name is replaced."""
    from airflow.models import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    with create_session() as session:
        session.execute(delete(Connection).where(Connection.conn_id == values["conn_id"]))
        session.add(Connection(**values))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{path} cannot be read; start the stand-ins first (`make sandbox`)."
        ) from error
    return data


if __name__ == "__main__":
    sys.exit(main())
