"""ApiErrorResponse: the body of every refusal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from aiohttp import web

from sandbox.server import json_response

TITLES = {
    400: "One or more validation errors occurred.",
    401: "Unauthorized.",
    403: "Forbidden.",
    404: "The requested entity was not found.",
    409: "A conflict occurred while executing the request.",
    429: "Rate limit is exceeded. Try again in 1 seconds.",
    500: "An error occurred while processing your request.",
}
_SECTIONS = {
    401: "7235#section-3.1",
    403: "7231#section-6.5.3",
    404: "7231#section-6.5.4",
    409: "7231#section-6.5.8",
    429: "6585#section-4",
    500: "7231#section-6.6.1",
}
Errors = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """A request that is answered with a problem body."""

    def __init__(self, status: int, errors: Errors | None = None, title: str = "") -> None:
        super().__init__(title or TITLES[status])
        self.status = status
        self.errors = dict(errors or {})
        self.title = title or TITLES[status]


def response(
    status: int,
    errors: Errors | None = None,
    title: str = "",
    headers: dict[str, str] | None = None,
) -> web.Response:
    """The problem body of that status."""
    section = _SECTIONS.get(status, "7231#section-6.5.1")
    body = {
        "type": f"https://tools.ietf.org/html/rfc{section}",
        "title": title or TITLES.get(status, "Error."),
        "status": status,
        "traceId": f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-00",
        "errors": {name: list(texts) for name, texts in (errors or {}).items()},
        "data": {},
    }
    return json_response(body, status, headers)


def by_fault(status: int) -> web.Response:
    """What a fault answers."""
    return response(status, headers={"Retry-After": "1"} if status == 429 else None)
