"""The stand-in ServiceTitan as one aiohttp application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.faults import Faults
from sandbox.server import MAX_BODY
from sandbox.servicetitan import problems
from sandbox.servicetitan.access import Access
from sandbox.servicetitan.business_units import BusinessUnits
from sandbox.servicetitan.control import Control
from sandbox.servicetitan.credentials import Credentials
from sandbox.servicetitan.customers import Customers
from sandbox.servicetitan.documents import document_routes
from sandbox.servicetitan.gl_accounts import GlAccounts
from sandbox.servicetitan.journal_entries import JournalEntries
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.state import State

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
STATE: web.AppKey[State] = web.AppKey("state", State)
TOKEN_PATH = "/connect/token"
ACCOUNTING = "/accounting/v2/tenant/{tenant}"
CRM = "/crm/v2/tenant/{tenant}"
SETTINGS = "/settings/v2/tenant/{tenant}"


def route_name(request: web.Request) -> str:
    """How fault rules name a route: its path after the tenant, with `{id}` for the id."""
    info = request.match_info.route.resource
    path = info.canonical if info is not None else request.path
    return path.partition("/{tenant}/")[2] or path.strip("/") or TOKEN_PATH.strip("/")


def _routes(app: web.Application, state: State) -> None:
    entries, accounts = JournalEntries(state), GlAccounts(state)
    units, customers = BusinessUnits(state), Customers(state)
    add = app.router.add_route
    for method, path, handler in (
        ("GET", f"{ACCOUNTING}/journal-entries", entries.list),
        ("GET", f"{ACCOUNTING}/journal-entries/{{id}}", entries.get),
        ("PATCH", f"{ACCOUNTING}/journal-entries/{{id}}", entries.update),
        ("GET", f"{ACCOUNTING}/journal-entries/{{id}}/summary", entries.summary),
        ("GET", f"{ACCOUNTING}/journal-entries/{{id}}/details", entries.details),
        ("PATCH", f"{ACCOUNTING}/journal-entries/{{id}}/sync", entries.sync),
        ("GET", f"{ACCOUNTING}/gl-accounts", accounts.list),
        ("POST", f"{ACCOUNTING}/gl-accounts", accounts.create),
        ("GET", f"{ACCOUNTING}/gl-accounts/types", accounts.types),
        ("GET", f"{ACCOUNTING}/gl-accounts/{{id}}", accounts.get),
        ("PATCH", f"{ACCOUNTING}/gl-accounts/{{id}}", accounts.update),
        ("GET", f"{SETTINGS}/business-units", units.list),
        ("GET", f"{SETTINGS}/business-units/{{id}}", units.get),
        ("PATCH", f"{SETTINGS}/business-units/{{id}}", units.update),
        ("GET", f"{CRM}/customers", customers.list),
        ("GET", f"{CRM}/customers/{{id}}", customers.get),
        ("PATCH", f"{CRM}/customers/{{id}}", customers.update),
        ("GET", f"{CRM}/customers/{{id}}/contacts", customers.contacts),
        *document_routes(state, ACCOUNTING),
    ):
        add(method, path, handler)


def _guard(state: State, access: Access) -> Callable[..., Awaitable[web.StreamResponse]]:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        tenant = request.match_info.get("tenant")
        try:
            if tenant is not None:
                state.calls += 1
                access.check(request, tenant, route_name(request).partition("/")[0])
            return await handler(request)
        except Refusal as refusal:
            return access.refused(refusal)
        except web.HTTPException as error:
            return problems.response(error.status, title=error.reason)

    return guard


def create_app(
    path: Path | str, credentials: Credentials, seed: int = 1, size: str = "small"
) -> web.Application:
    """The application over the state in `path`; a fresh state is filled from the seed.

    Raises:
        ValueError: `size` is not one the seed knows.
    """
    state = State(path, seed, size)
    access = Access(state, credentials)
    faults = Faults(problems.by_fault, route_name, seed)
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_guard(state, access)])
    app[STATE] = state
    for address in (TOKEN_PATH, "/"):  # some clients take auth_url for the token address itself
        app.router.add_post(address, access.token)
    _routes(app, state)
    Control(state, access, faults).install(app)
    faults.install(app)

    async def close(_app: web.Application) -> None:
        state.close()

    app.on_cleanup.append(close)
    return app
