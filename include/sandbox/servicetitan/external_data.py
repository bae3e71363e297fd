"""External data: key and value pairs other applications keep on a record, each under its GUID."""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox.servicetitan.asking import Body, Query, guid
from sandbox.servicetitan.filters import Where

MODES = ("Replace", "Merge")


def read(db: sqlite3.Connection, kind: str, number: int, app: str | None) -> list[dict[str, str]]:
    """The pairs one application keeps on a record; none without its GUID."""
    if app is None:
        return []
    rows = db.execute(
        """SELECT key, value FROM external_data WHERE kind = ? AND object_id = ? AND guid = ?
           ORDER BY key""",
        (kind, number, app),
    )
    return [{"key": row["key"], "value": row["value"]} for row in rows]


def by_external_data(
    query: Query, where: Where, kind: str, table: str, *, alone: bool = True
) -> None:
    """The filters on key and values that an application keeps on records of that kind.

    `alone` tells whether the application's GUID alone leaves out records without its data; else it
    only shows the data.
    """
    app = query.one("externalDataApplicationGuid", guid)
    key = query.text("externalDataKey")
    values = query.listing("externalDataValues", str)
    if (key or values) and app is None:
        text = "externalDataApplicationGuid is required with externalDataKey or Values."
        query.refuse("externalDataApplicationGuid", text)
    if app is None or not (alone or key or values):
        return
    condition = f"kind = ? AND object_id = {table}.id AND guid = ?"
    wanted: list[str] = [kind, app]
    if key:
        condition, wanted = f"{condition} AND key = ?", [*wanted, key]
    if values:
        condition = f"{condition} AND value IN ({', '.join('?' * len(values))})"
        wanted += values
    where.add(f"EXISTS (SELECT 1 FROM external_data WHERE {condition})", *wanted)


class Change:
    """What a request's `externalData` asks for, read and checked."""

    def __init__(self, body: Body) -> None:
        raw = body.value("externalData", dict, "an object") or {}
        self.given = bool(raw)
        part = Body(raw, "externalData.")
        self.mode = part.choice("patchMode", MODES) or "Replace"
        self.app = part.text("applicationGuid") or ""
        self.pairs = _pairs(part)
        if self.given:
            self._check(part)
            part.check()

    def _check(self, part: Body) -> None:
        try:
            self.app = guid(self.app)
        except ValueError:
            part.refuse("applicationGuid", "The applicationGuid field must be a GUID.")
        if not part.has("externalData"):
            part.refuse("externalData", "The externalData field is required.")

    def apply(self, db: sqlite3.Connection, kind: str, number: int) -> None:
        """Replace wipes the application's other keys; Merge changes the given ones."""
        if not self.given:
            return
        where = "kind = ? AND object_id = ? AND guid = ?"
        if self.mode == "Replace":
            db.execute(f"DELETE FROM external_data WHERE {where}", (kind, number, self.app))
        for key, value in self.pairs.items():
            if value is None:
                db.execute(
                    f"DELETE FROM external_data WHERE {where} AND key = ?",
                    (kind, number, self.app, key),
                )
            else:
                db.execute(
                    "REPLACE INTO external_data VALUES (?, ?, ?, ?, ?)",
                    (kind, number, self.app, key, value),
                )


def _pairs(part: Body) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for place, item in enumerate(part.value("externalData", list, "a list") or []):
        pair: dict[str, Any] = item if isinstance(item, dict) else {}
        key, value = pair.get("key"), pair.get("value")
        if not isinstance(key, str) or not key:
            part.refuse(f"externalData[{place}].key", "The key field is required.")
        elif not isinstance(value, str | None):
            text = "The JSON value could not be converted to a string."
            part.refuse(f"externalData[{place}].value", text)
        else:
            found[key] = value
    return found
