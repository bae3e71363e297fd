"""The client of ServiceTitan's API v2: one pooled session, one token, one pace for all calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Self
from urllib.parse import quote, urlsplit

import aiohttp

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.servicetitan.credentials import Credentials
from servicetitan_netsuite.servicetitan.pace import Pace
from servicetitan_netsuite.servicetitan.tokens import Tokens
from servicetitan_netsuite.servicetitan.wire import Answer, Ask, Nonsense, Wire

Params = Mapping[str, str | int | bool | Sequence[str] | None]

_SCOPES = {
    "journal-entries": "tn.acc.journalentries",
    "gl-accounts": "tn.acc.glaccounts",
    "invoices": "tn.acc.invoices",
    "credit-memos": "tn.acc.creditmemos",
    "payments": "tn.acc.payments",
    "bank-deposits": "tn.acc.bankdeposits",
    "ap-bills": "tn.acc.apbills",
    "inventory-bills": "tn.acc.inventorybills",
    "ap-credits": "tn.acc.apcredits",
    "purchase-orders": "tn.inv.purchaseorders",
    "receipts": "tn.inv.receipts",
    "returns": "tn.inv.returns",
    "adjustments": "tn.inv.adjustments",
    "customers": "tn.crm.customers",
    "business-units": "tn.stt.businessunits",
    "vendors": "tn.inv.vendors",
}
_SAME_PAGE_LIMIT = 3
_PAGE_LIMIT = 20_000
_TOKEN_CALLS_PER_SECOND = 5


class NotAllowed(ConfigurationError):
    """The app lacks the scope for what it asks of this tenant (403)."""


class Refused(ConfigurationError):
    """ServiceTitan said no to this one request (400, 404, 409, 422); `status` tells which."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def _ignore(_: str) -> None:
    return None


