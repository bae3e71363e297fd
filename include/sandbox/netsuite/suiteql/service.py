"""Run SuiteQL as the integration's role sees it, and give NetSuite's answer document."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from sandbox.netsuite.context import Context
from sandbox.netsuite.present import name_of
from sandbox.netsuite.records import REGISTRY, TRANSACTIONS
from sandbox.netsuite.records.transaction import Transaction
from sandbox.netsuite.suiteql import functions
from sandbox.netsuite.suiteql.compile import UNSUPPORTED, Compiled, Compiler, lift, refuse
from sandbox.netsuite.suiteql.tables import tables, view, visible

MAX_ROWS = 100_000
MAX_PAGE = 1000
_LINE_TABLES = {"transactionline", "transactionaccountingline"}
_DISPLAY = {
    "subsidiary": "subsidiary",
    "department": "department",
    "class": "classification",
    "location": "location",
    "account": "account",
    "expenseaccount": "account",
    "incomeaccount": "account",
    "terms": "term",
    "company": "customer",
    "postingperiod": "accountingPeriod",
    "currency": "currency",
}
_TRANSACTIONS = {name.lower() for name in TRANSACTIONS}
_STATUSES = {
    f"{kind.code}:{letter}": f"{kind.label} : {words}"
    for kind in REGISTRY.values()
    if isinstance(kind, Transaction)
    for letter, words in kind.statuses.items()
} | {
    f"Journal:{letter}": f"Journal : {w}" for letter, w in REGISTRY["journalEntry"].statuses.items()
}


class SuiteQL:
    """The query service of one account."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._db = context.store.db
        self._problems = functions.install(self._db, self._display)
        self.show()

    def show(self) -> None:
        """Make the views anew, after what the role may see has changed."""
        settings = self._context.settings
        hidden = {name.lower() for name in settings.hide}
        denied = {name.lower() for name in settings.deny}
        for table in tables().values():
            self._db.execute(f'DROP VIEW IF EXISTS temp."{table.name}"')
            condition = _condition(table.name, hidden)
            self._db.execute(view(table, condition, settings.custom_fields))
        columns = visible(self._context.one_world, settings.custom_fields)
        self._compiler = Compiler({t: c for t, c in columns.items() if t not in denied})

    def _display(self, column: str, value: object) -> Any:
        if column == "status":
            return _STATUSES.get(str(value), value)
        if column in ("item", "previousdoc", "nextdoc", "createdfrom") and value is not None:
            target = "item" if column == "item" else "transaction"
            named = self._context.referred(target, str(value))
            return name_of(named[1]) if named else None
        if column == "entity" and value is not None:
            found = self._context.entity(str(value))
            return name_of(found[1]) if found else None
        name = _DISPLAY.get(column)
        document = self._context.store.get(name, str(value)) if name and value else None
        return value if document is None else name_of(document)

    def run(self, text: str, params: list[Any], limit: int, offset: int) -> dict[str, Any]:
        """One page of a query's result; raises Refusal."""
        lifted = lift(text)
        if lifted.marks != len(params):
            refuse(
                "Search error occurred: Invalid number of parameters. "
                f"Expected: {lifted.marks}. Provided: {len(params)}"
            )
        compiled = self._compiler.compile(lifted.text)
        bound: dict[str, Any] = {f"p{n}": _bound(value) for n, value in enumerate(params)}
        bound |= {name: json.dumps(items) for name, items in lifted.lists.items()}
        capped = f"SELECT * FROM ({compiled.sql}) LIMIT {MAX_ROWS}"
        page = f"SELECT * FROM ({capped}) LIMIT {limit + 1} OFFSET {offset}"
        try:
            rows = self._db.execute(page, bound).fetchall()
            total = offset + len(rows)
            if len(rows) > limit or (offset and not rows):
                (total,) = self._db.execute(f"SELECT COUNT(*) FROM ({capped})", bound).fetchone()
        except sqlite3.Error as error:
            raised = "user-defined function raised" in str(error)
            reason = self._problems[-1] if raised and self._problems else UNSUPPORTED
            refuse(f"Search error occurred: {reason}")
        items = [_item(compiled, row) for row in rows[:limit]]
        return {
            "links": [],
            "count": len(items),
            "hasMore": offset + len(items) < total,
            "offset": offset,
            "totalResults": total,
            "items": items,
        }


def _condition(table: str, hidden: set[str]) -> str:
    """Which rows of a table the role sees."""
    if table in hidden:
        return "0"
    names = sorted(hidden & _TRANSACTIONS)
    if "transaction" in hidden and table in _LINE_TABLES:
        return "0"
    if names and (table == "transaction" or table in _LINE_TABLES):
        among = ", ".join(f"'{name}'" for name in names)
        if table == "transaction":
            return f"recordtype NOT IN ({among})"
        return (
            '"transaction" NOT IN (SELECT id FROM main.p_transaction '
            f"WHERE recordtype IN ({among}))"
        )
    return "1"


def _bound(value: object) -> object:
    """A bound parameter: whole numbers in text become numbers, as Oracle would compare them."""
    text = str(value)
    whole = len(text) <= 18 and text.removeprefix("-").isdecimal()
    return int(text) if whole and str(int(text)) == text else text


def _item(compiled: Compiled, row: Iterable[Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"links": []}
    for name, is_date, value in zip(compiled.names, compiled.dates, row, strict=True):
        if value is None:
            continue
        if is_date and isinstance(value, str) and len(value) >= 10:
            item[name] = functions.account_date(value)
        else:
            item[name] = value if isinstance(value, str) else functions.plain(value)
    return item
