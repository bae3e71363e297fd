"""Business units: list, one, and external data."""

from __future__ import annotations

import sqlite3
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact, external_data
from sandbox.servicetitan.asking import Query, guid, read_body, whole
from sandbox.servicetitan.filters import Where
from sandbox.servicetitan.listing import row_of
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import State

MOST = 5000
KIND = "business_unit"


class BusinessUnits:
    """The routes of `/settings/v2/tenant/{tenant}/business-units`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def _render(self, row: sqlite3.Row, app: str | None) -> dict[str, Any]:
        return {
            "id": row["id"],
            "active": bool(row["active"]),
            "name": row["name"],
            "officialName": row["tenant_name"],
            "email": None,
            "currency": "USD",
            "phoneNumber": None,
            "invoiceHeader": None,
            "invoiceMessage": None,
            "defaultTaxRate": None,
            "authorizationParagraph": None,
            "acknowledgementParagraph": None,
            "address": None,
            "materialSku": None,
            "quickbooksClass": None,
            "accountCode": None,
            "franchiseId": None,
            "conceptCode": None,
            "corporateContractNumber": None,
            "trade": {"id": row["trade_id"], "name": row["trade_name"]},
            "division": None,
            "tagTypeIds": [],
            "tenant": {
                "id": row["tenant_id"],
                "name": row["tenant_name"],
                "accountCode": None,
                "franchiseId": None,
                "conceptCode": None,
                "modifiedOn": row["created_on"],
            },
            "createdOn": row["created_on"],
            "modifiedOn": row["modified_on"],
            "externalData": external_data.read(self._state.db, KIND, row["id"], app),
        }

    async def list(self, request: web.Request) -> web.Response:
        """GET: a page of business units that match every filter given."""
        query = Query(request)
        where = Where("tenant_id = ?", int(request.match_info["tenant"]))
        where.among("id", query.listing("ids", whole))
        where.contains("name", query.text("name"))
        where.active(query)
        where.audit(query)
        app = query.one("externalDataApplicationGuid", guid)
        page, size, total = query.paging(MOST)
        query.check()
        return where.page(
            self._state.db, KIND, "id", page, size, total,
            lambda row: exact.dumps(self._render(row, app)),
        )  # fmt: skip

    def _find(self, request: web.Request) -> sqlite3.Row:
        return row_of(self._state, request, "business_unit")

    async def get(self, request: web.Request) -> web.Response:
        """GET one."""
        query, row = Query(request), self._find(request)
        app = query.one("externalDataApplicationGuid", guid)
        query.check()
        return exact.answer(exact.dumps(self._render(row, app)))

    async def update(self, request: web.Request) -> web.Response:
        """PATCH external data, which is all that can be changed here."""
        body, row = await read_body(request), self._find(request)
        change = external_data.Change(body)
        body.check()
        with self._state.writing() as db:
            change.apply(db, KIND, row["id"])
            db.execute("UPDATE business_unit SET modified_on = ? WHERE id = ?", (now(), row["id"]))
        return exact.answer(exact.dumps({"id": row["id"]}))
