"""Customers with their contacts and external data."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact, external_data
from sandbox.servicetitan.asking import Body, Query, guid, read_body, whole
from sandbox.servicetitan.filters import Where
from sandbox.servicetitan.listing import row_of
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import State

MOST = 5000
KIND = "customer"
TYPES = ("Residential", "Commercial")
SORTS = {"Id": "id", "ModifiedOn": "modified_on", "CreatedOn": "created_on"}
FLAGS = {
    "doNotMail": "do_not_mail",
    "doNotService": "do_not_service",
    "nationalAccount": "national_account",
    "taxExempt": "tax_exempt",
    "active": "active",
}
PLACES = ("street", "unit", "city", "state", "zip", "country")


def _contact(row: sqlite3.Row) -> dict[str, Any]:
    digits = "".join(c for c in row["value"] if c.isdigit())
    phone = "" if row["type"] == "Email" else digits
    return {
        "id": row["id"],
        "type": row["type"],
        "value": row["value"],
        "memo": None,
        "modifiedOn": row["modified_on"],
        "phoneSettings": {"phoneNumber": phone, "doNotText": False},
        "createdOn": row["created_on"],
        "preferences": None,
    }


class Customers:
    """The routes of `/crm/v2/tenant/{tenant}/customers`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def _render(self, row: sqlite3.Row, app: str | None) -> dict[str, Any]:
        place = {name: row[name] for name in PLACES}
        return {
            "id": row["id"],
            "active": bool(row["active"]),
            "name": row["name"],
            "type": row["type"],
            "address": place | {"latitude": None, "longitude": None},
            "customFields": [],
            "balance": Decimal("0.00"),
            "taxExempt": bool(row["tax_exempt"]),
            "tagTypeIds": [],
            "doNotMail": bool(row["do_not_mail"]),
            "doNotService": bool(row["do_not_service"]),
            "nationalAccount": bool(row["national_account"]),
            "createdOn": row["created_on"],
            "createdById": 21,
            "modifiedOn": row["modified_on"],
            "mergedToId": row["merged_to_id"],
            "paymentTermId": None,
            "creditLimit": None,
            "creditLimitBalance": None,
            "externalData": external_data.read(self._state.db, KIND, row["id"], app),
        }

    async def list(self, request: web.Request) -> web.Response:
        """GET: a page of customers that match every filter given."""
        query = Query(request)
        where = Where("tenant_id = ?", int(request.match_info["tenant"]))
        where.among("id", query.listing("ids", whole))
        where.contains("name", query.text("name"))
        for name in PLACES:
            where.contains(name, query.text(name))
        for name in ("latitude", "longitude"):
            if query.one(name, float) is not None:
                where.add("FALSE")
        phone = query.text("phone")
        if phone:
            where.add(
                """EXISTS (SELECT 1 FROM contact WHERE customer_id = customer.id
                   AND contact.type <> 'Email' AND instr(contact.value, ?))""",
                phone,
            )
        query.flag("excludeAccountingChangesFromModifiedDateRange")
        where.active(query)
        where.audit(query)
        app = query.one("externalDataApplicationGuid", guid)
        external_data.by_external_data(query, where, KIND, KIND)
        page, size, total = query.paging(MOST)
        order = query.order(SORTS, "id")
        query.check()
        return where.page(
            self._state.db, KIND, order, page, size, total,
            lambda row: exact.dumps(self._render(row, app)),
        )  # fmt: skip

    def _find(self, request: web.Request) -> sqlite3.Row:
        return row_of(self._state, request, "customer")

    async def get(self, request: web.Request) -> web.Response:
        """GET one; its external data never show here."""
        return exact.answer(exact.dumps(self._render(self._find(request), None)))

    async def contacts(self, request: web.Request) -> web.Response:
        """GET: a page of the customer's contacts."""
        query, row = Query(request), self._find(request)
        page, size, total = query.paging(MOST)
        query.check()
        where = Where("customer_id = ?", row["id"])
        return where.page(
            self._state.db, "contact", "id", page, size, total,
            lambda one: exact.dumps(_contact(one)),
        )  # fmt: skip

    async def update(self, request: web.Request) -> web.Response:
        """PATCH name, type, address, flags and external data."""
        body, row = await read_body(request), self._find(request)
        values = self._values(body, row)
        change = external_data.Change(body)
        body.check()
        with self._state.writing() as db:
            sets = ", ".join(f"{column} = ?" for column in values)
            db.execute(
                f"UPDATE customer SET {sets}, modified_on = ? WHERE id = ?",
                (*values.values(), now(), row["id"]),
            )
            change.apply(db, KIND, row["id"])
        shown = self._render(self._find(request), change.app if change.given else None)
        return exact.answer(exact.dumps(shown))

    def _values(self, body: Body, row: sqlite3.Row) -> dict[str, Any]:
        values: dict[str, Any] = {"name": body.text("name") or row["name"]}
        values["type"] = body.choice("type", TYPES) or row["type"]
        for name, column in FLAGS.items():
            given = body.flag(name)
            values[column] = row[column] if given is None else given
        place = Body(body.value("address", dict, "an object") or {}, "address.")
        for name in PLACES:
            given_place = place.text(name)
            values[name] = row[name] if given_place is None else given_place
        place.check()
        return values
