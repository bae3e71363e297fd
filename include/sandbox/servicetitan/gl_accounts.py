"""General ledger accounts and their types."""

from __future__ import annotations

import sqlite3
from typing import Any

from aiohttp import web

from sandbox.faults import asked_to_alter
from sandbox.seed.chart import CHART
from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import Body, Query, read_body, whole
from sandbox.servicetitan.filters import ANY_ACTIVE, Where
from sandbox.servicetitan.listing import row_of
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import LONG_AGO, State

MOST = 5000
SOURCES = ("Undefined", "AccountingSystem", "ManuallyCreated", "PublicApi")
COLUMNS = ("name", "number", "description", "type", "subtype")
SORTS = {
    "Id": "id",
    "Name": "name",
    "Number": "number",
    "CreatedOn": "created_on",
    "ModifiedOn": "modified_on",
}


def _types() -> list[dict[str, Any]]:
    """Types, then their subtypes with the type as parent."""
    parents = list(dict.fromkeys(row.st_type for row in CHART if row.st_type))
    made = [(None, name) for name in parents]
    pairs = dict.fromkeys((row.st_type, row.st_subtype) for row in CHART if row.st_type)
    numbered: list[tuple[int | None, str]] = [*made]
    numbered += [(parents.index(kind) + 1, name) for kind, name in pairs]
    return [
        {
            "id": place,
            "parentTypeId": parent,
            "name": name,
            "active": True,
            "createdOn": LONG_AGO,
            "modifiedOn": LONG_AGO,
        }
        for place, (parent, name) in enumerate(numbered, 1)
    ]


TYPES = _types()


def render(row: sqlite3.Row) -> dict[str, Any]:
    """The account as ServiceTitan shows it."""
    return {
        "id": row["id"],
        "name": row["name"],
        "number": row["number"],
        "description": row["description"],
        "type": row["type"],
        "subtype": row["subtype"],
        "active": bool(row["active"]),
        "isIntacctGroup": False,
        "isIntacctBankAccount": False,
        "source": row["source"],
        "defaultAccountType": row["default_type"],
        "createdOn": row["created_on"],
        "modifiedOn": row["modified_on"],
    }


class GlAccounts:
    """The routes of `/accounting/v2/tenant/{tenant}/gl-accounts`."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def list(self, request: web.Request) -> web.Response:
        """GET: a page of accounts that match every filter given."""
        query = Query(request)
        where = Where("tenant_id = ?", int(request.match_info["tenant"]))
        where.among("id", query.listing("ids", whole))
        for name, column in (("names", "name"), ("numbers", "number"), ("types", "type")):
            where.among(column, query.listing(name, str))
        where.among("subtype", query.listing("subtypes", str))
        where.contains("description", query.text("description"))
        where.compare("source", "=", query.choice("source", SOURCES))
        where.active(query)
        for name in ("isIntacctGroup", "isIntacctBankAccount"):
            if query.flag(name):
                where.add("FALSE")
        where.audit(query)
        page, size, total = query.paging(MOST)
        order = query.order(SORTS, "id")
        query.check()
        return where.page(
            self._state.db, "gl_account", order, page, size, total,
            lambda row: exact.dumps(render(row)),
        )  # fmt: skip

    def _find(self, request: web.Request) -> sqlite3.Row:
        return row_of(self._state, request, "gl_account", "accountId")

    async def get(self, request: web.Request) -> web.Response:
        """GET one active account."""
        row = self._find(request)
        if not row["active"]:
            raise Refusal(404)
        return exact.answer(exact.dumps(render(row)))

    def _named(self, tenant: int, name: str, but: int) -> bool:
        row = self._state.db.execute(
            "SELECT 1 FROM gl_account WHERE tenant_id = ? AND lower(name) = lower(?) AND id <> ?",
            (tenant, name, but),
        ).fetchone()
        return row is not None

    def _checked(self, request: web.Request, body: Body, but: int) -> dict[str, str | None]:
        """The fields given, wrong ones refused, and 409 for a name that is taken."""
        given = {column: body.text(column) for column in COLUMNS if body.has(column)}
        kind = given.get("type")
        if kind and not any(one["name"] == kind and not one["parentTypeId"] for one in TYPES):
            body.refuse("type", f"The account type '{kind}' does not exist.")
        if ("name" in given or not but) and not given.get("name"):
            body.refuse("name", "The name field is required.")
        body.check()
        name = given.get("name")
        if name and self._named(int(request.match_info["tenant"]), name, but):
            raise Refusal(409, {"name": ["Another account with the same name already exists."]})
        return given

    async def create(self, request: web.Request) -> web.Response:
        """POST: 201 with the account, 409 when its name is taken."""
        given = self._checked(request, await read_body(request), 0)
        if asked_to_alter(request):
            given["name"] = f"{given['name']} (altered)"
        moment = now()
        values = [given.get(column) for column in COLUMNS]
        with self._state.writing() as db:
            row = db.execute(
                """INSERT INTO gl_account (tenant_id, source, created_on, modified_on, name,
                   number, description, type, subtype)
                   VALUES (?, 'PublicApi', ?, ?, ?, ?, ?, ?, ?) RETURNING *""",
                (int(request.match_info["tenant"]), moment, moment, *values),
            ).fetchone()
        return exact.answer(exact.dumps(render(row)), 201)

    async def update(self, request: web.Request) -> web.Response:
        """PATCH the fields given; 409 when an account in use would be deactivated."""
        body, row = await read_body(request), self._find(request)
        active = body.flag("active")
        given = self._checked(request, body, row["id"])
        if active is False and row["default_type"]:
            raise Refusal(409, {"active": ["The account is in use and cannot be deactivated."]})
        values = [given.get(column, row[column]) for column in COLUMNS]
        state = row["active"] if active is None else active
        with self._state.writing() as db:
            changed = db.execute(
                """UPDATE gl_account SET name = ?, number = ?, description = ?, type = ?,
                   subtype = ?, active = ?, modified_on = ? WHERE id = ? RETURNING *""",
                (*values, state, now(), row["id"]),
            ).fetchone()
        return exact.answer(exact.dumps(render(changed)))

    async def types(self, request: web.Request) -> web.Response:
        """GET: account types, subtypes with their parents."""
        query = Query(request)
        ids, names = query.listing("ids", whole), query.listing("names", str)
        active = query.choice("active", ANY_ACTIVE)
        since, before = query.stamp("modifiedOnOrAfter"), query.stamp("modifiedBefore")
        born, until = query.stamp("createdOnOrAfter"), query.stamp("createdBefore")
        page, size, total = query.paging(MOST)
        query.check()
        windows = ((since, before), (born, until))
        fits = all((not a or a <= LONG_AGO) and (not b or b > LONG_AGO) for a, b in windows)
        found = [
            one
            for one in TYPES
            if fits
            and active != "False"
            and (not ids or one["id"] in ids)
            and (not names or one["name"] in names)
        ]
        shown = found[(page - 1) * size : page * size]
        return exact.page(
            page,
            size,
            len(found) > page * size,
            len(found) if total else None,
            [exact.dumps(one) for one in shown],
        )
