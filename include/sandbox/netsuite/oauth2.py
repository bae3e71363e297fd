"""OAuth 2.0 machine-to-machine: a signed assertion buys an access token."""

from __future__ import annotations

import secrets
import sqlite3
import time
from typing import Any
from urllib.parse import urlsplit

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from sandbox.netsuite.credentials import Credentials
from sandbox.netsuite.settings import Settings
from sandbox.server import json_response

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
ALGORITHMS = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE = "rest_webservices"
SCOPES = {SCOPE, "restlets", "suite_analytics"}
MAX_LIFE_S = 3600
GRACE_S = 60  # clocks differ


class Denied(Exception):
    """The token request fails with this OAuth error code."""


class OAuth2:
    """The token endpoint of one account, and the tokens it gave."""

    def __init__(self, credentials: Credentials, db: sqlite3.Connection) -> None:
        self._credentials = credentials
        self._db = db
        self._key = _public_key(credentials.certificate)
        self._tokens: dict[str, float] = dict(db.execute("SELECT token, expires FROM token"))
        self._signing_key = secrets.token_bytes(32)
        host = credentials.account_id.lower().replace("_", "-")
        self._hosts = {f"{host}.{kind}.api.netsuite.com" for kind in ("suitetalk", "restlets")}

    def accepts(self, header: str) -> bool:
        """Whether an Authorization header carries a token that lives."""
        token = header.removeprefix("Bearer ")
        return self._tokens.get(token, 0.0) > time.time() and token != header

    async def respond(self, request: web.Request, settings: Settings) -> web.Response:
        """Answer a token request."""
        try:
            form = await request.post()
            self._check(request, {name: str(value) for name, value in form.items()})
        except Denied as denied:
            return json_response({"error": str(denied)}, 400)
        lifetime = settings.token_lifetime_s
        token = self._issue(lifetime)
        answer = {"access_token": token, "expires_in": int(lifetime), "token_type": "Bearer"}
        return json_response(answer, headers={"Cache-Control": "no-store"})

    def _check(self, request: web.Request, form: dict[str, str]) -> None:
        if form.get("grant_type") != "client_credentials":
            raise Denied("unsupported_grant_type" if form.get("grant_type") else "invalid_request")
        if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
            raise Denied("invalid_request")
        claims = self._claims(form["client_assertion"])
        audience = urlsplit(str(claims["aud"]))
        if audience.path != TOKEN_PATH or audience.netloc not in {*self._hosts, request.host}:
            raise Denied("invalid_grant")
        if claims["iss"] != self._credentials.client_id:
            raise Denied("invalid_grant")
        if not 0 < int(claims["exp"]) - int(claims["iat"]) <= MAX_LIFE_S:
            raise Denied("invalid_grant")
        scopes = _scopes(claims.get("scope"))
        if SCOPE not in scopes or not scopes <= SCOPES:
            raise Denied("invalid_scope")

    def _claims(self, assertion: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(assertion)
            if header.get("kid") != self._credentials.certificate_id or header.get("typ") != "JWT":
                raise Denied("invalid_grant")
            claims: dict[str, Any] = jwt.decode(
                assertion,
                self._key,
                algorithms=ALGORITHMS,
                leeway=GRACE_S,
                options={"require": ["iss", "aud", "exp", "iat"], "verify_aud": False},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            raise Denied("invalid_grant") from None
        return claims

    def _issue(self, lifetime: float) -> str:
        now = time.time()
        claims = {
            "sub": "1;1",
            "scope": [SCOPE],
            "iss": "https://system.netsuite.com",
            "iat": int(now),
            "exp": int(now + lifetime),
            "jti": secrets.token_hex(8),
        }
        token = jwt.encode(claims, self._signing_key, algorithm="HS256")
        self._tokens = {t: e for t, e in self._tokens.items() if e > now} | {token: now + lifetime}
        self._db.execute("DELETE FROM token WHERE expires <= ?", (now,))
        self._db.execute("INSERT INTO token VALUES (?, ?)", (token, now + lifetime))
        return token


def _public_key(pem: str) -> Any:
    if "BEGIN CERTIFICATE" in pem:
        return x509.load_pem_x509_certificate(pem.encode()).public_key()
    return load_pem_public_key(pem.encode())


def _scopes(value: object) -> set[str]:
    names = value if isinstance(value, list) else str(value or "").replace(",", " ").split()
    return {str(name) for name in names}
