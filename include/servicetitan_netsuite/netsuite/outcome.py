"""What a response to a write means: posted, certainly not posted, or unknown.

One pure function. Whatever it does not recognise is unknown: such a document is looked up before
anything else happens to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from servicetitan_netsuite.documents import Operation
from servicetitan_netsuite.netsuite.exchange import Exchange, Failure, printable

THROTTLED_S = 1.0
"""Wait after a 429 that names none of its own."""

NOT_CONNECTED_S = 5.0
"""Wait when no connection could be made."""

_RECORD = re.compile(r"/record/v1/[A-Za-z_]\w*/([1-9][0-9]*)/?$", re.ASCII)
_EXISTS = re.compile(r"\balready exists\b", re.IGNORECASE)
_THROTTLED = {
    "CONCURRENCY_LIMIT_EXCEEDED",
    "SSS_REQUEST_LIMIT_EXCEEDED",
    "EXCEEDED_MAX_CONCUR_RQST",
    "WS_REQUEST_BLOCKED",
    "WS_CONCUR_SESSION_DISALLWD",
}
# An own error body, yet no clear no: another request may have won, or the work may go on.
_UNCLEAR = {"RCRD_HAS_BEEN_CHANGED", "IDEMPOTENCY_ERROR", "UNEXPECTED_ERROR"}
_DONE = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}


class OutcomeKind(StrEnum):
    """What became of one attempt of a write."""

    POSTED = "posted"
    NOT_SENT = "not_sent"
    STOP = "stop"
    REJECTED = "rejected"
    EXISTS = "exists"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The meaning of one exchange.

    `netsuite_id` is the internal id where the answer tells it (an update need not); `detail` one
    line for people; `wait_s` the seconds until a document that was not sent may be sent again.
    """

    kind: OutcomeKind
    netsuite_id: str | None = None
    detail: str = ""
    error_code: str | None = None
    operation_id: str | None = None
    wait_s: float = 0.0


def outcome(exchange: Exchange, operation: Operation = Operation.CREATE) -> Outcome:
    """The meaning of `exchange` for a create or an update; never raises."""
    if exchange.failure is not None or exchange.status is None:
        return _without_answer(exchange)
    status = exchange.status
    if 200 <= status < 300:
        return _success(exchange, operation)
    if status == HTTPStatus.UNAUTHORIZED:
        kind = OutcomeKind.STOP if exchange.fresh_login else OutcomeKind.NOT_SENT
        return _from(exchange, kind)
    if status == HTTPStatus.FORBIDDEN:
        return _from(exchange, OutcomeKind.STOP)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _from(exchange, OutcomeKind.NOT_SENT, wait_s=_wait(exchange))
    if 400 <= status < 500:
        return _refusal(exchange, operation)
    return _from(exchange, OutcomeKind.UNKNOWN)


def record_id(exchange: Exchange) -> str | None:
    """The internal id in a Location header that names a record, else None."""
    location = exchange.headers.get("location", "").split("?")[0].split("#")[0]
    found = _RECORD.search(location)
    return found.group(1) if found else None


def _without_answer(exchange: Exchange) -> Outcome:
    if exchange.failure is Failure.NOT_CONNECTED:
        return Outcome(
            OutcomeKind.NOT_SENT, detail=printable(exchange.detail), wait_s=NOT_CONNECTED_S
        )
    if exchange.failure is Failure.LOGIN_REFUSED:
        return Outcome(OutcomeKind.STOP, detail=printable(exchange.detail))
    return Outcome(OutcomeKind.UNKNOWN, detail=printable(exchange.detail) or "No answer came.")


def _success(exchange: Exchange, operation: Operation) -> Outcome:
    netsuite_id = record_id(exchange)
    updated = operation is Operation.UPDATE and exchange.status == HTTPStatus.NO_CONTENT
    if exchange.status in _DONE and (netsuite_id or updated):
        return Outcome(
            OutcomeKind.POSTED, netsuite_id=netsuite_id, operation_id=exchange.operation_id
        )
    return Outcome(
        OutcomeKind.UNKNOWN,
        detail=f"NetSuite answered {exchange.status} without naming the record.",
        operation_id=exchange.operation_id,
    )


def _refusal(exchange: Exchange, operation: Operation) -> Outcome:
    errors = exchange.own_errors
    codes = {error.code for error in errors}
    if not errors or codes & _UNCLEAR or exchange.status == HTTPStatus.REQUEST_TIMEOUT:
        return _from(exchange, OutcomeKind.UNKNOWN)
    if codes & _THROTTLED:
        return _from(exchange, OutcomeKind.NOT_SENT, wait_s=_wait(exchange))
    if any(_EXISTS.search(error.detail) for error in errors):
        # An update creates nothing: there the words are not recognised.
        created = operation is Operation.CREATE
        return _from(exchange, OutcomeKind.EXISTS if created else OutcomeKind.UNKNOWN)
    return _from(exchange, OutcomeKind.REJECTED)


def _wait(exchange: Exchange) -> float:
    told = exchange.retry_after_s
    return THROTTLED_S if told is None else told


def _from(exchange: Exchange, kind: OutcomeKind, wait_s: float = 0.0) -> Outcome:
    errors = exchange.own_errors
    words = " ".join(dict.fromkeys(error.sentence for error in errors))
    return Outcome(
        kind,
        detail=printable(words) or f"The answer was {exchange.status}, not in NetSuite's own form.",
        error_code=next((error.code for error in errors if error.code), None),
        operation_id=exchange.operation_id,
        wait_s=wait_s,
    )
