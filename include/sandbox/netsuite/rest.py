"""The record service over HTTP: `/services/rest/record/v1/{type}`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from aiohttp import web

from sandbox.faults import asked_to_alter
from sandbox.netsuite import queries
from sandbox.netsuite.account import Account
from sandbox.netsuite.context import ENTITIES
from sandbox.netsuite.errors import Refusal, malformed, not_found, user_error
from sandbox.netsuite.operations import Change
from sandbox.netsuite.payload import MODES
from sandbox.netsuite.present import View
from sandbox.netsuite.records import REGISTRY, find
from sandbox.netsuite.records.base import RecordType
from sandbox.netsuite.store import Document
from sandbox.server import json_response

RECORD_PATH = "/services/rest/record/v1"
SINGULAR = "application/vnd.oracle.resource+json; type=singular"
COLLECTION = "application/vnd.oracle.resource+json; type=collection"
MAX_PAGE = 1000
_WRITE_QUERY = ("replace",)


def only(request: web.Request, allowed: Collection[str]) -> None:
    """Refuse query parameters a route does not have."""
    for name in request.query:
        if name not in allowed:
            raise Refusal(
                400,
                "INVALID_PARAMETER",
                f"Invalid query parameter name '{name}'. Use one of the following valid query "
                f"parameters: {', '.join(sorted(allowed))}.",
                ("o:errorQueryParam", name),
            )


def page(request: web.Request) -> tuple[int, int]:
    """The page asked for, as (limit, offset)."""
    values = []
    for name, default, low, high in (
        ("limit", "1000", 1, MAX_PAGE),
        ("offset", "0", 0, 10**9),
    ):
        text = request.query.get(name, default)
        if not text.isdecimal() or not low <= int(text) <= high:
            raise Refusal(
                400,
                "INVALID_PARAMETER",
                f"Invalid value for the query parameter {name}: {text}.",
                ("o:errorQueryParam", name),
            )
        values.append(int(text))
    if values[1] % values[0]:
        raise Refusal(
            400,
            "INVALID_PARAMETER",
            "Invalid offset. The offset must be divisible by the limit.",
            ("o:errorQueryParam", "offset"),
        )
    return values[0], values[1]


async def body_of(request: web.Request) -> Any:
    """The request's JSON with exact numbers; raises Refusal."""
    if request.content_type not in ("application/json", "application/vnd.oracle.resource+json"):
        raise Refusal(
            400,
            "INVALID_HEADER",
            "Invalid value for the header.",
            ("o:errorHeader", "Content-Type"),
        )
    if "collection" in request.headers.get("Content-Type", "") or _asynchronous(request):
        raise malformed("Batches and asynchronous requests are not available in this account.")
    try:
        return json.loads(await request.read(), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "INVALID_CONTENT", "Invalid content in the request body.") from None


def _asynchronous(request: web.Request) -> bool:
    return "respond-async" in request.headers.get("Prefer", "")


def _no_constant(name: str) -> None:
    raise ValueError(name)


