"""What tests and people may do to the stand-in, under `/sandbox`; no part of NetSuite."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.netsuite.account import Account
from sandbox.netsuite.errors import Refusal
from sandbox.netsuite.records import REGISTRY
from sandbox.netsuite.saving import save
from sandbox.seed.books import Books
from sandbox.server import json_response, read_object

LOCKS = {
    "closed": "closed",
    "arlocked": "arLocked",
    "aplocked": "apLocked",
    "alllocked": "allLocked",
}


def _seeded(seed: int, size: str, account: Account) -> Books:
    """The seed's books for this account; raises ValueError on an unknown size."""
    from sandbox.seed import netsuite_books  # the seed knows both stand-ins; load it on demand
    from sandbox.seed.tenants import entry_count

    entry_count(size)  # raises on a size the seed does not know
    found: tuple[Books, ...] = netsuite_books(seed, size)
    for books in found:
        if books.account_id == account.account_id:
            return books
    return next(b for b in found if b.preferences.one_world == account.context.one_world)


class Control:
    """The control routes of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def install(self, app: web.Application) -> None:
        """Put the routes in place."""
        app.router.add_post("/sandbox/reset", self.reset)
        app.router.add_get("/sandbox/truth", self.truth)
        app.router.add_get("/sandbox/settings", self.settings)
        app.router.add_post("/sandbox/settings", self.set)
        app.router.add_post("/sandbox/periods/{id}", self.period)
        app.router.add_post("/sandbox/void/{id}", self.void)
        self._account.faults.install(app)

    async def truth(self, _request: web.Request) -> web.Response:
        """GET what really stands in the books."""
        return json_response(self._account.truth())

    async def settings(self, _request: web.Request) -> web.Response:
        """GET the settings in force."""
        return json_response(asdict(self._account.settings))

    async def set(self, request: web.Request) -> web.Response:
        """POST changes to the settings."""
        try:
            changed = self._account.set(await read_object(request))
        except ValueError as error:
            return json_response({"error": str(error)}, 400)
        return json_response(asdict(changed))

    async def reset(self, request: web.Request) -> web.Response:
        """POST a seed and a size: start over from the seeded books."""
        try:
            body = await read_object(request)
            seed, size = body.get("seed", 1), body.get("size", "small")
            if set(body) - {"seed", "size"} or not isinstance(seed, int):
                raise ValueError('the body must be {"seed": number, "size": "small" or "month"}')
            books = _seeded(seed, str(size), self._account)
        except ValueError as error:
            return json_response({"error": str(error)}, 400)
        self._account.reset(books, seed)
        return json_response({"seed": seed, "size": size})

    async def void(self, request: web.Request) -> web.Response:
        """POST: void a transaction, as somebody may do on NetSuite's screens."""
        try:
            self._account.operations.void(request.match_info["id"])
        except Refusal as refusal:
            return json_response({"error": refusal.detail}, 400)
        return json_response({"id": request.match_info["id"], "voided": True})

    async def period(self, request: web.Request) -> web.Response:
        """POST locks of an accounting period, true to set and false to lift."""
        account = self._account
        period = account.store.get("accountingPeriod", request.match_info["id"])
        if period is None:
            return json_response({"error": "no such accounting period"}, 404)
        try:
            changes = _locks(await read_object(request))
        except ValueError as error:
            return json_response({"error": str(error)}, 400)
        document = {**period, **changes, "lastModifiedDate": account.context.now()}
        with account.store.transaction():
            save(account.context, REGISTRY["accountingPeriod"], document, new=False)
        shown = {name: bool(document.get(field)) for name, field in LOCKS.items()}
        return json_response({"id": document["id"], **shown})


def _locks(body: dict[str, Any]) -> dict[str, bool]:
    for name, value in body.items():
        if name not in LOCKS or not isinstance(value, bool):
            raise ValueError(f"allowed are {', '.join(LOCKS)}, each true or false")
    return {LOCKS[name]: value for name, value in body.items()}
