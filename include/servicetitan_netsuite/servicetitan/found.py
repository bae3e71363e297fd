"""What reading a row ends in: a document, or what can be told of a row that is none."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.listing import (
    Listing,
    is_posted,
    known_id,
    known_number,
    row_key,
)
from servicetitan_netsuite.servicetitan.shape import Misshapen, an_object, version_of


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that cannot be taken over, and why; id and number as far as they are known.

    `number` is empty where it is not known, and so is `source_id`.
    """

    source_id: str
    number: str
    reason: str


Found = SourceDocument | Unreadable


async def each_once(
    rows: AsyncIterable[object],
    kind: Listing,
    read: Callable[[Json], SourceDocument],
    *,
    waits: Callable[[Json], bool] = is_posted,
    seen: set[str] | None = None,
) -> AsyncGenerator[Found, None]:
    """The document of each row that waits to be synced, once; what is none as `Unreadable`.

    Args:
        rows: the list as it comes; a row may come again.
        kind: which list, for what its rows call their number.
        read: makes the document; raises `Misshapen` where there is none to be made.
        waits: whether a row waits to be synced; one that does not may come again and wait then.
        seen: rows that came before, by their keys; those that come now are put in.
    """
    seen = set() if seen is None else seen
    async for row in rows:
        key = row_key(row)
        found = None if key in seen else _taken(row, kind, read, waits)
        if found is not None:
            seen.add(key)
            yield found


def _taken(
    row: object,
    kind: Listing,
    read: Callable[[Json], SourceDocument],
    waits: Callable[[Json], bool],
) -> Found | None:
    try:
        known = an_object(row, "the row")
        return read(known) if waits(known) else None
    except Misshapen as error:
        return unreadable(row, str(error), kind.number_field)


def unreadable(row: object, reason: str, field: str = "referenceNumber") -> Unreadable:
    """What can be told about a row that is no document; `field` holds its number."""
    return Unreadable(known_id(row), known_number(row, field) or known_id(row), reason)


def document_of(
    type_: DocumentType, content: Json, day: date | None, amount: Decimal
) -> SourceDocument:
    """The document of `content`, whose header tells its id and number."""
    header = content["header"]
    return SourceDocument(
        type=type_,
        source_id=header["id"],
        number=header["number"],
        version=version_of(content),
        business_date=day,
        amount=amount,
        content=content,
    )
