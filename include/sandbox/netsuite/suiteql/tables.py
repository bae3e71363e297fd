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

from sandbox.netsuite.custom_fields import columns

_AFFINITY = {"i": "INTEGER", "n": "REAL", "t": "TEXT", "b": "TEXT", "d": "TEXT", "s": "TEXT"}
ONE_WORLD = {
    "subsidiary",
    "accountsubsidiarymap",
    "departmentsubsidiarymap",
    "classificationsubsidiarymap",
    "locationsubsidiarymap",
    "itemsubsidiarymap",
    "customersubsidiaryrelationship",
    "vendorsubsidiaryrelationship",
    "accountingbook",
}
_OWNERS = {
    "transaction": "id",
    "dual": "dummy",
    "nexttransactionlinelink": "nextdoc",
    "nexttransactionlink": "nextdoc",
    "itemsubsidiarymap": "item",
    "customeraddressbook": "entity",
    "vendoraddressbook": "entity",
    "customeraddressbookentityaddress": "owner",
    "entityaddress": "owner",
    "transactionline": "transaction",
    "transactionaccountingline": "transaction",
    "accountsubsidiarymap": "account",
    "departmentsubsidiarymap": "department",
    "classificationsubsidiarymap": "classification",
    "locationsubsidiarymap": "location",
}
_INDEXES = {
    "transaction": ("externalid", "tranid", "postingperiod", "entity"),
    "customer": ("externalid", "entityid"),
    "transactionline": ("entity", "item"),
    "transactionaccountingline": ("account",),
    "nexttransactionlinelink": ("previousdoc",),
    "nexttransactionlink": ("previousdoc",),
    "item": ("externalid", "itemid"),
    "contact": ("entityid",),
    "vendorsubsidiaryrelationship": ("entity",),
    "customersubsidiaryrelationship": ("entity",),
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


def visible(one_world: bool, own: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """Column kinds by table, as an account with or without OneWorld shows them.

    `own` names the account's own fields, as its settings do.
    """
    known = {name: table.columns | columns(own, name) for name, table in tables().items()}
    if one_world:
        return known
    return {
        name: {c: k for c, k in entry.items() if "subsidiar" not in c}
        for name, entry in known.items()
        if name not in ONE_WORLD
    }


def affinity(table: Table, column: str) -> str:
    """SQLite's type of a stored column; those no query sees keep what they are given."""
    return _AFFINITY.get(table.columns.get(column, ""), "NUMERIC")


def create(table: Table) -> str:
    """The statement that creates what is stored of a table."""
    stored = ", ".join(f'"{c}" {affinity(table, c)}' for c in table.stored)
    return f"CREATE TABLE IF NOT EXISTS {table.physical} ({stored})"


def indexes() -> Iterable[str]:
    """Statements that create the indexes of what is stored."""
    for table in tables().values():
        for column in (table.owner, *_INDEXES.get(table.name, ())):
            yield (
                f"CREATE INDEX IF NOT EXISTS x_{table.name}_{column} "
                f'ON {table.physical} ("{column}")'
            )


def view(table: Table, condition: str = "1", own: Iterable[str] = ()) -> str:
    """The statement that creates a table's view; `condition` hides rows from the role."""
    shown = [f'"{c}"' if c in table.stored else f'NULL AS "{c}"' for c in table.columns]
    for name in columns(own, table.name):
        shown.append(f"json_extract(custom, '$.{name}') AS \"{name}\"")
    return (
        f'CREATE TEMP VIEW "{table.name}" AS SELECT {", ".join(shown)} '
        f"FROM main.{table.physical} WHERE {condition}"
    )