class RecordService:
    """The handlers of one account's record service."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def install(self, app: web.Application) -> None:
        """Put the routes in place."""
        one = RECORD_PATH + "/{type}/{key}"
        router = app.router
        router.add_get(RECORD_PATH + "/{type}", self.list)
        router.add_post(RECORD_PATH + "/{type}", self.create)
        router.add_get(one, self.get)
        router.add_patch(one, self.update)
        router.add_put(one, self.upsert)
        router.add_delete(one, self.delete)
        router.add_get(one + "/{sublist}", self.sublist)
        router.add_post(one + "/!transform/{target}", self.transform)
        router.add_post(one + "/!attach/contact/{contact}", self.attach)

    def _kind(self, request: web.Request, part: str = "type") -> RecordType:
        name = request.match_info[part]
        kind = find(name, self._account.context.one_world)
        if kind is None:
            raise Refusal(
                404,
                "NOT_FOUND",
                f"Record type '{name}' does not exist.",
                ("o:errorUrl", request.path),
            )
        return kind

    def _base(self, request: web.Request) -> str:
        return f"{request.scheme}://{request.host}{RECORD_PATH}"

    def _view(self, request: web.Request) -> View:
        flags = [
            request.query.get(name, "false").lower() == "true"
            for name in ("expandSubResources", "simpleEnumFormat")
        ]
        named = request.query.get("fields", "")
        fields = frozenset(part.strip().lower() for part in named.split(",") if part.strip())
        return View(self._account.context, self._base(request), flags[0], flags[1], fields)

    def _found(self, request: web.Request, kind: RecordType) -> Document:
        record_id = self._account.operations.locate(kind, request.match_info["key"])
        if record_id is None or not self._account.sees(kind.name):
            raise not_found()
        document = self._account.store.get(kind.name, record_id)
        if document is None:
            raise not_found()
        return document

    def _shown(self, request: web.Request, kind: RecordType) -> Document:
        return kind.shown(self._account.context, self._found(request, kind))

    async def _change(self, request: web.Request, kind: RecordType) -> Change:
        mode = request.headers.get("X-NetSuite-PropertyNameValidation", "Warning").lower()
        if mode not in MODES:
            raise Refusal(
                400,
                "INVALID_HEADER",
                "Invalid value for the header.",
                ("o:errorHeader", "X-NetSuite-PropertyNameValidation"),
            )
        names = request.query.get("replace", "")
        replace = {name.strip().lower() for name in names.split(",") if name.strip()}
        known = {name.lower() for name in self._account.context.shape(kind.name).lists}
        if replace - known:
            raise Refusal(
                400,
                "INVALID_PARAMETER",
                f"Invalid sublist name: {sorted(replace - known)[0]}.",
                ("o:errorQueryParam", "replace"),
            )
        return Change(await body_of(request), mode, replace, lambda: asked_to_alter(request))

    async def create(self, request: web.Request) -> web.Response:
        """POST: a new record."""
        only(request, _WRITE_QUERY)
        kind = self._kind(request)
        change = await self._change(request, kind)
        names = _names(kind, _external_id(change.body))
        async with self._account.gate.work(self._account.settings, names):
            record_id = self._account.operations.create(kind, change)
        return self._written(request, kind, record_id, change)

    async def transform(self, request: web.Request) -> web.Response:
        """POST: make another record of one that is there, with the body's changes."""
        only(request, _WRITE_QUERY)
        source, target = self._kind(request), self._kind(request, "target")
        change = await self._change(request, target)
        document = self._found(request, source)
        names = [
            f"{source.name} {document['id']}",
            *_names(target, _external_id(change.body)),
        ]
        async with self._account.gate.work(self._account.settings, names):
            record_id = self._account.operations.transform(source, document["id"], target, change)
        return self._written(request, target, record_id, change)

    async def attach(self, request: web.Request) -> web.Response:
        """POST: make a contact one of a customer or vendor."""
        only(request, ())
        owner, kind = self._kind(request), REGISTRY["contact"]
        if owner.name not in ENTITIES:
            raise malformed()
        document = self._found(request, owner)
        contact = self._account.operations.locate(kind, request.match_info["contact"])
        if contact is None:
            raise not_found()
        change = Change({"company": {"id": document["id"]}})
        async with self._account.gate.work(self._account.settings, [f"contact {contact}"]):
            self._account.operations.update(kind, contact, change)
        return web.Response(status=204)

    async def update(self, request: web.Request) -> web.Response:
        """PATCH: change what is sent, keep the rest."""
        only(request, _WRITE_QUERY)
        kind = self._kind(request)
        change = await self._change(request, kind)
        document = self._found(request, kind)
        names = [f"{kind.name} {document['id']}", *_names(kind, document.get("externalId"))]
        async with self._account.gate.work(self._account.settings, names):
            self._account.operations.update(kind, document["id"], change)
        return self._written(request, kind, document["id"], change)

    async def upsert(self, request: web.Request) -> web.Response:
        """PUT by external id: create, or change; unkeyed lines are added then."""
        only(request, _WRITE_QUERY)
        kind = self._kind(request)
        key = request.match_info["key"]
        if not key.lower().startswith("eid:"):
            raise malformed()
        change = await self._change(request, kind)
        if isinstance(change.body, dict) and "id" in change.body:
            raise user_error("You cannot set internalId with upsert.")
        async with self._account.gate.work(self._account.settings, _names(kind, key[4:])):
            record_id = self._account.operations.locate(kind, key)
            if record_id is None:
                record_id = self._account.operations.create(kind, change, key[4:])
            else:
                self._account.operations.update(kind, record_id, change)
        return self._written(request, kind, record_id, change)

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE one record."""
        only(request, ())
        kind = self._kind(request)
        document = self._found(request, kind)
        names = [f"{kind.name} {document['id']}", *_names(kind, document.get("externalId"))]
        async with self._account.gate.work(self._account.settings, names):
            self._account.operations.delete(kind, document["id"])
        return web.Response(status=204)

    async def get(self, request: web.Request) -> web.Response:
        """GET one record."""
        only(request, ("expandSubResources", "simpleEnumFormat", "fields"))
        kind = self._kind(request)
        async with self._account.gate.work(self._account.settings, []):
            document = self._shown(request, kind)
            shown = self._view(request).record(kind.name, document)
        return json_response(shown, content_type=SINGULAR)

    async def sublist(self, request: web.Request) -> web.Response:
        """GET a record's sublist."""
        only(request, ("expandSubResources", "simpleEnumFormat"))
        kind = self._kind(request)
        async with self._account.gate.work(self._account.settings, []):
            document = self._shown(request, kind)
            known = self._account.context.shape(kind.name)
            spec = known.fields.get(request.match_info["sublist"].lower())
            if spec is None or spec.kind != "coll":
                raise not_found()
            view = self._view(request)
            url = f"{self._base(request)}/{kind.name}/{document['id']}"
            shown = view.lines(known, spec, document.get(spec.name) or [], url)
        return json_response(shown, content_type=COLLECTION)

    async def list(self, request: web.Request) -> web.Response:
        """GET a page of records: ids and links."""
        only(request, ("q", "limit", "offset"))
        kind = self._kind(request)
        limit, offset = page(request)
        text = request.query.get("q", "")
        known = self._account.context.shape(kind.name)
        test: Callable[[Document], bool] = queries.parse(text, known) if text else lambda d: True
        async with self._account.gate.work(self._account.settings, []):
            records = self._account.store.all(kind.name) if self._account.sees(kind.name) else {}
            ids = [record_id for record_id, document in records.items() if test(document)]
        base = f"{self._base(request)}/{kind.name}"
        items = [
            {"links": [{"rel": "self", "href": f"{base}/{i}"}], "id": i}
            for i in ids[offset : offset + limit]
        ]
        shown = {
            "links": _page_links(base, limit, offset, len(ids)),
            "items": items,
            "count": len(items),
            "hasMore": offset + len(items) < len(ids),
            "offset": offset,
            "totalResults": len(ids),
        }
        return json_response(shown, content_type=COLLECTION)

    def _written(
        self, request: web.Request, kind: RecordType, record_id: str, change: Change
    ) -> web.Response:
        headers = {"Location": f"{self._base(request)}/{kind.name}/{record_id}"}
        if change.warnings:
            headers["X-NetSuite-PropertyValidation"] = ", ".join(change.warnings)
        return web.Response(status=204, headers=headers)


def operation_id() -> str:
    """The handle NetSuite's support asks for, on every answer as `x-n-operationid`."""
    return str(uuid.uuid4())


def _external_id(body: object) -> str | None:
    if not isinstance(body, dict):
        return None
    return next((str(v) for k, v in body.items() if k.lower() == "externalid" and v), None)


def _names(kind: RecordType, external_id: str | None) -> list[str]:
    return [f"{kind.group} eid:{external_id.lower()}"] if external_id else []


def _page_links(base: str, limit: int, offset: int, total: int) -> list[dict[str, str]]:
    def link(rel: str, start: int) -> dict[str, str]:
        return {"rel": rel, "href": f"{base}?limit={limit}&offset={start}"}

    links = [link("self", offset)]
    if offset + limit < total:
        links.append(link("next", offset + limit))
    if offset:
        links += [link("prev", max(0, offset - limit)), link("first", 0)]
    return links
