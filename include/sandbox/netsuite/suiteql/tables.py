"""The tables and columns SuiteQL knows, and the SQLite tables and views behind them.

Column kinds: i integer id, n number, t text, b 'T' or 'F', d date, s date and time.
A column that is known but never filled reads as NULL.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_AFFINITY = {"i": "INTEGER", "n": "REAL", "t": "TEXT", "b": "TEXT", "d": "TEXT", "s": "TEXT"}
ONE_WORLD = {
    "subsidiary",
    "accountsubsidiarymap",
    "departmentsubsidiarymap",
    "classificationsubsidiarymap",
    "locationsubsidiarymap",
    "customersubsidiaryrelationship",
    "vendorsubsidiaryrelationship",
    "accountingbook",
}
_OWNERS = {
    "transaction": "id",
    "dual": "dummy",
    "nexttransactionlinelink": "nextdoc",
    "transactionline": "transaction",
    "transactionaccountingline": "transaction",
    "accountsubsidiarymap": "account",
    "departmentsubsidiarymap": "department",
    "classificationsubsidiarymap": "classification",
    "locationsubsidiarymap": "location",
}
_INDEXES = {
    "transaction": ("externalid", "tranid", "postingperiod"),
    "customer": ("externalid", "entityid"),
    "transactionline": ("entity",),
}


@dataclass(frozen=True, slots=True)
class Table:
    """One SuiteQL table; `owner` is the column that ties a row to the record it comes from."""

    name: str
    columns: dict[str, str]
    stored: tuple[str, ...]

    @property
    def owner(self) -> str:
        """The column holding the owning record's id."""
        return _OWNERS.get(self.name, "id")

    @property
    def physical(self) -> str:
        """The SQLite table's name."""
        return f"p_{self.name}"


@lru_cache(maxsize=1)
def tables() -> dict[str, Table]:
    """Every table by name."""
    raw = json.loads(Path(__file__).with_name("tables.json").read_text("utf-8"))
    return {
        name: Table(
            name,
            dict(pair.split(":") for pair in facts["columns"].split()),
            tuple(facts["stored"].split()),
        )
        for name, facts in raw.items()
    }


def visible(one_world: bool) -> dict[str, dict[str, str]]:
    """Column kinds by table, as an account with or without OneWorld shows them."""
    if one_world:
        return {name: table.columns for name, table in tables().items()}
    return {
        name: {c: k for c, k in table.columns.items() if "subsidiar" not in c}
        for name, table in tables().items()
        if name not in ONE_WORLD
    }


def ddl() -> Iterable[str]:
    """Statements that create what is stored."""
    for table in tables().values():
        columns = ", ".join(f'"{c}" {_AFFINITY[table.columns[c]]}' for c in table.stored)
        yield f"CREATE TABLE IF NOT EXISTS {table.physical} ({columns})"
        for column in (table.owner, *_INDEXES.get(table.name, ())):
            yield (
                f"CREATE INDEX IF NOT EXISTS x_{table.name}_{column} "
                f'ON {table.physical} ("{column}")'
            )


def view(table: Table, condition: str = "1") -> str:
    """The statement that creates a table's view; `condition` hides rows from the role."""
    columns = ", ".join(f'"{c}"' if c in table.stored else f'NULL AS "{c}"' for c in table.columns)
    return (
        f'CREATE TEMP VIEW "{table.name}" AS SELECT {columns} '
        f"FROM main.{table.physical} WHERE {condition}"
    )
