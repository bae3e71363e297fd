"""Fields an account has of its own: body fields of transactions, fields of entities, of accounts.

They are set as names, `custbody_batch` for a text, `custentity_flag:bool` for a check box;
the beginning of the name says which records have the field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

KINDS = {"text": ("string", "t"), "bool": ("bool", "b"), "num": ("num", "n"), "date": ("date", "d")}
PREFIXES = {
    "Transactions": "custbody_",
    "Entity": "custentity_",
    "account": "custrecord_",
    "Inventory Item": "custitem_",
}
TABLES = {
    "transaction": "Transactions",
    "customer": "Entity",
    "vendor": "Entity",
    "contact": "Entity",
    "account": "account",
    "item": "Inventory Item",
}
_NAME = re.compile(rf"({'|'.join(PREFIXES.values())})[a-z0-9_]{{1,35}}(:({'|'.join(KINDS)}))?")


def is_field(text: str) -> bool:
    """Whether a setting names a field."""
    return _NAME.fullmatch(text) is not None


def fields_of(names: Iterable[str], group: str) -> dict[str, str]:
    """The fields of a group of records: name to kind (text, bool, num, date)."""
    prefix = PREFIXES.get(group)
    if prefix is None:
        return {}
    parts = (text.partition(":") for text in names if text.startswith(prefix))
    return {name: kind or "text" for name, _, kind in parts}


def columns(names: Iterable[str], table: str) -> dict[str, str]:
    """SuiteQL's columns for the fields of a table's records: name to column kind."""
    found = fields_of(names, TABLES.get(table, ""))
    return {name: KINDS[kind][1] for name, kind in found.items()}


def packed(document: dict[str, Any]) -> str:
    """A record's own fields as its row keeps them: JSON, check boxes as 'T' and 'F'."""
    values = {
        name: ("T" if value else "F") if isinstance(value, bool) else str(value)
        for name, value in document.items()
        if name.startswith("cust") and "_" in name and value is not None
    }
    return json.dumps(values, ensure_ascii=False)
