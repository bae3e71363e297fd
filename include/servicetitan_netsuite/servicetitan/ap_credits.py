"""ServiceTitan's AP credits, by the return that each names; one without a return stands alone.

They cannot be asked for by return, and a return shows all that name it, exported ones too. So a
step reads their list whole once, and from then on what has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from servicetitan_netsuite.documents import DocumentType, Json
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Unreadable, unreadable
from servicetitan_netsuite.servicetitan.listing import (
    Listing,
    is_posted,
    known_id,
    known_number,
    modified_since,
    row_key,
)
from servicetitan_netsuite.servicetitan.selection import PAGE, in_batch, rows_by_id
from servicetitan_netsuite.servicetitan.shape import Misshapen, an_object, optional_id, row_id

AP_CREDITS = Listing(
    type=DocumentType.VENDOR_CREDIT,
    path="ap-credits",
    id_field="apCreditId",
    number_field="number",
    named_marks=False,
)
OVERLAP = timedelta(minutes=15)
"""So much before the last reading is read again: clocks differ, and stamps come late."""
_SYNCED, _PENDING = "PostedAndExported", "Pending"


@dataclass(slots=True)
class Credits:
    """All AP credits that are or were posted, by the source id of the document they belong to.

    `due` names, in order, the documents of those that wait to be synced.
    """

    by_document: dict[str, dict[str, Json]] = field(default_factory=dict)
    due: dict[str, None] = field(default_factory=dict)
    broken: list[Unreadable] = field(default_factory=list)

    def put(self, raw: object) -> None:
        """Take in a row of the list; one that does not tell what it belongs to is broken."""
        try:
            row = an_object(raw, "the row")
            id_ = row_id(row.get("id"), "id")
            of = optional_id(row.get("inventoryReturnId"), "inventoryReturnId") or own_id(id_)
            waits = is_posted(row)
        except Misshapen as error:
            self.broken.append(broken(raw, error))
            return
        if row.get("active") is not False and row.get("syncStatus") != _PENDING:
            self.by_document.setdefault(of, {})[id_] = row
        if waits:
            self.due[of] = None

    def of(self, document: str) -> list[Json]:
        """The credits of one document, by id."""
        found = self.by_document.get(document, {})
        return [found[id_] for id_ in sorted(found, key=int)]

    def chosen(self, names: Collection[str], batch: str | None) -> list[str]:
        """The documents that are due, narrowed down to some names or to one batch."""
        wanted = {name.lower() for name in names}
        return [
            key
            for key in self.due
            if not wanted or key in wanted or any(_called(row) & wanted for row in self.of(key))
            if not batch or any(in_batch(row, batch) for row in self.of(key))
        ]


class CreditList:
    """A tenant's AP credits, for as long as a step works: the whole list is read once."""

    def __init__(self) -> None:
        self._rows: dict[str, object] = {}
        self._read_at: datetime | None = None

    async def now(self, client: ServiceTitan, documents: Collection[str] = ()) -> Credits:
        """The credits as they are now; those of `documents` are looked at again in any case."""
        started, again = datetime.now(UTC), self._read_at
        query = modified_since(again - OVERLAP) if again else {"syncStatuses": _SYNCED}
        async for rows in client.pages(AP_CREDITS.module, AP_CREDITS.path, query, PAGE):
            self._rows.update((row_key(row), row) for row in rows)
        self._read_at = started
        if again:
            await self._look_up(client, documents)
        return self._told()

    async def _look_up(self, client: ServiceTitan, documents: Collection[str]) -> None:
        told = self._told()
        ids = [known_id(row) for document in documents for row in told.of(document)]
        held = await rows_by_id(client, AP_CREDITS, ids)
        for id_ in ids:
            self._rows.pop(id_, None)
        self._rows.update(held)

    def _told(self) -> Credits:
        found = Credits()
        for row in self._rows.values():
            found.put(row)
        return found


def own_id(credit: str) -> str:
    """The source id of an AP credit without a return; a return's is its own id."""
    return f"credit_{credit}"


def broken(row: object, error: Misshapen) -> Unreadable:
    """An AP credit that cannot be taken over, told apart from a return of the same id."""
    told = unreadable(row, str(error), AP_CREDITS.number_field)
    return replace(told, source_id=own_id(told.source_id) if told.source_id else "")


def _called(row: Json) -> set[str]:
    """What a person may call an AP credit: its number, its id."""
    return {known_id(row), known_number(row, AP_CREDITS.number_field).lower()} - {""}
