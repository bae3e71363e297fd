"""Proving who we are: a bearer token from a signed assertion, or an OAuth 1.0a signature."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import jwt
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client  # type: ignore[import-untyped]

from servicetitan_netsuite.errors import ConfigurationError, TransientError
from servicetitan_netsuite.netsuite.credentials import Auth, Credentials
from servicetitan_netsuite.netsuite.exchange import printable
from servicetitan_netsuite.netsuite.private_key import signing_algorithm

log = logging.getLogger(__name__)

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - a path, not a secret
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_S = 300
_CLOCK_SKEW_S = 30
_RENEW_AHEAD_S = 300.0
_TRY_AGAIN_S = 10.0


@dataclass(slots=True, eq=False)
class Ticket:
    """One login: a token, or a period of signing that no 401 has ended.

    `renewed` says that it was made because its forerunner met a 401, `proven` that NetSuite took
    it, `spent` that it met a 401 itself. Times are of the monotonic clock.
    """

    token: str = field(default="", repr=False)
    renew_at: float = float("inf")
    expires_at: float = float("inf")
    renewed: bool = False
    proven: bool = False
    spent: bool = False

    def refuse(self) -> bool:
        """Note a 401; whether it is the second in a row, which no new login will heal."""
        self.spent = True
        return self.renewed and not self.proven


class Login(Protocol):
    """A way to prove who we are."""

    async def ticket(self) -> Ticket:
        """A login that is good just now.

        Raises:
            TransientError: NetSuite gave none for now.
            ConfigurationError: NetSuite refused to give one.
        """

    def header(self, ticket: Ticket, method: str, url: str) -> str:
        """The Authorization header of one attempt; `url` as it goes over the wire."""


class Signed:
    """Token-based authentication: every attempt is signed afresh."""

    def __init__(self, credentials: Credentials) -> None:
        self._client = Client(
            credentials.consumer_key,
            client_secret=credentials.consumer_secret,
            resource_owner_key=credentials.token_id,
            resource_owner_secret=credentials.token_secret,
            signature_method=SIGNATURE_HMAC_SHA256,
            realm=credentials.account_id,
        )
        self._ticket = Ticket()

    async def ticket(self) -> Ticket:
        """The period of signing that no 401 has ended."""
        if self._ticket.spent:
            self._ticket = Ticket(renewed=True)
        return self._ticket

    def header(self, ticket: Ticket, method: str, url: str) -> str:
        """The signature of one attempt, with a nonce and time of its own."""
        _, headers, _ = self._client.sign(url, http_method=method)
        return str(headers["Authorization"])


class Bearer:
    """OAuth 2.0 machine-to-machine: a token for an assertion signed with our private key.

    Cached, renewed ahead of its expiry, one renewal in flight at a time; while one is, what still
    holds is used on.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        credentials: Credentials,
        on_secret: Callable[[str], None],
    ) -> None:
        self._session = session
        self._credentials = credentials
        self._on_secret = on_secret
        self._algorithm = signing_algorithm(credentials.private_key)
        self._url = f"{credentials.url}{TOKEN_PATH}"
        self._lock = asyncio.Lock()
        self._ticket: Ticket | None = None

    async def ticket(self) -> Ticket:
        """The token in use, renewed first where it is spent or near its end."""
        held = self._ticket
        if held and self._holds(held) and (time.monotonic() < held.renew_at or self._lock.locked()):
            return held
        async with self._lock:
            held = self._ticket
            if held and self._holds(held) and time.monotonic() < held.renew_at:
                return held
            return await self._renew(held)

    def header(self, ticket: Ticket, method: str, url: str) -> str:
        """The token as a header."""
        return f"Bearer {ticket.token}"

    @staticmethod
    def _holds(ticket: Ticket) -> bool:
        return not ticket.spent and time.monotonic() < ticket.expires_at

    async def _renew(self, held: Ticket | None) -> Ticket:
        try:
            made = await self._obtain()
        except TransientError:
            if held is None or not self._holds(held):
                raise
            held.renew_at = time.monotonic() + _TRY_AGAIN_S
            return held
        made.renewed = held is not None and held.spent
        self._ticket = made
        return made

    async def _obtain(self) -> Ticket:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }
        asked_at = time.monotonic()
        try:
            async with self._session.post(self._url, data=form, allow_redirects=False) as response:
                status = response.status
                text = (await response.read()).decode(errors="replace")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TransientError(
                f"NetSuite's login at {self._credentials.url} was not reached: "
                f"{type(error).__name__}."
            ) from error
        answer = _object(text)
        if status in (400, 401, 403) and "error" in answer:
            raise self._refused(answer)
        token = answer.get("access_token")
        if status != 200 or not isinstance(token, str) or not token:
            raise TransientError(f"NetSuite's login answered {status} without a token.")
        self._on_secret(token)
        life = _lifetime(answer.get("expires_in"))
        return Ticket(
            token=token,
            renew_at=asked_at + life - min(_RENEW_AHEAD_S, life / 5),
            expires_at=asked_at + life,
        )

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self._credentials.client_id,
            "scope": ["rest_webservices"],
            "aud": self._url,
            # A clock that runs ahead must not make the assertion one from the future.
            "iat": now - _CLOCK_SKEW_S,
            "exp": now + _ASSERTION_S,
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode(
            claims,
            self._credentials.private_key,
            algorithm=self._algorithm,
            headers={"kid": self._credentials.certificate_id},
        )

    def _refused(self, answer: dict[str, Any]) -> ConfigurationError:
        words = printable(f"{answer['error']} {answer.get('error_description') or ''}")
        return ConfigurationError(
            f"NetSuite connection {self._credentials.connection!r}: the login was refused "
            f"({words}). Check the client id, the certificate id, that the private key belongs to "
            "that certificate and has not expired, and this machine's clock."
        )


def login(
    session: aiohttp.ClientSession, credentials: Credentials, on_secret: Callable[[str], None]
) -> Login:
    """The login that `credentials` ask for."""
    if credentials.auth is Auth.TBA:
        return Signed(credentials)
    return Bearer(session, credentials, on_secret)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _lifetime(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        return 3600.0
    return seconds if 0 < seconds <= 86_400 else 3600.0
