"""Open a ledger: SQLite on a local disk, or PostgreSQL; one clock, exact transactions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger.statements import driven, statement

BUSY_S = 30.0
_READ_ONLY = "ledger_read_only"
_GONE_S = 30
"""A worker that is lost or frozen in a transaction holds its tenant's row for no longer."""
_ALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": _GONE_S * 1000,
    "options": f"-c idle_in_transaction_session_timeout={_GONE_S}s -c tcp_keepalives_idle=10 "
    "-c tcp_keepalives_interval=5 -c tcp_keepalives_count=4",
}

Rows = Sequence[Row[Any]]


def stamp(moment: datetime) -> str:
    """An aware moment as the ledger writes it: UTC, microseconds, `Z`; sorts as it reads."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The aware moment of a ledger's stamp."""
    return datetime.fromisoformat(text)


def _utc_after(seconds: float) -> str:
    return stamp(datetime.now(UTC) + timedelta(seconds=seconds))


class Ledger:
    """A handle on the ledger's database; cheap to make, safe to share between threads.

    Raises:
        ConfigurationError: the url is not one of SQLite's or PostgreSQL's.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.dialect = self.engine.dialect.name

    def close(self) -> None:
        """Give back every database connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment's view of the ledger that holds no write lock; every write is refused."""
        options: dict[str, Any] = {_READ_ONLY: True}
        if self.dialect == "postgresql":
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction: committed at the end, rolled back on any exception."""
        with self.engine.begin() as connection:
            yield connection

    def rows(self, name: str, **params: Any) -> Rows:
        """All rows of the query `name` in `include/sql`."""
        with self.reading() as connection:
            return run(connection, name, params)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run(connection: Connection, name: str, params: Mapping[str, Any]) -> Rows:
    """Rows of the query `name` within an open transaction."""
    fixed = driven(name, connection.dialect.name)
    if fixed is None:
        return connection.execute(statement(name, connection.dialect.name), params).all()
    return connection.exec_driver_sql(fixed.sql, fixed.bound(params)).all()


def change(
    connection: Connection, name: str, params: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> int:
    """Run the statement `name` (many times for a list of params); how many rows it changed."""
    if not params and not isinstance(params, Mapping):
        return 0
    fixed = driven(name, connection.dialect.name)
    if fixed is None:
        return connection.execute(statement(name, connection.dialect.name), params).rowcount
    if isinstance(params, Mapping):
        return connection.exec_driver_sql(fixed.sql, fixed.bound(params)).rowcount
    return connection.exec_driver_sql(fixed.sql, [fixed.bound(each) for each in params]).rowcount


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            "The ledger's url cannot be read; it looks like sqlite:////path/ledger.db "
            "or postgresql+psycopg://user@host/ledger."
        ) from error
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            # A writer, a lease and a reader in each of very many processes.
            pool_size=3,
            connect_args=_ALIVE | parsed.query,
            hide_parameters=True,
        )
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise ConfigurationError(
            f"The ledger needs SQLite in a file or PostgreSQL, not {parsed.get_backend_name()}."
        )
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waits = {"timeout": BUSY_S, "check_same_thread": False}
    # Bodies are never shown, so errors go without the values they came with.
    engine = create_engine(parsed, connect_args=waits, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("utc_after", 1, _utc_after)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL; unlike a statement the switch does not wait, so it is asked for again."""
    give_up = time.monotonic() + BUSY_S
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
    if mode != "wal":
        raise ConfigurationError(
            f"The ledger's file cannot use write-ahead logging (it stays at {mode}): "
            "put it on a local disk, or use PostgreSQL."
        )


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a write fails instead of waiting for its turn.
    reads = bool(connection.get_execution_options().get(_READ_ONLY))
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
