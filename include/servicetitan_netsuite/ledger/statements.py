"""SQL lives in `include/sql`, one statement a file; here it is read, once, by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, Connection, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from servicetitan_netsuite.tenants import home

_DIALECTS = {"sqlite": SQLiteDialect_pysqlite, "postgresql": PGDialect_psycopg}
_IN_LIST = re.compile(r"\bIN :(\w+)")


@lru_cache(maxsize=512)
def statement(name: str, dialect: str) -> TextClause:
    """The statement `name` (`folder/verb_noun`), in the dialect's own form where it has one.

    Raises:
        FileNotFoundError: there is no such file.
    """
    folder = home() / "sql"
    own = folder / f"{name}.{dialect}.sql"
    path = own if own.is_file() else folder / f"{name}.sql"
    sql = path.read_text(encoding="utf-8").rstrip().rstrip(";")
    lists: list[BindParameter[Any]] = [
        bindparam(found, expanding=True) for found in _IN_LIST.findall(sql)
    ]
    return text(sql).bindparams(*lists)


@dataclass(frozen=True, slots=True)
class Driven:
    """A statement as the driver takes it: its text, and where its parameters go.

    `order` names the parameters of a driver that counts them; None where it knows their names.
    """

    sql: str
    order: tuple[str, ...] | None

    def bound(self, params: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        return params if self.order is None else tuple(params[name] for name in self.order)


@lru_cache(maxsize=512)
def driven(name: str, dialect: str) -> Driven | None:
    """The statement `name`, compiled once; None of one with a list, which differs each time.

    A document takes some twenty statements on its way. Handed to the driver as they are they
    cost half of what they cost when each is looked at again.
    """
    found = statement(name, dialect)
    if _IN_LIST.search(found.text):
        return None
    compiled = found.compile(dialect=_DIALECTS[dialect]())
    order = compiled.positiontup if compiled.positional else None
    return Driven(str(compiled), tuple(order) if order is not None else None)


def migration_statements(revision: str, dialect: str) -> list[str]:
    """The statements of one migration, in order, for `dialect` (sqlite or postgresql)."""
    folder: Path = home() / "sql" / "migrations" / revision
    identity = {
        "sqlite": "integer PRIMARY KEY",
        "postgresql": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    }[dialect]
    found: list[str] = []
    for path in sorted(folder.glob("*.sql")):
        own_dialect = path.suffixes[0].removeprefix(".") if len(path.suffixes) == 2 else dialect
        if own_dialect == dialect:
            found.append(path.read_text(encoding="utf-8").replace("{identity}", identity))
    return found


def migrate(connection: Connection, revision: str) -> None:
    """Run the statements of one migration."""
    # Without parameters a driver takes a percent sign for what it is.
    plain = connection.execution_options(no_parameters=True)
    for sql in migration_statements(revision, connection.dialect.name):
        plain.exec_driver_sql(sql)
