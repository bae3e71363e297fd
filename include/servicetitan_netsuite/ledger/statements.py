"""SQL lives in `include/sql`, one statement a file; here it is read, once, by its name."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, Connection, TextClause, bindparam, text

from servicetitan_netsuite.tenants import home

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
