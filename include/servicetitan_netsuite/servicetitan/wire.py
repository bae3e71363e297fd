"""One HTTP exchange, repeated where that is safe, until there is an answer to judge."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import aiohttp

from servicetitan_netsuite.errors import ConfigurationError, TransientError, UncertainOutcome
from servicetitan_netsuite.servicetitan.pace import Pace, asked_wait

ATTEMPTS = 6
LONGEST_WAIT_S = 60.0
LONGEST_RETRY_S = 3600.0
BUDGET_S = 180.0
_SHORTEST_429_S = 0.2
_ERRORS = (aiohttp.ClientError, TimeoutError, OSError)
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Nonsense(TransientError):
    """An answer that is not what ServiceTitan's contract says: not JSON, or another shape."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `form` is sent url-encoded, `body` as JSON; secrets stay out of its repr."""

    method: str
    url: str
    what: str
    headers: Mapping[str, str] = field(repr=False)
    params: Sequence[tuple[str, str]] = ()
    body: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """One response: `data` is its JSON (numbers with a point as Decimal), None for an empty body.

    `readable` is False when the body is not JSON.
    """

    status: int
    headers: Mapping[str, str]
    data: Any = field(repr=False)
    readable: bool = True

    @property
    def title(self) -> str:
        """The problem's title, on one line and cut, or an empty text."""
        title = self.data.get("title") if isinstance(self.data, dict) else None
        return " ".join(title.split())[:200] if isinstance(title, str) else ""

    @property
    def trace(self) -> str:
        """ServiceTitan's name for this exchange, for a question to its support."""
        trace = self.data.get("traceId") if isinstance(self.data, dict) else None
        return trace[:80] if isinstance(trace, str) and trace.isprintable() else ""


class Wire:
    """Sends requests over one session: paced, repeated on passing trouble, bounded in time.

    `backoff_s` is the first pause before a repetition; later ones double, with jitter.
    """

    def __init__(self, session: aiohttp.ClientSession, pace: Pace, backoff_s: float) -> None:
        self._session = session
        self._pace = pace
        self._backoff_s = backoff_s
        self.calls = 0

    async def exchange(self, ask: Ask) -> Answer:
        """The answer to `ask`: anything but 429, 5xx and a 2xx that is not JSON.

        Raises:
            TransientError: ServiceTitan stayed busy, away or unreadable; carries the wait asked.
            UncertainOutcome: the same for a call that must not be repeated.
            ConfigurationError: the address itself is wrong.
        """
        started = time.monotonic()
        for attempt in range(ATTEMPTS):
            await self._pace.turn()
            wait: float | None = None
            try:
                answer = await self._once(ask)
            except _ERRORS as error:
                trouble: TransientError | UncertainOutcome = _unreached(ask, error)
            else:
                if _final(answer):
                    return answer
                wait = asked_wait(answer.headers, answer.title)
                trouble = _trouble(ask, answer, wait)
            pause = self._pause(attempt) if wait is None else wait
            late = time.monotonic() - started + pause > BUDGET_S
            if isinstance(trouble, UncertainOutcome) or pause > LONGEST_WAIT_S or late:
                raise trouble
            if attempt + 1 < ATTEMPTS:
                await self._rest(pause, everybody=wait is not None)
        raise trouble

    async def _rest(self, pause: float, *, everybody: bool) -> None:
        if everybody:
            self._pace.hold(max(pause, _SHORTEST_429_S))
        else:
            await asyncio.sleep(pause)

    def _pause(self, attempt: int) -> float:
        # Jitter only has to keep callers apart; nobody's secret depends on it.
        return float(self._backoff_s * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311

    async def _once(self, ask: Ask) -> Answer:
        self.calls += 1
        try:
            async with self._session.request(
                ask.method,
                ask.url,
                params=ask.params,
                headers=ask.headers,
                json=ask.body,
                data=ask.form,
                allow_redirects=False,
            ) as response:
                return _answer(response.status, response.headers, await response.read())
        except (aiohttp.InvalidURL, aiohttp.ClientConnectorCertificateError) as error:
            raise ConfigurationError(
                f"{_origin(ask.url)} cannot be asked safely ({type(error).__name__}): check the "
                "host of the ServiceTitan connection and its certificate."
            ) from None


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    if not body.strip():
        return Answer(status, headers, None)
    try:
        data = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return Answer(status, headers, None, readable=False)
    return Answer(status, headers, data)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _final(answer: Answer) -> bool:
    if answer.status == 429 or answer.status >= 500:
        return False
    return answer.readable or answer.status >= 300


def _trouble(ask: Ask, answer: Answer, wait: float | None) -> TransientError | UncertainOutcome:
    wait_s = min(wait if wait is not None else 30.0, LONGEST_RETRY_S)
    if answer.status == 429:
        return TransientError(
            f"ServiceTitan is called too often ({ask.what}): it asks to wait {wait_s:.0f} s.",
            wait_s,
        )
    if not ask.repeatable:
        return UncertainOutcome(
            f"ServiceTitan answered {answer.status} to {ask.what}: nobody knows whether it was "
            "done.",
            wait_s,
        )
    if answer.status < 300:
        return Nonsense(
            f"ServiceTitan answered {ask.what} with something that is not JSON: a maintenance "
            f"page, or {_origin(ask.url)} is not ServiceTitan.",
            wait_s,
        )
    trace = f" (trace {answer.trace})" if answer.trace else ""
    return TransientError(f"ServiceTitan answered {answer.status} to {ask.what}{trace}.", wait_s)


def _unreached(ask: Ask, error: Exception) -> TransientError | UncertainOutcome:
    reason = "it did not answer in time" if isinstance(error, TimeoutError) else _reason(error)
    if ask.repeatable or isinstance(error, _NEVER_SENT):
        return TransientError(
            f"ServiceTitan at {_origin(ask.url)} could not be reached for {ask.what}: {reason}."
        )
    return UncertainOutcome(f"The answer to {ask.what} was lost ({reason}).")


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or type(error.os_error).__name__
    return f"the connection broke ({type(error).__name__})"


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])
