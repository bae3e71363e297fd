"""The query service over HTTP: POST `/services/rest/query/v1/suiteql`."""

from __future__ import annotations

from aiohttp import web

from sandbox.netsuite.account import Account
from sandbox.netsuite.errors import Refusal, malformed
from sandbox.netsuite.rest import COLLECTION, only, page
from sandbox.netsuite.suiteql.service import MAX_ROWS
from sandbox.server import json_response, read_object

QUERY_PATH = "/services/rest/query/v1/suiteql"


class QueryService:
    """SuiteQL's one route in one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def install(self, app: web.Application) -> None:
        """Put the route in place."""
        app.router.add_post(QUERY_PATH, self.run)

    async def run(self, request: web.Request) -> web.Response:
        """Run one page of one query."""
        only(request, ("limit", "offset"))
        if request.headers.get("Prefer", "").replace(" ", "").lower() != "transient":
            raise Refusal(
                400,
                "INVALID_HEADER",
                "The required header 'Prefer' is missing or invalid. Use 'Prefer: transient'.",
                ("o:errorHeader", "Prefer"),
            )
        limit, offset = page(request)
        if offset >= MAX_ROWS:
            raise Refusal(
                400,
                "INVALID_PARAMETER",
                f"Invalid offset. A query returns at most {MAX_ROWS} rows.",
                ("o:errorQueryParam", "offset"),
            )
        text, params = await self._body(request)
        async with self._account.gate.work(self._account.settings, []):
            result = self._account.suiteql.run(text, params, limit, offset)
        return json_response(result, content_type=COLLECTION)

    async def _body(self, request: web.Request) -> tuple[str, list[object]]:
        try:
            body = await read_object(request)
        except ValueError:
            raise malformed() from None
        params = body.get("params", [])
        if set(body) - {"q", "params"} or not isinstance(params, list):
            raise malformed()
        if not isinstance(body.get("q"), str) or not body["q"].strip():
            raise Refusal(
                400,
                "INVALID_PARAMETER",
                "Missing required value for mandatory field: q",
                ("o:errorQueryParam", "q"),
            )
        return body["q"], params
