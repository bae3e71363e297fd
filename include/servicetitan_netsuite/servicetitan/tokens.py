"""ServiceTitan's access tokens: fetched when needed, kept until shortly before they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.servicetitan.credentials import Credentials
from servicetitan_netsuite.servicetitan.wire import Answer, Ask, Nonsense, Wire

_MARGIN_S = 60.0


class Tokens:
    """The one token of a client; whoever finds it old waits for the same new one."""

    def __init__(
        self, wire: Wire, credentials: Credentials, on_secret: Callable[[str], None]
    ) -> None:
        self._wire = wire
        self._credentials = credentials
        self._on_secret = on_secret
        self._lock = asyncio.Lock()
        self._token = ""
        self._ends = 0.0

    async def current(self) -> str:
        """A token that is good for some time yet.

        Raises:
            ConfigurationError: ServiceTitan does not know the client id and secret.
            TransientError: the token endpoint stayed busy or away.
        """
        async with self._lock:
            if not self._token or time.monotonic() >= self._ends:
                await self._renew()
            return self._token

    def forget(self, token: str) -> None:
        """`token` was refused: the next caller gets another (unless somebody has it already)."""
        if token == self._token:
            self._token = ""

    async def _renew(self) -> None:
        asked = time.monotonic()
        answer = await self._wire.exchange(self._ask())
        if answer.status != 200:
            raise self._refused(answer)
        data = answer.data if isinstance(answer.data, dict) else {}
        token, seconds = data.get("access_token"), data.get("expires_in", 900)
        if not isinstance(token, str) or not _is_token(token):
            raise Nonsense(f"{self._credentials.auth_url} answered without an access token.")
        self._on_secret(token)
        life = float(seconds) if isinstance(seconds, int) and seconds > 0 else 900.0
        self._token, self._ends = token, asked + life - min(_MARGIN_S, life / 5)

    def _ask(self) -> Ask:
        own = self._credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": own.client_id,
            "client_secret": own.client_secret,
        }
        return Ask("POST", own.auth_url, "the request for a token", {}, form=form)

    def _refused(self, answer: Answer) -> ConfigurationError:
        code = answer.data.get("error") if isinstance(answer.data, dict) else None
        named = f" ({code[:60]})" if isinstance(code, str) and code.isprintable() else ""
        if answer.status in (400, 401, 403):
            return ConfigurationError(
                f"ServiceTitan gives no token for tenant {self._credentials.tenant_id}{named}: "
                "check client id, client secret and environment in the ServiceTitan connection."
            )
        return ConfigurationError(
            f"{self._credentials.auth_url} answered {answer.status} instead of a token: check "
            "host, environment and auth_url of the ServiceTitan connection."
        )


def _is_token(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
