"""Custom fields of documents: which there are, and writing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import Body, Query, read_body
from sandbox.servicetitan.marking import empty
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import LONG_AGO, State

FIELDS = ("NetSuite Id", "NetSuite Number", "ERP Sync Error")
LONGEST = 255
INVENTORY = ("receipt", "return", "adjustment", "vendor")


def _types() -> list[str]:
    return [
        exact.dumps(
            {
                "id": place,
                "name": name,
                "dataType": "Text",
                "dataTypeOptions": None,
                "createdOn": LONG_AGO,
                "modifiedOn": LONG_AGO,
            }
        )
        for place, name in enumerate(FIELDS, 101)
    ]


def _pairs(operation: Body, place: int) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for n, raw in enumerate(operation.value("customFields", list, "a list") or []):
        pair = Body(raw if isinstance(raw, dict) else {}, f"operations[{place}].customFields[{n}].")
        name = pair.text("name")
        if not name or len(name) > LONGEST:
            pair.refuse("name", f"The name field is required, of at most {LONGEST} characters.")
        elif name not in FIELDS:
            pair.refuse("name", f"There is no custom field '{name}'.")
        else:
            found[name] = pair.text("value")
        pair.check()
    return found


class CustomFields:
    """Handlers of `custom-fields` routes."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def types(self, request: web.Request) -> web.Response:
        """GET: a page of the custom fields there are."""
        query = Query(request)
        page, size, total = query.paging(5000)
        for name in ("createdOnOrAfter", "createdBefore", "modifiedOnOrAfter", "modifiedBefore"):
            query.stamp(name)
        query.order({"Id": "id", "CreatedOn": "created_on", "ModifiedOn": "modified_on"}, "id")
        query.check()
        known = _types()
        shown = known[(page - 1) * size : page * size]
        more = len(known) > page * size
        return exact.page(page, size, more, len(known) if total else None, shown)

    def write(self, kind: str) -> Callable[..., Any]:
        """PATCH: all operations or none; 200 without a body."""

        async def handler(request: web.Request) -> web.Response:
            body = await read_body(request)
            operations = body.value("operations", list, "a list")
            if operations is None:
                body.refuse("operations", "The operations field is required.")
            body.check()
            changes: list[tuple[int, str]] = []
            for place, raw in enumerate(operations or []):
                one = Body(raw if isinstance(raw, dict) else {}, f"operations[{place}].")
                changes.append(self._change(request, kind, one, place))
            with self._state.writing() as db:
                db.executemany(
                    "UPDATE record SET body = ? WHERE row = ?", [(b, row) for row, b in changes]
                )
            return empty()

        return handler

    def _change(
        self, request: web.Request, kind: str, operation: Body, place: int
    ) -> tuple[int, str]:
        number = operation.integer("objectId")
        if number is None:
            operation.refuse("objectId", "The objectId field is required.")
        operation.check()
        pairs = _pairs(operation, place)
        row = self._state.db.execute(
            "SELECT row, body FROM record WHERE tenant_id = ? AND type = ? AND id = ? ORDER BY row",
            (int(request.match_info["tenant"]), kind, number),
        ).fetchone()
        if row is None:
            raise Refusal(400, {f"operations[{place}].objectId": [f"{number} does not exist."]})
        body = exact.loads(row["body"])
        old = body.get("customFields")
        values = {one["name"]: one.get("value") for one in old or []} | pairs
        body["customFields"] = [
            {"typeId": 101 + FIELDS.index(name), "name": name, "value": value or ""}
            if kind in INVENTORY
            else {"name": name, "value": value}
            for name, value in values.items()
        ]
        body["modifiedOn"] = now()
        return row["row"], exact.dumps(body)
