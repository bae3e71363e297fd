"""Token-based authentication: OAuth 1.0a signatures with HMAC-SHA256, checked in full."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from urllib.parse import parse_qsl, quote, unquote

from sandbox.netsuite.credentials import Tba

WINDOW_S = 300
_PAIR = re.compile(r'\s*([A-Za-z_]+)="([^"]*)"\s*')


def escaped(text: str) -> str:
    """Percent-encoding as RFC 5849 wants it: `!` and its like included."""
    return quote(text, safe="")


def signature(
    method: str, url: str, parameters: list[tuple[str, str]], consumer: str, token: str
) -> str:
    """The signature over a method, a url without its query, and all parameters."""
    pairs = sorted((escaped(name), escaped(value)) for name, value in parameters)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method.upper(), escaped(url), escaped(joined)))
    key = f"{escaped(consumer)}&{escaped(token)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class TbaVerifier:
    """Accepts each well-signed request once."""

    def __init__(self, account_id: str, tba: Tba) -> None:
        self._realm = account_id.upper().replace("-", "_")
        self._tba = tba
        self._nonces: dict[tuple[str, str], float] = {}

    def accepts(self, method: str, url: str, query: str, header: str) -> bool:
        """Whether the Authorization header signs this request; a nonce counts once."""
        if not header.startswith("OAuth "):
            return False
        fields = {}
        for part in header[6:].split(","):
            match = _PAIR.fullmatch(part)
            if match is None or match[1] in fields:
                return False
            fields[match[1]] = unquote(match[2])
        if not self._names_match(fields) or not self._fresh(fields):
            return False
        sent = fields.pop("oauth_signature", "")
        fields.pop("realm")
        parameters = [*fields.items(), *parse_qsl(query, keep_blank_values=True)]
        right = signature(
            method, url, parameters, self._tba.consumer_secret, self._tba.token_secret
        )
        if not hmac.compare_digest(right, sent):
            return False
        self._nonces[(fields["oauth_nonce"], fields["oauth_timestamp"])] = time.time()
        return True

    def _names_match(self, fields: dict[str, str]) -> bool:
        wanted = {
            "realm": self._realm,
            "oauth_consumer_key": self._tba.consumer_key,
            "oauth_token": self._tba.token_id,
            "oauth_signature_method": "HMAC-SHA256",
        }
        right = all(fields.get(name) == value for name, value in wanted.items())
        return right and fields.get("oauth_version", "1.0") == "1.0"

    def _fresh(self, fields: dict[str, str]) -> bool:
        stamp, nonce = fields.get("oauth_timestamp", ""), fields.get("oauth_nonce", "")
        if not nonce or not stamp.isdecimal() or abs(time.time() - int(stamp)) > WINDOW_S:
            return False
        if len(self._nonces) > 100_000:
            oldest = time.time() - 2 * WINDOW_S
            self._nonces = {key: seen for key, seen in self._nonces.items() if seen > oldest}
        return (nonce, stamp) not in self._nonces
