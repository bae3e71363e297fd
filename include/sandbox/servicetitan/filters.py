"""A list's conditions as SQL, and one page of what matches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import Query

ANY_ACTIVE = ("True", "Any", "False")


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows, whether more follow, and how many there are if that was asked."""

    rows: list[sqlite3.Row]
    more: bool
    total: int | None


class Where:
    """Conditions that must all hold; one whose value is None or empty is left out."""

    def __init__(self, first: str, *values: Any) -> None:
        self._clauses = [first]
        self._values = list(values)

    def add(self, clause: str, *values: Any) -> None:
        """One more condition."""
        self._clauses.append(clause)
        self._values += values

    def compare(self, column: str, operator: str, value: Any) -> None:
        """`column operator value`."""
        if value is not None:
            self.add(f"{column} {operator} ?", value)

    def among(self, column: str, values: Sequence[Any]) -> None:
        """`column` is one of the values."""
        if values:
            self.add(f"{column} IN ({', '.join('?' * len(values))})", *values)

    def contains(self, column: str, text: str | None) -> None:
        """`column` contains the text, case ignored."""
        if text is not None:
            self.add(f"{column} LIKE ? ESCAPE '\\'", _like(text))

    def _line(self, condition: str, *values: Any) -> None:
        self.add(
            f"""EXISTS (SELECT 1 FROM line WHERE line.entry_id = journal_entry.id
                AND {condition})""",
            *values,
        )

    def line_in(self, column: str, values: Sequence[Any]) -> None:
        """Some line has one of the values."""
        if values:
            self._line(f"line.{column} IN ({', '.join('?' * len(values))})", *values)

    def line_contains(self, column: str, text: str | None) -> None:
        """Some line contains the text."""
        if text is not None:
            self._line(f"line.{column} LIKE ? ESCAPE '\\'", _like(text))

    def line_day(self, operator: str, day: str | None) -> None:
        """Some line's transaction lies on that side of the day."""
        if day is not None:
            self._line(f"line.transaction_date {operator} ?", day)

    def audit(self, query: Query) -> None:
        """The four filters on creation and modification that all lists share."""
        self.compare("created_on", ">=", query.stamp("createdOnOrAfter"))
        self.compare("created_on", "<", query.stamp("createdBefore"))
        self.compare("modified_on", ">=", query.stamp("modifiedOnOrAfter"))
        self.compare("modified_on", "<", query.stamp("modifiedBefore"))

    def active(self, query: Query) -> None:
        """True (the default), False or Any."""
        wanted = query.choice("active", ANY_ACTIVE) or "True"
        if wanted != "Any":
            self.add("active = ?", wanted == "True")

    def rows(
        self, db: sqlite3.Connection, table: str, order: str, page: int, size: int, total: bool
    ) -> Found:
        """One page of the rows that match, with the total when asked."""
        condition = f"FROM {table} WHERE {' AND '.join(self._clauses)}"
        rows = db.execute(
            f"SELECT * {condition} ORDER BY {order} LIMIT ? OFFSET ?",
            (*self._values, size + 1, (page - 1) * size),
        ).fetchall()
        count = None
        if total:
            count = db.execute(f"SELECT count(*) {condition}", self._values).fetchone()[0]
        return Found(rows[:size], len(rows) > size, count)

    def page(
        self,
        db: sqlite3.Connection,
        table: str,
        order: str,
        page: int,
        size: int,
        total: bool,
        render: Callable[[sqlite3.Row], str],
    ) -> web.Response:
        """The rows that match, as a page of what `render` makes of each."""
        found = self.rows(db, table, order, page, size, total)
        return exact.page(page, size, found.more, found.total, [render(r) for r in found.rows])