class ServiceTitan:
    """One tenant's ServiceTitan, as an async context manager.

    Paths are below `/{module}/v2/tenant/{tenant}/`. Every call may raise `ConfigurationError`
    (credentials, address), its kinds `NotAllowed` (permission) and `Refused` (this request),
    `TransientError` (busy, away or unreadable after several attempts; carries seconds to wait).
    Bodies are never logged.

    Args:
        credentials: where and as whom.
        on_secret: given every token obtained, so that logs can mask it.
        backoff_s: first pause before a call is repeated; later ones double.
    """

    def __init__(
        self,
        credentials: Credentials,
        on_secret: Callable[[str], None] = _ignore,
        *,
        backoff_s: float = 0.5,
    ) -> None:
        self.credentials = credentials
        self._on_secret = on_secret
        self._backoff_s = backoff_s

    async def __aenter__(self) -> Self:
        own = self.credentials
        on_this_machine = urlsplit(own.api_url).hostname in ("127.0.0.1", "localhost", "::1")
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=own.timeout_s, sock_connect=min(30, own.timeout_s)),
            trust_env=not on_this_machine,
        )
        self._wire = Wire(self._session, Pace(own.calls_per_second), self._backoff_s)
        token_wire = Wire(self._session, Pace(_TOKEN_CALLS_PER_SECOND), self._backoff_s)
        self._tokens = Tokens(token_wire, own, self._on_secret)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @property
    def calls(self) -> int:
        """Calls made so far, repetitions included, tokens not."""
        return self._wire.calls

    async def get(self, module: str, path: str, params: Params | None = None) -> Any:
        """The JSON of one resource or page; repeated on passing trouble."""
        return await self._call("GET", module, path, params=params)

    async def patch(self, module: str, path: str, body: Json) -> Any:
        """The JSON answer to a change that is safe to repeat (all of ServiceTitan's are)."""
        return await self._call("PATCH", module, path, body=body)

    async def post(self, module: str, path: str, body: Any, *, repeatable: bool = False) -> Any:
        """The JSON answer to a POST, repeated after a lost answer only if `repeatable`.

        Raises:
            UncertainOutcome: nobody knows whether it was done.
        """
        return await self._call("POST", module, path, body=body, repeatable=repeatable)

    async def pages(
        self, module: str, path: str, params: Params | None = None, page_size: int = 500
    ) -> AsyncIterator[list[Any]]:
        """The pages of a list until the server says there are no more.

        Rows may repeat or shift when the list changes meanwhile: callers go by the rows' ids.
        A list said to have more that gives one empty page after the other has ended.

        Raises:
            Nonsense: an answer of another shape, another page than asked for, or no end to it.
        """
        previous: list[Any] | None = None
        same = 0
        for number in range(1, _PAGE_LIMIT + 1):
            rows, more = await self.page(module, path, params, number, page_size)
            same = same + 1 if rows == previous else 0
            if same >= _SAME_PAGE_LIMIT and not rows:
                return
            if same >= _SAME_PAGE_LIMIT:
                raise Nonsense(f"ServiceTitan gives the same page of {path} again and again.")
            yield rows
            if not more:
                return
            previous = rows
        raise Nonsense(f"ServiceTitan's list of {path} does not end.")

    async def page(
        self, module: str, path: str, params: Params | None, number: int, page_size: int
    ) -> tuple[list[Any], bool]:
        """Rows of page `number` (from 1), and whether there are more pages."""
        paging: dict[str, Any] = {**(params or {}), "page": number, "pageSize": page_size}
        data = await self.get(module, path, paging)
        if not isinstance(data, dict) or not isinstance(data.get("data"), list):
            raise Nonsense(f"ServiceTitan answered {path} with something that is not a page.")
        if not isinstance(data.get("hasMore"), bool) or data.get("page", number) != number:
            raise Nonsense(f"ServiceTitan answered {path} with another page than page {number}.")
        return data["data"], data["hasMore"]

    async def _call(
        self,
        method: str,
        module: str,
        path: str,
        *,
        params: Params | None = None,
        body: Any = None,
        repeatable: bool = True,
    ) -> Any:
        own = self.credentials
        for _ in range(2):
            token = await self._tokens.current()
            ask = Ask(
                method,
                f"{own.api_url}/{module}/v2/tenant/{quote(own.tenant_id)}/{path}",
                f"{method} {module}/{path}",
                {"Authorization": f"Bearer {token}", "ST-App-Key": own.app_key},
                _query(params or {}),
                body,
                repeatable=repeatable,
            )
            answer = await self._wire.exchange(ask)
            if answer.status != 401:
                return _outcome(ask, answer, own.tenant_id)
            self._tokens.forget(token)
        raise ConfigurationError(
            f"ServiceTitan refuses a fresh token for tenant {own.tenant_id} (401): check the app "
            "key in the ServiceTitan connection, and that the app is connected to this tenant."
        )


def _query(params: Params) -> list[tuple[str, str]]:
    query: list[tuple[str, str]] = []
    for name, value in params.items():
        if isinstance(value, bool):
            query.append((name, "true" if value else "false"))
        elif isinstance(value, str | int):
            query.append((name, str(value)))
        elif value is not None:
            query.extend((name, item) for item in value)
    return query


def _outcome(ask: Ask, answer: Answer, tenant_id: str) -> Any:
    if 200 <= answer.status < 300:
        return answer.data
    if answer.status == 403:
        raise NotAllowed(
            f"ServiceTitan does not allow {ask.what} for tenant {tenant_id} (403): grant the app "
            f"{_scope(ask)} and let the tenant's admin accept the new version of the app."
        )
    if answer.status < 400 or not answer.readable:
        raise ConfigurationError(
            f"{ask.what} was answered {answer.status} by something that is not ServiceTitan: "
            "check the host of the ServiceTitan connection."
        )
    said = f": {answer.title}" if answer.title else ""
    trace = f" (trace {answer.trace})" if answer.trace else ""
    raise Refused(f"ServiceTitan refused {ask.what} ({answer.status}){said}{trace}", answer.status)


def _scope(ask: Ask) -> str:
    resource = ask.what.split("/")[1]
    if resource in _SCOPES:
        return f"the scope {_SCOPES[resource]}:{'r' if ask.method == 'GET' else 'w'}"
    return f"its scope for {resource}"
