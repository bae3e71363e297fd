"""Lists of stored records: which query parameters filter them, how they are sorted and shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import Query, guid, whole
from sandbox.servicetitan.external_data import by_external_data, read
from sandbox.servicetitan.filters import Where
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.state import State

MOST = 5000
STATES = ("ActiveOnly", "InactiveOnly", "All")
COMPARERS = {
    "Equals": "=", "NotEquals": "<>", "Greater": ">", "Less": "<",
    "Equal": "=", "NotEqual": "<>", "GreaterThan": ">", "GreaterThanOrEqual": ">=",
    "LessThan": "<", "LessThanOrEqual": "<=",
}  # fmt: skip
SORTS = {"Id": "id", "ModifiedOn": "modified_on", "CreatedOn": "created_on"}
Reader = Callable[[Query, str], Any]
Show = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter: `clause` takes one value at `?`, a list of them at `{}`."""

    name: str
    read: Reader
    clause: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of the records of `type`; `state` names its filter on active ones, if it has any."""

    type: str
    filters: tuple[Filter, ...] = ()
    state: str | None = "active"
    sorts: tuple[str, ...] = tuple(SORTS)
    audit: bool = True
    default: str = "TRUE"
    more: Callable[[Query, Where], None] | None = None
    show: Show | None = None
    external: str | None = None
    custom: str | None = None
    order_by: bool = False
    flags: tuple[str, ...] = ()


def at(path: str) -> str:
    """SQL for a field of what ServiceTitan shows."""
    return f"json_extract(body, '$.{path}')"


def amount_at(path: str) -> str:
    """SQL for a field that is money, be it a string or a number."""
    return f"CAST({at(path)} AS REAL)"


def decimal(query: Query, name: str) -> float | None:
    """A decimal parameter."""
    return query.one(name, _decimal)


def _decimal(text: str) -> float:
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not found.is_finite():
        raise ValueError(text)
    return float(found)


def _whole(query: Query, name: str) -> int | None:
    return query.one(name, whole)


def _whole_text(query: Query, name: str) -> str | None:
    found = query.one(name, whole)
    return None if found is None else str(found)


def _wholes(query: Query, name: str) -> list[int]:
    return query.listing(name, whole)


def number(name: str, path: str) -> Filter:
    """An id or another whole number."""
    return Filter(name, _whole, f"{at(path)} = ?")


def number_text(name: str, path: str) -> Filter:
    """A whole number whose field is a string."""
    return Filter(name, _whole_text, f"{at(path)} = ?")


def numbers(name: str, path: str) -> Filter:
    """A comma list of ids."""
    return Filter(name, _wholes, f"{at(path)} IN ({{}})")


def repeated(name: str, path: str) -> Filter:
    """Ids, each a parameter of its own."""
    return Filter(name, lambda query, key: query.each(key, whole), f"{at(path)} IN ({{}})")


def text(name: str, path: str) -> Filter:
    """Exactly that text."""
    return Filter(name, lambda query, key: query.text(key), f"{at(path)} = ?")


def since(name: str, path: str) -> Filter:
    """On that moment or after it."""
    return Filter(name, lambda query, key: query.stamp(key), f"{at(path)} >= ?")


def until(name: str, path: str) -> Filter:
    """Before that moment."""
    return Filter(name, lambda query, key: query.stamp(key), f"{at(path)} < ?")


def from_day(name: str, path: str) -> Filter:
    """On that day or after it; the field is a plain date."""
    return Filter(name, lambda query, key: query.day(key), f"{at(path)} >= ?")


def to_day(name: str, path: str) -> Filter:
    """Before that day; the field is a plain date."""
    return Filter(name, lambda query, key: query.day(key), f"{at(path)} < ?")


def least(name: str, path: str) -> Filter:
    """That amount or more."""
    return Filter(name, decimal, f"{amount_at(path)} >= ?")


def greatest(name: str, path: str) -> Filter:
    """That amount or less."""
    return Filter(name, decimal, f"{amount_at(path)} <= ?")


def word(name: str, path: str, allowed: Iterable[str]) -> Filter:
    """One of the allowed words."""
    words = tuple(allowed)
    return Filter(name, lambda query, key: query.choice(key, words), f"{at(path)} = ?")


def words(name: str, path: str, allowed: Iterable[str]) -> Filter:
    """Some of the allowed words, each a parameter of its own."""
    known = tuple(allowed)
    return Filter(name, lambda query, key: query.choices(key, known), f"{at(path)} IN ({{}})")


def listed(name: str, path: str) -> Filter:
    """A comma list of words; one that nobody knows matches nothing."""
    return Filter(name, lambda query, key: query.listing(key, str), f"{at(path)} IN ({{}})")


def within(name: str, path: str, field: str, reader: Reader = _wholes) -> Filter:
    """Some element of a list has one of the values."""
    value = f"CASE WHEN one.type = 'object' THEN json_extract(one.value, '$.{field}') END"
    inner = f"SELECT 1 FROM json_each(body, '$.{path}') AS one WHERE {value}"
    return Filter(name, reader, f"EXISTS ({inner} IN ({{}}))")


def one_text(query: Query, name: str) -> list[str]:
    """A text, as a list of one for `within`."""
    found = query.text(name)
    return [found] if found else []


def compared(query: Query, where: Where, group: str, value: str, path: str) -> None:
    """An amount and how to compare with it: `group.value` and `group.Comparer`."""
    known = tuple(COMPARERS)[:4] if value == "Balance" else tuple(COMPARERS)[4:]
    wanted = decimal(query, f"{group}.{value}")
    comparer = query.choice(f"{group}.Comparer", known) or known[0]
    if wanted is not None:
        where.add(f"{amount_at(path)} {COMPARERS[comparer]} ?", wanted)


def _custom_fields(query: Query, where: Where, prefix: str) -> None:
    """Custom fields by name and value, all of them or any."""
    joint = query.choice(f"{prefix}.Operator", ("And", "Or")) or "And"
    wanted = query.prefixed(f"{prefix}.Fields")
    clauses: list[str] = []
    values: list[str] = []
    for name, value in wanted.items():
        clauses.append(
            """EXISTS (SELECT 1 FROM json_each(body, '$.customFields') AS one
               WHERE lower(json_extract(one.value, '$.name')) = ?
               AND json_extract(one.value, '$.value') = ?)"""
        )
        values += [name.strip("[.]"), value]
    if clauses:
        where.add(f"({f' {joint} '.join(clauses)})", *values)


def _state(query: Query, where: Where, name: str) -> None:
    if name == "active":
        where.active(query)
        return
    name, _, default = name.partition("=")
    wanted = query.choice(name, STATES) or default
    if wanted != "All":
        where.add("active = ?", wanted == "ActiveOnly")


def _filter(query: Query, where: Where, filters: Iterable[Filter]) -> None:
    for one in filters:
        value = one.read(query, one.name)
        if isinstance(value, list):
            if value:
                where.add(one.clause.format(", ".join("?" * len(value))), *value)
        elif value is not None:
            where.add(one.clause, value)


def _order(query: Query, listing: Listing) -> str:
    """ORDER BY of `sort`, and of `orderBy` with its direction where a list has that too."""
    default = "id, row"
    columns = {name: SORTS.get(name, name.lower()) for name in listing.sorts}
    if listing.order_by:
        field = (query.text("orderBy") or "").lower()
        column = {name.lower(): value for name, value in columns.items()}.get(field, "id")
        falling = (query.text("orderByDirection") or "").lower() in ("desc", "descending")
        default = f"{column} {'DESC' if falling else 'ASC'}, row"
    return query.order(columns, default) if columns else default


class Lists:
    """Handlers that read stored records."""

    def __init__(self, state: State) -> None:
        self._state = state

    def list(self, listing: Listing, bare: bool = False) -> Callable[..., Any]:
        """GET: a page of records that match every filter given; `bare`: without the envelope."""

        async def handler(request: web.Request) -> web.Response:
            query = Query(request)
            where = self._where(request, query, listing)
            app = query.one("externalDataApplicationGuid", guid) if listing.external else None
            page, size, total = query.paging(MOST)
            order = _order(query, listing)
            query.check()
            show = self._show(listing, app)
            found = where.rows(self._state.db, "record", order, page, size, total)
            if bare:
                return exact.answer(f"[{','.join(show(row) for row in found.rows)}]")
            return exact.page(page, size, found.more, found.total, [show(r) for r in found.rows])

        return handler

    def _where(self, request: web.Request, query: Query, listing: Listing) -> Where:
        tenant = int(request.match_info["tenant"])
        where = Where("tenant_id = ? AND type = ?", tenant, listing.type)
        where.add(listing.default)
        _filter(query, where, listing.filters)
        if listing.state:
            _state(query, where, listing.state)
        if listing.audit:
            where.audit(query)
        if listing.custom:
            _custom_fields(query, where, listing.custom)
        if listing.external:
            by_external_data(query, where, listing.external, "record", alone=False)
        if listing.more:
            listing.more(query, where)
        for flag in listing.flags:
            query.flag(flag)
        return where

    def _show(self, listing: Listing, app: str | None) -> Callable[[sqlite3.Row], str]:
        show = listing.show or str

        def shown(row: sqlite3.Row) -> str:
            body: str = row["body"]
            if listing.external and app:
                body = self._with_external(listing.external, row, app)
            return show(body)

        return shown

    def _with_external(self, kind: str, row: sqlite3.Row, app: str) -> str:
        pairs = read(self._state.db, kind, row["id"], app)
        return exact.dumps(exact.loads(row["body"]) | {"externalData": pairs})

    def one(self, listing: Listing, name: str = "id") -> Callable[..., Any]:
        """GET one by its id, or 404."""

        async def handler(request: web.Request) -> web.Response:
            query, row = Query(request), find(self._state, request, listing.type, name)
            app = query.one("externalDataApplicationGuid", guid) if listing.external else None
            for flag in listing.flags:
                query.flag(flag)
            query.check()
            return exact.answer(self._show(listing, app)(row))

        return handler


def find(state: State, request: web.Request, kind: str, name: str = "id") -> sqlite3.Row:
    """The record whose id the path names; raises Refusal 400 or 404."""
    wanted = _id_in(request, name, name)
    return _found(
        state.db.execute(
            "SELECT * FROM record WHERE tenant_id = ? AND type = ? AND id = ? ORDER BY row",
            (int(request.match_info["tenant"]), kind, wanted),
        )
    )


def row_of(state: State, request: web.Request, table: str, field: str = "id") -> sqlite3.Row:
    """The row of a table of its own whose id the path names; raises Refusal 400 or 404.

    `field` is what a refusal calls the id.
    """
    wanted = _id_in(request, "id", field)
    return _found(
        state.db.execute(
            f"SELECT * FROM {table} WHERE id = ? AND tenant_id = ?",
            (wanted, int(request.match_info["tenant"])),
        )
    )


def _id_in(request: web.Request, name: str, field: str) -> int:
    try:
        return whole(request.match_info[name])
    except ValueError as error:
        raise Refusal(400, {field: ["The value is not valid."]}) from error


def _found(rows: sqlite3.Cursor) -> sqlite3.Row:
    row: sqlite3.Row | None = rows.fetchone()
    if row is None:
        raise Refusal(404)
    return row
