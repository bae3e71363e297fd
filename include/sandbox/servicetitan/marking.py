"""Reporting documents as exported: item by item, or all or nothing with an empty answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import Body, read_body
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import State

STATUSES = ("Pending", "Posted", "Exported")
CHANGES = {"Exported": ("Posted",), "Posted": ("Pending", "Exported"), "Pending": ("Posted",)}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a type is marked: `id` names it in an item, `ids` the list where ids alone are sent."""

    type: str
    id: str
    ids: str | None = None
    message: bool = False


def empty() -> web.Response:
    """200 with no body."""
    return web.Response(status=200)


def set_status(
    db: sqlite3.Connection, row: sqlite3.Row, status: str, external_id: str | None = None
) -> None:
    """Give every listed copy of a record a sync status, and move its modifiedOn."""
    db.execute(
        """UPDATE record SET body = json_set(body, '$.syncStatus', ?, '$.modifiedOn', ?)
           WHERE tenant_id = ? AND type = ? AND id = ?""",
        (status, now(), row["tenant_id"], row["type"], row["id"]),
    )
    if external_id is not None:
        db.execute(
            """UPDATE record SET body = json_replace(body, '$.exportId', ?)
               WHERE tenant_id = ? AND type = ? AND id = ?""",
            (external_id, row["tenant_id"], row["type"], row["id"]),
        )


class Marks:
    """Handlers that report the outcome of documents."""

    def __init__(self, state: State) -> None:
        self._state = state

    def _row(self, request: web.Request, kind: str, number: int) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._state.db.execute(
            "SELECT * FROM record WHERE tenant_id = ? AND type = ? AND id = ? ORDER BY row",
            (int(request.match_info["tenant"]), kind, number),
        ).fetchone()
        return row

    def exported(self, mark: Mark) -> Callable[..., Any]:
        """POST markasexported: 200 with one result an item, even when some fail."""

        async def handler(request: web.Request) -> web.Response:
            items = await _items(request, mark)
            answers: list[dict[str, Any]] = []
            good: list[tuple[sqlite3.Row, str | None]] = []
            for number, external_id in items:
                row = self._row(request, mark.type, number)
                error = _refusal(row, number)
                if row is not None and error is None:
                    good.append((row, external_id))
                answers.append({mark.id: number, "success": error is None, "errorMessage": error})
            if good:
                with self._state.writing() as db:
                    for one, external_id in good:
                        set_status(db, one, "Exported", external_id)
            return exact.answer(exact.dumps(answers))

        return handler

    async def deposits(self, request: web.Request) -> web.Response:
        """POST bank-deposits/markasexported: all of them, or 400 and none; no body."""
        body = await read_body(request)
        ids = _ids(body, "ids")
        body.check()
        self._all(request, "bank_deposit", ids, "ids", "Exported")
        return empty()

    async def payments(self, request: web.Request) -> web.Response:
        """POST payments/status: all of them, or 400 and none; no body."""
        body = await read_body(request)
        ids = _ids(body, "paymentIds")
        status = body.choice("status", STATUSES, required=True) or ""
        body.check()
        self._all(request, "payment", ids, "paymentIds", status)
        return empty()

    def _all(
        self, request: web.Request, kind: str, ids: list[int], field: str, status: str
    ) -> None:
        found = [(number, self._row(request, kind, number)) for number in ids]
        for number, row in found:
            known = row is not None and row["sync_status"] in CHANGES[status]
            if not known:
                raise Refusal(400, {field: [f"{number} cannot become {status}."]})
        with self._state.writing() as db:
            for _, row in found:
                if row is not None:
                    set_status(db, row, status)


def _refusal(row: sqlite3.Row | None, number: int) -> str | None:
    if row is None or not row["active"]:
        return f"The document {number} was not found."
    if row["sync_status"] != "Posted":
        return f"The document {number} is {row['sync_status']}; only Posted can be exported."
    return None


def _ids(body: Body, name: str) -> list[int]:
    found = body.value(name, list, "a list")
    if found is None:
        body.refuse(name, f"The {name} field is required.")
        return []
    for place, one in enumerate(found):
        if isinstance(one, bool) or not isinstance(one, int):
            body.refuse(f"{name}[{place}]", "The JSON value could not be converted to an integer.")
    return found


async def _items(request: web.Request, mark: Mark) -> list[tuple[int, str | None]]:
    """Ids, each with the external id sent for it; raises Refusal for a malformed body."""
    if mark.ids:
        body = await read_body(request)
        ids = _ids(body, mark.ids)
        body.check()
        return [(one, None) for one in ids]
    try:
        data = exact.loads(await request.read())
    except ValueError as error:
        raise Refusal(400, {"": ["The body is not valid JSON."]}) from error
    if not isinstance(data, list):
        raise Refusal(400, {"": ["A JSON array is expected."]})
    found: list[tuple[int, str | None]] = []
    for place, raw in enumerate(data):
        item = Body(raw if isinstance(raw, dict) else {}, f"[{place}].")
        number = item.integer(mark.id)
        if number is None:
            item.refuse(mark.id, f"The {mark.id} field is required.")
        external_id = item.text("externalId") if mark.message else None
        if mark.message:
            item.text("externalMessage")
        item.check()
        found.append((number or 0, external_id))
    return found
