"""NetSuite's refusals: one exception, its JSON body, and the few families of wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.server import json_response

ERROR_TYPE = "application/vnd.oracle.resource+json; type=error"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Bad Request",
    500: "Internal Server Error",
}


@dataclass(eq=False)
class Refusal(Exception):
    """NetSuite says no: an HTTP status, an `o:errorCode` and the sentence people see.

    `where` names the offending part: `o:errorPath`, `o:errorQueryParam` or `o:errorHeader`.
    """

    status: int
    code: str
    detail: str
    where: tuple[str, str] | None = None

    def body(self) -> dict[str, Any]:
        """The error document."""
        section = f"15.5.{self.status - 399}" if self.status < 500 else "15.6.1"
        detail = {"detail": self.detail, "o:errorCode": self.code}
        if self.where is not None:
            detail[self.where[0]] = self.where[1]
        return {
            "type": f"https://www.rfc-editor.org/rfc/rfc9110.html#section-{section}",
            "title": _TITLES[self.status],
            "status": self.status,
            "o:errorDetails": [detail],
        }

    def response(self) -> web.Response:
        """The HTTP answer."""
        return json_response(self.body(), self.status, content_type=ERROR_TYPE)


def user_error(text: str) -> Refusal:
    """A business rule's no: every one of them is a 400 USER_ERROR with the same opening words."""
    return Refusal(400, "USER_ERROR", f"Error while accessing a resource. {text}")


def invalid_value(value: object, field: str, path: str | None = None) -> Refusal:
    """A value or reference that cannot be; `path` says where in the body it stood."""
    return Refusal(
        400,
        "INVALID_CONTENT",
        "Error while accessing resource: You have entered an Invalid Field Value "
        f"{value} for the following field: {field}",
        ("o:errorPath", path or field),
    )


def not_valid_here(value: object, field: str) -> Refusal:
    """A reference that exists but may not be used in this subsidiary."""
    return user_error(
        f"You have entered an Invalid Field Value {value} for the following field: {field}."
    )


def missing(*labels: str) -> Refusal:
    """Mandatory fields left out, by their labels on the form."""
    return user_error(f"Please enter value(s) for: {', '.join(labels)}.")


def not_found() -> Refusal:
    """No record under this id, or none this role may see."""
    return Refusal(404, "NONEXISTENT_ID", "Record does not exist.")


def malformed(detail: str | None = None) -> Refusal:
    """A request that cannot be read."""
    words = "The request could not be understood by the server due to malformed syntax."
    return Refusal(400, "INVALID_REQUEST", detail or words)


def standard(status: int) -> web.Response:
    """NetSuite's plain refusal of one HTTP status, for the faults on demand."""
    return {
        401: invalid_login(),
        403: Refusal(
            403, "INSUFFICIENT_PERMISSION", "You do not have permission to access this resource."
        ),
        429: too_many(),
    }.get(status, unexpected()).response()


def invalid_login() -> Refusal:
    """Bad or expired token, bad signature, or too many requests in disguise."""
    return Refusal(
        401,
        "INVALID_LOGIN",
        "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
        "Setup > Users/Roles > User Management > View Login Audit Trail.",
    )


def too_many() -> Refusal:
    """More requests at once than the account may have."""
    return Refusal(
        429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked."
    )


def changed() -> Refusal:
    """Another request holds the same record."""
    return Refusal(400, "RCRD_HAS_BEEN_CHANGED", "Record has been changed")


def unexpected() -> Refusal:
    """NetSuite's own breakdown."""
    return Refusal(
        500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: jrgbpyylphhishmmlxyt"
    )
