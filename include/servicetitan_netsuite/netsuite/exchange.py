"""One request and what came of it, as a value: nothing here touches the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

# Control characters, line breaks, and lone surrogates, which no database keeps.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_PREFIX = re.compile(r"^Error while accessing (a )?resource[.:]\s*", re.IGNORECASE)
_LONGEST_WORDS = 500
_LONGEST_WAIT_S = 600.0


class Failure(StrEnum):
    """Why there is no answer."""

    NOT_CONNECTED = "not_connected"
    """No connection was made, so not one byte of the request left."""
    NO_ANSWER = "no_answer"
    """Bytes may have left: the request may or may not have been carried out."""
    LOGIN_REFUSED = "login_refused"
    """No token was given, so the request was never sent."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer (`status`, `headers` with lower-case names, `text`, `json`) or a `failure`.

    `json` is the parsed body or None. `fresh_login` tells of a 401 that even a login renewed
    because of an earlier 401 could not avoid. The body stays out of the repr, and so of logs.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    text: str = field(default="", repr=False)
    json: Any = field(default=None, repr=False, hash=False)
    failure: Failure | None = None
    detail: str = ""
    fresh_login: bool = False

    @property
    def operation_id(self) -> str | None:
        """NetSuite's own name for the request, which its support asks for."""
        value = self.headers.get("x-n-operationid")
        return printable(value)[:100] if value else None

    @property
    def retry_after_s(self) -> float | None:
        """Seconds that a Retry-After header asks to wait, at most ten minutes."""
        return _retry_after(self.headers.get("retry-after", ""))

    @property
    def own_errors(self) -> tuple[OwnError, ...]:
        """What NetSuite itself says is wrong; empty for anyone else's body."""
        details = self.json.get("o:errorDetails") if isinstance(self.json, dict) else None
        if not isinstance(details, list):
            return ()
        return tuple(e for e in map(_own_error, details) if e is not None)


@dataclass(frozen=True, slots=True)
class OwnError:
    """One entry of NetSuite's `o:errorDetails`, its text free of control characters."""

    code: str
    detail: str
    path: str = ""

    @property
    def sentence(self) -> str:
        """The words a person reads: without NetSuite's stock opening, with the field if named."""
        words = _PREFIX.sub("", self.detail) or self.code
        return f"{words} ({self.path})" if self.path else words


def printable(text: str) -> str:
    """`text` on one line, without control characters or lone surrogates, at most 500 characters."""
    return _UNPRINTABLE.sub(" ", text).strip()[:_LONGEST_WORDS]


def _own_error(entry: object) -> OwnError | None:
    if not isinstance(entry, dict):
        return None
    code, detail = entry.get("o:errorCode"), entry.get("detail")
    if not isinstance(code, str) and not isinstance(detail, str):
        return None
    where = entry.get("o:errorPath") or entry.get("o:errorQueryParam") or entry.get("o:errorHeader")
    return OwnError(
        code=printable(code) if isinstance(code, str) else "",
        detail=printable(detail) if isinstance(detail, str) else "",
        path=printable(where) if isinstance(where, str) else "",
    )


def _retry_after(value: str) -> float | None:
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value):
        return min(float(value), _LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(value)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT_S)
