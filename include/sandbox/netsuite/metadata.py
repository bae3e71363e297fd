"""What a client may learn about an account: its records' fields, its limits, its clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.netsuite.account import Account
from sandbox.netsuite.errors import Refusal
from sandbox.netsuite.records import ONE_WORLD
from sandbox.netsuite.rest import RECORD_PATH, only
from sandbox.netsuite.shapes import Field, Shape, described
from sandbox.server import json_response

CATALOG = RECORD_PATH + "/metadata-catalog"
SCHEMA_TYPE = "application/schema+json"
SWAGGER_TYPE = "application/swagger+json"
_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "num": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "float"},
    "int": {"type": "integer", "format": "int64"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "dt": {"type": "string", "format": "date-time"},
}
_REFERENCE = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "externalId": {"type": "string"},
        "refName": {"type": "string"},
    },
}


def _property(known: Shape, spec: Field) -> dict[str, Any]:
    if spec.kind == "coll":
        element = known.lists.get(spec.name)
        items = _schema(element) if element is not None else _REFERENCE
        return {"type": "object", "properties": {"items": {"type": "array", "items": items}}}
    if spec.kind == "sub":
        return _schema(known.lists[spec.name])
    if spec.kind == "enum":
        key: dict[str, Any] = {"type": "string"}
        if spec.choices:
            key["enum"] = sorted(spec.choices)
        return {"type": "object", "properties": {"id": key, "refName": {"type": "string"}}}
    return _TYPES.get(spec.kind, _REFERENCE)


def _schema(known: Shape) -> dict[str, Any]:
    properties = {spec.name: _property(known, spec) for spec in known.fields.values()}
    return {"type": "object", "properties": dict(sorted(properties.items()))}


class Metadata:
    """The handlers that describe one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def install(self, app: web.Application) -> None:
        """Put the routes in place; before those of the record service, whose paths they share."""
        app.router.add_get(CATALOG, self.catalog)
        app.router.add_get(CATALOG + "/{type}", self.record)
        app.router.add_get("/services/rest/system/v1/governanceLimits", self.limits)
        app.router.add_get("/services/rest/system/v1/serverTime", self.clock)

    def _names(self) -> list[str]:
        one_world = self._account.context.one_world
        return [
            name
            for name in described()
            if (one_world or name not in ONE_WORLD) and self._account.sees(name)
        ]

    def _shape(self, name: str) -> dict[str, Any]:
        return _schema(self._account.context.shape(name))

    async def catalog(self, request: web.Request) -> web.Response:
        """GET the catalogue: the record types this role has, with schemas where asked for."""
        only(request, ("select",))
        wanted = [part for part in request.query.get("select", "").split(",") if part]
        names = self._names()
        lower = {name.lower(): name for name in names}
        if wanted:
            names = [lower[part.lower()] for part in wanted if part.lower() in lower]
        if SWAGGER_TYPE in request.headers.get("Accept", ""):
            schemas = {name: self._shape(name) for name in names}
            document = {"openapi": "3.0.1", "paths": {}, "components": {"schemas": schemas}}
            return json_response(document, content_type=SWAGGER_TYPE)
        base = f"{request.scheme}://{request.host}{CATALOG}"
        items = [
            {"name": name, "links": [{"rel": "canonical", "href": f"{base}/{name}"}]}
            for name in names
        ]
        return json_response({"items": items})

    async def record(self, request: web.Request) -> web.Response:
        """GET one record type's JSON schema."""
        name = request.match_info["type"]
        known = {entry.lower(): entry for entry in self._names()}.get(name.lower())
        if known is None:
            raise Refusal(404, "NOT_FOUND", f"Record type '{name}' does not exist.")
        return json_response(self._shape(known), content_type=SCHEMA_TYPE)

    async def limits(self, _request: web.Request) -> web.Response:
        """GET how many requests at once the account may have."""
        limit = self._account.settings.concurrency_limit
        return json_response(
            {
                "accountConcurrencyLimit": limit,
                "accountUnallocatedConcurrencyLimit": limit,
                "integrationLimitType": "accountLimit",
            }
        )

    async def clock(self, _request: web.Request) -> web.Response:
        """GET the server's time."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return json_response({"serverTime": now})
