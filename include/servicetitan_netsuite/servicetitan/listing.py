"""Where ServiceTitan lists each type of document, and what every such list has in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from servicetitan_netsuite.documents import DocumentType, Json
from servicetitan_netsuite.servicetitan.shape import Misshapen, identifier, row_id

ACCOUNTING, INVENTORY = "accounting", "inventory"
POSTED, EXPORTED = "Posted", "Exported"
_NOT_PENDING = ("Pending", EXPORTED)
_ZONES = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of ServiceTitan's.

    Attributes:
        module: the API it belongs to.
        path: the resource below the module.
        id_field: what marks and lines call the document's id.
        any_state: the query that lists inactive documents too.
        number_field: what its rows call the number people know.
        by_number: the query that asks for one number, where there is one.
        named_marks: whether a mark takes NetSuite's external id and a message.
        marked_by: what a mark calls its list, where it takes nothing but ids.
        answers_marks: whether each mark is answered; else a call is taken or refused as a whole.
        marks_at: where marks are sent, unless to the list's own `markasexported`.
        marks_with: what a call of marks says besides.
        marks_path: the resource whose documents are marked, where it is not the list itself.
        watermarked: read by what was modified since, so that what is overlooked once stays so.
    """

    type: DocumentType
    module: str = ACCOUNTING
    path: str
    id_field: str = "id"
    any_state: dict[str, str] = field(default_factory=dict, hash=False)
    number_field: str = "referenceNumber"
    by_number: str | None = None
    named_marks: bool = True
    marked_by: str | None = None
    answers_marks: bool = True
    marks_at: str | None = None
    marks_with: dict[str, str] = field(default_factory=dict, hash=False)
    marks_path: str = ""
    watermarked: bool = False


def modified_since(since: datetime | None) -> dict[str, str]:
    """The query for what was modified then or later; `since` has a time zone."""
    if since is None:
        return {}
    return {"modifiedOnOrAfter": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}


def dated_since(name: str, day: date) -> dict[str, str]:
    """The query `name` for what is dated on `day` or later, in whatever time zone."""
    return {name: f"{day - _ZONES:%Y-%m-%dT%H:%M:%SZ}"}


def is_posted(row: Json) -> bool:
    """Whether a listed document waits to be synced.

    Raises:
        Misshapen: its status is none that ServiceTitan has.
    """
    status = row.get("syncStatus")
    if status != POSTED and status not in _NOT_PENDING:
        raise Misshapen("syncStatus", status, f"{POSTED}, {' or '.join(_NOT_PENDING)}")
    return status == POSTED and row.get("active") is not False


def known_id(row: object) -> str:
    """A row's id, or an empty text where it has none that can be used."""
    try:
        return row_id(row.get("id"), "id") if isinstance(row, dict) else ""
    except Misshapen:
        return ""


def row_key(row: object) -> str:
    """What tells a row from others: its id, or all of it where it has none."""
    return known_id(row) or repr(row)


def known_number(row: object, field: str = "referenceNumber") -> str:
    """A row's number, or an empty text where it has none that can be used."""
    try:
        return identifier(row.get(field), "") if isinstance(row, dict) else ""
    except Misshapen:
        return ""
