"""One account as an aiohttp application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.netsuite.account import Account
from sandbox.netsuite.control import Control
from sandbox.netsuite.credentials import Credentials
from sandbox.netsuite.errors import Refusal, malformed
from sandbox.netsuite.metadata import Metadata
from sandbox.netsuite.oauth2 import TOKEN_PATH
from sandbox.netsuite.query import QueryService
from sandbox.netsuite.rest import RecordService, operation_id
from sandbox.seed.books import Books
from sandbox.server import MAX_BODY

ACCOUNT: web.AppKey[Account] = web.AppKey("account", Account)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SERVICES = "/services/rest/"


async def _admitted(account: Account, request: web.Request, handler: Handler) -> web.StreamResponse:
    """A call to the services: counted, one slot held, signed."""
    account.calls += 1
    if request.path == TOKEN_PATH:
        return await handler(request)
    async with account.gate.slot(account.settings):
        account.authorize(request)
        return await handler(request)


async def _answered(account: Account, request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await _admitted(account, request, handler)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPNotFound:
        where = ("o:errorUrl", request.path)
        return Refusal(404, "NOT_FOUND", "The requested resource does not exist.", where).response()
    except web.HTTPMethodNotAllowed:
        return Refusal(405, "METHOD_NOT_ALLOWED", "The method is not allowed here.").response()
    except UnicodeError:
        return malformed().response()


def create_app(books: Books, state_path: Path | str, credentials: Credentials) -> web.Application:
    """The application of one account.

    `books` fill a new state file; one that holds an account already goes on where it stood.
    """
    account = Account(books, state_path, credentials)

    @web.middleware
    async def services(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(SERVICES):
            return await handler(request)
        response = await _answered(account, request, handler)
        response.headers["X-N-OperationId"] = operation_id()
        return response

    async def token(request: web.Request) -> web.Response:
        return await account.oauth2.respond(request, account.settings)

    async def close(_app: web.Application) -> None:
        account.close()

    app = web.Application(client_max_size=MAX_BODY, middlewares=[services])
    app[ACCOUNT] = account
    Control(account).install(app)
    app.router.add_post(TOKEN_PATH, token)
    Metadata(account).install(app)
    RecordService(account).install(app)
    QueryService(account).install(app)
    app.on_cleanup.append(close)
    return app
