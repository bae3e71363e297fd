"""What the posting loops share: both servers, the ledger's writer, the slots, and when to stop."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from servicetitan_netsuite.documents import AccountProfile, DocumentType, Json
from servicetitan_netsuite.errors import LeaseLost, TransientError
from servicetitan_netsuite.netsuite import canonical, item, lookup, purchase_order
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.lookup import Held
from servicetitan_netsuite.netsuite.throttle import Slots
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.steps.work import Work

T = TypeVar("T")
LookUp = Callable[[NetSuite, AccountProfile, Sequence[str]], Awaitable[dict[str, Held]]]

_LOOKUPS: dict[DocumentType, LookUp] = {
    DocumentType.CUSTOMER: lookup.customers,
    DocumentType.ITEM: lookup.items,
    DocumentType.PURCHASE_ITEM: lookup.items,
}
"""Every other type is a transaction."""

_JOURNAL = lookup.record_name(DocumentType.JOURNAL_ENTRY)
_FORMS = {
    DocumentType.JOURNAL_ENTRY: canonical.journal,
    DocumentType.BANK_DEPOSIT: canonical.journal,
    DocumentType.INVENTORY_ADJUSTMENT: canonical.journal,
    DocumentType.CUSTOMER: canonical.customer,
    DocumentType.ITEM: item.held,
    DocumentType.PURCHASE_ITEM: item.held,
    DocumentType.PURCHASE_ORDER: purchase_order.held,
}
"""Types whose record, read by id, tells all that is compared; others need their GL effect."""


@dataclass(slots=True)
class Desk:
    """One posting step at work.

    `stop` ends sending, what is under way still being answered; `changed` wakes the loops that
    look up, verify and report; `failure` is why sending stopped, raised when the rest is done;
    `leave_at` (monotonic) is when a step that has to end waits for answers no longer.
    """

    work: Work
    netsuite: NetSuite
    servicetitan: ServiceTitan
    profile: AccountProfile
    slots: Slots
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    counts: Counter[str] = field(default_factory=Counter)
    failure: Exception | None = None
    leave_at: float | None = None

    @property
    def fence(self) -> int:
        """The fence of this worker's lease."""
        assert self.work.lease, "only a real run posts"
        return self.work.lease.fence

    async def write(self, change: Callable[..., T], *args: Any) -> T:
        """Commit one change of the ledger without holding up the loop."""
        return await self.work.writer.done(lambda connection: change(connection, *args))

    async def read(self, query: Callable[..., T], *args: Any) -> T:
        """Read the ledger in a thread."""

        def reading() -> T:
            with self.work.ledger.reading() as connection:
                return query(connection, *args)

        return await asyncio.to_thread(reading)

    def halt(self, reason: Exception) -> None:
        """Stop sending for `reason`; the first reason is kept."""
        self.failure = self.failure or reason
        self.stop.set()
        self.changed.set()
        if isinstance(reason, LeaseLost):
            self.leave_within(0.0)  # no answer could be written down any more

    def leave_within(self, seconds: float) -> None:
        """End the step in `seconds`; what has not been answered by then is looked up next time."""
        if self.leave_at is None:
            self.leave_at = time.monotonic() + seconds

    def check_lease(self) -> None:
        """Stop when a request started now could outlast what is left of the lease."""
        lease = self.work.lease
        assert lease, "only a real run posts"
        # A worker that was frozen and woke up goes on with a lease of its own; whether somebody
        # else has the tenant by now is for the fence to say, at its next write.
        if lease.left_s() < self.netsuite.times.timeout_s:
            self.halt(
                TransientError(
                    "The lease was not renewed in time to start another request; "
                    "posting goes on by itself.",
                    wait_s=self.netsuite.times.renew_s,
                )
            )

    async def look_up(self, kind: DocumentType, external_ids: list[str]) -> dict[str, Held]:
        """What NetSuite holds under these external ids, by SuiteQL, in one slot."""
        look = look_up_of(kind)
        async with self.slots:
            return await look(self.netsuite, self.profile, external_ids)


async def shown_record(desk: Desk, of: str, netsuite_id: str) -> Json | None:
    """One record by its id in one slot; None if NetSuite says it does not exist.

    Raises:
        RecordRefused: NetSuite refuses to show this one; others can be read.
    """
    with _one_record():
        async with desk.slots:
            return await lookup.by_id(desk.netsuite, of, netsuite_id)


async def named_id(desk: Desk, of: str, external_id: str) -> str | None:
    """The id of the record with this external id, in one slot; None and errors as before."""
    with _one_record():
        async with desk.slots:
            return await lookup.by_eid(desk.netsuite, of, external_id)


@contextmanager
def _one_record() -> Iterator[None]:
    try:
        yield
    except ReadRefused as refused:
        if refused.status != HTTPStatus.BAD_REQUEST:
            raise
        raise RecordRefused(str(refused)) from refused


class RecordRefused(Exception):
    """NetSuite answers with an error to the reading of one record; its text is NetSuite's."""


def look_up_of(kind: DocumentType) -> LookUp:
    """How NetSuite is asked for records of a type, in bulk by external id."""
    return _LOOKUPS.get(kind, lookup.transactions)


def held_form(kind: DocumentType, record: Json, path: str | None = None) -> Json | None:
    """The canonical form of a record read by id; None where the record alone does not tell.

    `path` is where it was sent to: a part of a document may be another record than the document.
    """
    journal = path is not None and lookup.record_name(path) == _JOURNAL
    form = canonical.journal if journal else _FORMS.get(kind)
    return form(record) if form else None
