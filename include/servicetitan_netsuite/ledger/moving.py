"""Move a whole ledger into another, empty one: from SQLite to PostgreSQL, or back.

Everything is copied in one transaction, read again from the target and compared before it is
committed; then the old ledger is marked as moved, so that no run goes on with it by mistake.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Table, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning

from servicetitan_netsuite.errors import ConfigurationError, LeaseHeld
from servicetitan_netsuite.ledger.engine import change, moment
from servicetitan_netsuite.ledger.migrations import (
    VERSION_TABLE,
    current,
    migrate,
    open_ledger,
)

FILLED_BY_MIGRATION = ("state", "transition", "document_type", VERSION_TABLE)
_CHUNK = 1000
_ALL = 1 << 256

Told = Callable[[str, int], None]


@dataclass(slots=True)
class _Sum:
    """How many rows, and a sum over their hashes: the same in whatever order they come."""

    rows: int = 0
    hashes: int = 0

    def add(self, row: Sequence[Any]) -> None:
        digest = hashlib.sha256(repr(tuple(row)).encode(errors="surrogatepass")).digest()
        self.rows += 1
        self.hashes = (self.hashes + int.from_bytes(digest)) % _ALL


def move(source_url: str, target_url: str, told: Told = lambda table, rows: None) -> dict[str, int]:
    """Copy the ledger at `source_url` into the empty one at `target_url`, and retire the source.

    The target is made when it was never migrated. `told` hears of each table as it is done.
    Returns the rows of each table.

    Raises:
        ConfigurationError: one of them is of another revision, the target is not empty, or what
            arrived is not what was sent; the target is then as it was before.
        LeaseHeld: a worker is busy with the source.
    """
    if make_url(source_url) == make_url(target_url):
        raise ConfigurationError("That is one ledger, not two: name an empty database to move to.")
    with open_ledger(source_url) as source:
        if current(target_url) is None:
            migrate(target_url)
        with open_ledger(target_url) as target, source.writing() as reading:
            _hold(reading)
            _need_idle(reading)
            with target.writing() as writing:
                _hold(writing)
                counts = _copy(reading, writing, told)
            # Only now that the target is committed: until then the source is the ledger.
            change(reading, "ledger/mark_moved", {})
    return counts


def _copy(reading: Connection, writing: Connection, told: Told) -> dict[str, int]:
    """Copy and compare every table, parents first."""
    tables = _tables(reading)
    _need_empty(writing, tables)
    counts = {}
    for table in tables:
        sent, arrived = _Sum(), _Sum()
        _put(writing, table, _counted(_stream(reading, table), sent))
        for row in _stream(writing, table):
            arrived.add(row)
        if sent != arrived:
            raise ConfigurationError(
                f"Table {table.name} did not arrive as it was sent ({sent.rows} rows, then "
                f"{arrived.rows}): nothing was moved."
            )
        counts[table.name] = sent.rows
        told(table.name, sent.rows)
    return counts


def _tables(connection: Connection) -> list[Table]:
    """What a migration leaves empty, each after the tables that it refers to."""
    found = MetaData()
    with warnings.catch_warnings():
        # Indexes are the migrations' affair; SQLAlchemy reads none on an expression of SQLite's.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection", SAWarning)
        found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in FILLED_BY_MIGRATION]


def _hold(connection: Connection) -> None:
    """Keep every other writer out; SQLite's transaction does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE lease, document, run, mapping IN EXCLUSIVE MODE"))


def _need_idle(connection: Connection) -> None:
    lease = Table("lease", MetaData(), autoload_with=connection)
    clock = connection.execute(select(func.utc_after(0.0))).scalar_one()
    held = connection.execute(select(lease).where(lease.c.expires_at > clock)).first()
    if held:
        wait_s = (moment(held.expires_at) - moment(clock)).total_seconds()
        raise LeaseHeld(
            f"Tenant {held.tenant_id} is being synced by {held.holder}: stop or pause all runs, "
            f"then move the ledger. That lease ends in at most {wait_s:.0f} s.",
            wait_s=wait_s,
        )


def _need_empty(connection: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        if connection.execute(select(table).limit(1)).first():
            raise ConfigurationError(
                f"The target is not empty: table {table.name} has rows. "
                "Two ledgers are never merged; name an empty database."
            )


def _stream(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    """Every row, in chunks; columns in the order in which `table` lists them."""
    yield from connection.execute(select(table), execution_options={"yield_per": _CHUNK})


def _counted(rows: Iterable[Row[Any]], total: _Sum) -> Iterator[Row[Any]]:
    for row in rows:
        total.add(row)
        yield row


def _put(connection: Connection, table: Table, rows: Iterable[Row[Any]]) -> None:
    if connection.dialect.name == "postgresql":
        _put_by_copy(connection, table, rows)
        return
    for chunk in _chunks(rows):
        connection.execute(insert(table), [dict(row._mapping) for row in chunk])


def _put_by_copy(connection: Connection, table: Table, rows: Iterable[Row[Any]]) -> None:
    """PostgreSQL's COPY keeps the ids it is given; the sequence behind them is set afterwards."""
    from psycopg import sql

    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row(tuple(row))
    if "id" in table.columns:
        last = connection.execute(select(func.max(table.c.id))).scalar()
        if last is not None:
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, last)))


def _chunks(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    chunk: list[Row[Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
