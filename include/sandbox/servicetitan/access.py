"""Who may call: tokens, app key, tenant, scopes and the rate limit."""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import jwt
from aiohttp import web

from sandbox.server import json_response
from sandbox.servicetitan import problems
from sandbox.servicetitan.credentials import Credentials
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.state import State

ALGORITHM = "HS256"
SCOPES = {
    "journal-entries": "tn.acc.journalentries",
    "gl-accounts": "tn.acc.glaccounts",
    "customers": "tn.crm.customers",
    "business-units": "tn.stt.businessunits",
    "invoices": "tn.acc.invoices",
    "credit-memos": "tn.acc.creditmemos",
    "payments": "tn.acc.payments",
    "bank-deposits": "tn.acc.bankdeposits",
    "payment-types": "tn.acc.paymenttypes",
    "payment-terms": "tn.acc.paymentterms",
    "tax-zones": "tn.acc.taxzones",
    "remittance-vendors": "tn.acc.remittancevendors",
    "ap-bills": "tn.acc.apbills",
    "inventory-bills": "tn.acc.inventorybills",
    "ap-credits": "tn.acc.apcredits",
    "ap-payments": "tn.acc.appayments",
    "purchase-orders": "tn.inv.purchaseorders",
    "receipts": "tn.inv.receipts",
    "returns": "tn.inv.returns",
    "adjustments": "tn.inv.adjustments",
    "vendors": "tn.inv.vendors",
    "locations": "tn.crm.locations",
    "services": "tn.prb.services",
    "materials": "tn.prb.materials",
    "equipment": "tn.prb.equipment",
}
ALL_SCOPES = tuple(f"{scope}:{right}" for scope in SCOPES.values() for right in "rw")


@dataclass(slots=True)
class Settings:
    """What POST /sandbox/settings changes."""

    rate_limit_per_s: int = 60
    retry_after: bool = True
    token_lifetime_s: int = 900
    scopes: dict[str, list[str]] | None = None  # by tenant id; absent: every scope

    def granted(self, tenant_id: int) -> list[str]:
        """The scopes a new token of that tenant gets."""
        return list((self.scopes or {}).get(str(tenant_id), ALL_SCOPES))


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows until `expires` (seconds since the epoch)."""

    tenant_id: int
    scopes: frozenset[str]
    expires: float


class Access:
    """Issues tokens and checks every call."""

    def __init__(self, state: State, credentials: Credentials) -> None:
        self._credentials = credentials
        self._settings = Settings(**state.setting("access", {}))
        self._key = state.setting("token_key", "") or secrets.token_hex(32)
        state.remember("token_key", self._key)
        self._state = state
        self._grants: dict[str, Grant] = {}
        self._recent: dict[tuple[str, int], deque[float]] = {}

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def change(self, settings: Settings) -> None:
        """Take new settings and keep them."""
        self._settings = settings
        names = Settings.__dataclass_fields__
        self._state.remember("access", {name: getattr(settings, name) for name in names})

    async def token(self, request: web.Request) -> web.Response:
        """POST /connect/token: client credentials for a token bound to one tenant."""
        form = await request.post()
        if form.get("grant_type") != "client_credentials":
            return _token_error("unsupported_grant_type")
        client_id, secret = _client(request, form.get("client_id"), form.get("client_secret"))
        tenant_id = self._credentials.tenant_of(client_id, secret)
        if tenant_id is None:
            return _token_error("invalid_client")
        return self._issue(request, tenant_id, client_id)

    def _issue(self, request: web.Request, tenant_id: int, client_id: str) -> web.Response:
        now, life = int(time.time()), self._settings.token_lifetime_s
        scopes = self._settings.granted(tenant_id)
        claims: dict[str, Any] = {
            "nbf": now,
            "exp": now + life,
            "iss": str(request.url.origin()),
            "client_id": client_id,
            "tenant": str(tenant_id),
            "jti": secrets.token_hex(16),
            "iat": now,
            "scope": scopes,
        }
        token = jwt.encode(claims, self._key, ALGORITHM, headers={"typ": "at+jwt"})
        body = {
            "access_token": token,
            "expires_in": life,
            "token_type": "Bearer",
            "scope": " ".join(scopes),
        }
        return json_response(body, headers={"Cache-Control": "no-store"})

    def _grant(self, token: str) -> Grant:
        grant = self._grants.get(token)
        if grant is None:
            try:
                options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
                claims = jwt.decode(token, self._key, [ALGORITHM], options=options)
            except jwt.InvalidTokenError as error:
                raise Refusal(401) from error
            grant = Grant(int(claims["tenant"]), frozenset(claims["scope"]), claims["exp"])
            self._grants[token] = grant
        if time.time() >= grant.expires:
            raise Refusal(401)
        return grant

    def check(self, request: web.Request, tenant: str, resource: str) -> None:
        """Refuse a call that is not allowed: 401, 403 or 429."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        grant = self._grant(token) if token else None
        app_key = request.headers.get("ST-App-Key") or request.query.get(
            "servicetitanapplicationkey", ""
        )
        if grant is None or not secrets.compare_digest(
            app_key.encode(), self._credentials.app_key.encode()
        ):
            raise Refusal(401)
        if tenant != str(grant.tenant_id):
            raise Refusal(403, title="The application is not allowed for this tenant.")
        right = "r" if request.method == "GET" else "w"
        if f"{SCOPES[resource]}:{right}" not in grant.scopes:
            raise Refusal(403, title=f"The scope {SCOPES[resource]}:{right} is missing.")
        self._throttle(app_key, grant.tenant_id)

    def _throttle(self, app_key: str, tenant_id: int) -> None:
        """At most so many calls in any second; refused calls do not count."""
        recent = self._recent.setdefault((app_key, tenant_id), deque())
        now = time.monotonic()
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) >= self._settings.rate_limit_per_s:
            raise Refusal(429)
        recent.append(now)

    def refused(self, refusal: Refusal) -> web.Response:
        """The answer to a refused call."""
        late = refusal.status == 429 and self._settings.retry_after
        headers = {"Retry-After": "1"} if late else None
        return problems.response(refusal.status, refusal.errors, refusal.title, headers)


def _token_error(code: str) -> web.Response:
    return json_response({"error": code}, 400)


def _client(request: web.Request, client_id: object, secret: object) -> tuple[str, str]:
    """Client id and secret from the form, or from HTTP Basic authentication."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if client_id is None and scheme.lower() == "basic":
        try:
            name, _, word = base64.b64decode(rest, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote(name), unquote(word)
    return str(client_id or ""), str(secret or "")
