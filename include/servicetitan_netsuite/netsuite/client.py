"""The one way to NetSuite's REST services: a pooled session, a login, single attempts."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import SimpleNamespace, TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import ConfigurationError, TransientError
from servicetitan_netsuite.netsuite.credentials import Credentials, Times
from servicetitan_netsuite.netsuite.exchange import Exchange, Failure, OwnError, printable
from servicetitan_netsuite.netsuite.login import Login, Ticket, login

__all__ = ["Exchange", "Failure", "NetSuite", "ReadRefused"]

log = logging.getLogger(__name__)

_CONNECT_S = 15.0
# Shorter than any server or gateway keeps an idle connection: a POST on one that is just being
# closed would leave its outcome unknown.
_KEEP_ALIVE_S = 5.0
_MOST_TRIES = 7
_LONGEST_BACKOFF_S = 10.0
_WRITE_HEADERS = {
    "Content-Type": "application/json",
    "X-NetSuite-PropertyNameValidation": "Error",
}


class ReadRefused(ConfigurationError):
    """NetSuite's own no to a read: a missing permission, feature or record.

    `status` is HTTP's; `code` NetSuite's `o:errorCode` or empty.
    """

    def __init__(self, message: str, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def _ignore(_: str) -> None:
    return None


class NetSuite:
    """An async context manager: one pooled session for all of a task's requests.

    Paths are relative to `/services/rest/`, like `record/v1/journalEntry`. `on_secret` is given
    every token obtained. Bodies and tokens are never logged.
    """

    def __init__(
        self,
        credentials: Credentials,
        times: Times | None = None,
        on_secret: Callable[[str], None] = _ignore,
        backoff_s: float | None = None,
    ) -> None:
        self.credentials = credentials
        self.times = times or Times()
        self._on_secret = on_secret
        self._backoff_s = self.times.backoff_s if backoff_s is None else backoff_s
        self._session: aiohttp.ClientSession | None = None
        self._login: Login | None = None

    async def __aenter__(self) -> Self:
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(_connected)
        trace.on_connection_reuseconn.append(_connected)
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE_S),
            trace_configs=[trace],
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=self.credentials.proxy,
            headers={"Accept": "application/json", "User-Agent": "servicetitan-netsuite"},
        )
        self._session = session
        self._login = login(session, self.credentials, self._on_secret)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
        self._session = self._login = None

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Exactly one attempt of a write, login included within `times.timeout_s`.

        Network and HTTP failures are values of the Exchange, never exceptions; a redirect is not
        followed. After a 401 the next attempt logs in anew.
        """
        exchange = await self._attempt(
            method, self.url(path, params), body, _WRITE_HEADERS, self.times.timeout_s
        )
        self._note(method, path, exchange)
        return exchange

    async def read(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """The JSON object that an idempotent request answers with, tried again on trouble.

        Raises:
            TransientError: throttled, broken or away for as long as is worth waiting here.
            ReadRefused: NetSuite's own no (also 403); its text tells what it wants.
            ConfigurationError: the login was refused, or two 401 in a row.
        """
        url = self.url(path, params)
        give_up_at = time.monotonic() + max(60.0, 2 * self.times.timeout_s)
        for tries in range(_MOST_TRIES):
            exchange = await self._attempt(method, url, body, headers or {}, self.times.timeout_s)
            if exchange.status == 200 and isinstance(exchange.json, dict):
                return exchange.json
            self._raise_if_final(method, path, exchange)
            self._note(method, path, exchange)
            wait = self._backoff(tries, exchange)
            if tries == _MOST_TRIES - 1 or time.monotonic() + wait > give_up_at:
                break
            await asyncio.sleep(wait)
        raise TransientError(
            f"NetSuite connection {self.credentials.connection!r}: {method} {path} got no usable "
            f"answer in {tries + 1} tries; the last was {_summary(exchange)}.",
            wait_s=max(30.0, wait),
        )

    def url(self, path: str, params: Mapping[str, str] | None = None) -> str:
        """The address exactly as it is signed and sent."""
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        clean = quote(path.lstrip("/"), safe="/:!")
        return f"{self.credentials.url}/services/rest/{clean}{query}"

    async def _attempt(
        self,
        method: str,
        url: str,
        body: Json | None,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> Exchange:
        if self._session is None or self._login is None:
            raise RuntimeError("NetSuite is used outside `async with`")
        data = None if body is None else dumps(body)
        end = time.monotonic() + timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                ticket = await self._login.ticket()
        except ConfigurationError as error:
            return Exchange(failure=Failure.LOGIN_REFUSED, detail=str(error))
        except TransientError as error:
            return Exchange(failure=Failure.NOT_CONNECTED, detail=str(error))
        except TimeoutError:
            return Exchange(failure=Failure.NOT_CONNECTED, detail="The login took too long.")
        left = max(end - time.monotonic(), 0.001)
        sent = {
            "Content-Type": "application/json",
            **headers,
            "Authorization": self._login.header(ticket, method, url),
        }
        return await self._exchange(method, url, data, sent, left, ticket)

    async def _exchange(
        self,
        method: str,
        url: str,
        data: bytes | None,
        headers: dict[str, str],
        timeout_s: float,
        ticket: Ticket,
    ) -> Exchange:
        assert self._session is not None
        note = SimpleNamespace(connected=False)
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True),
                data=data,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout_s, connect=min(_CONNECT_S, timeout_s)),
                trace_request_ctx=note,
            ) as response:
                # JSON is UTF-8; what charset the answer names may not even exist.
                text = (await response.read()).decode(errors="replace")
                names = {name.lower(): value for name, value in response.headers.items()}
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = Failure.NO_ANSWER if note.connected else Failure.NOT_CONNECTED
            return Exchange(failure=failure, detail=_words(failure, error))
        refused_again = ticket.refuse() if status == 401 else False
        if status < 500 and status not in (401, 403, 429):
            ticket.proven = True
        return Exchange(
            status=status,
            headers=names,
            text=text,
            json=_parse(text),
            fresh_login=refused_again,
        )

    def _raise_if_final(self, method: str, path: str, exchange: Exchange) -> None:
        if exchange.failure is Failure.LOGIN_REFUSED:
            raise ConfigurationError(exchange.detail)
        status = exchange.status
        if status == 401 and exchange.fresh_login:
            raise ConfigurationError(
                f"NetSuite connection {self.credentials.connection!r}: {method} {path} was refused "
                f"twice with a new login ({_summary(exchange)}). Look at the Login Audit Trail in "
                "NetSuite, and check the role, the token or certificate, and the account id."
            )
        own = exchange.own_errors
        if status == 403 or (status in (400, 404, 405) and own):
            raise self._refused(method, path, status, own)

    def _refused(
        self, method: str, path: str, status: int, own: tuple[OwnError, ...]
    ) -> ReadRefused:
        words = printable(" ".join(error.sentence for error in own)) or "no reason given"
        return ReadRefused(
            f"NetSuite connection {self.credentials.connection!r}: {method} {path} was refused "
            f"({status}): {words}",
            status,
            own[0].code if own else "",
        )

    def _backoff(self, tries: int, exchange: Exchange) -> float:
        if exchange.status == 401:
            return 0.0
        longest = min(_LONGEST_BACKOFF_S, self._backoff_s * 2.0**tries)
        jittered = longest * random.uniform(0.5, 1.0)  # noqa: S311 - only spreads load
        return max(jittered, exchange.retry_after_s or 0.0)

    def _note(self, method: str, path: str, exchange: Exchange) -> None:
        if exchange.failure is None and exchange.status is not None and exchange.status < 300:
            return
        log.warning("NetSuite %s %s: %s", method, printable(path), _summary(exchange))


def dumps(body: Json) -> bytes:
    """`body` as it is sent: UTF-8 JSON, money as exact numbers.

    Raises:
        ValueError: an amount that a JSON number cannot carry exactly, or NaN.
    """
    text = json.dumps(
        body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_number
    )
    return text.encode()


def _number(value: object) -> float:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
    number = float(value)
    if Decimal(repr(number)) != value:
        raise ValueError(f"{value} cannot be sent exactly")
    return number


def _parse(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _summary(exchange: Exchange) -> str:
    if exchange.failure is not None:
        return f"{exchange.failure} ({exchange.detail})"
    codes = ", ".join(error.code for error in exchange.own_errors if error.code)
    operation = f", operation {exchange.operation_id}" if exchange.operation_id else ""
    return f"{exchange.status} {codes or 'not in NetSuite form'}{operation}"


def _words(failure: Failure, error: BaseException) -> str:
    name = type(error).__name__
    if failure is Failure.NOT_CONNECTED:
        return f"No connection could be made ({name})."
    if isinstance(error, TimeoutError):
        return "No answer came in time."
    return f"The connection broke before the answer was complete ({name})."


async def _connected(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _params: object
) -> None:
    if context.trace_request_ctx is not None:
        context.trace_request_ctx.connected = True
