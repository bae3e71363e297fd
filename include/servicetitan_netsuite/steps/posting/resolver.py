"""Find out what became of documents whose answer never came: look up, compare, then decide."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, Operation, State
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.netsuite import lookup, update
from servicetitan_netsuite.netsuite.canonical import differences
from servicetitan_netsuite.netsuite.lookup import Held
from servicetitan_netsuite.steps.posting.changes import (
    deleted,
    different,
    edited,
    held_and_before,
    hidden,
    not_shown,
)
from servicetitan_netsuite.steps.posting.desk import (
    Desk,
    RecordRefused,
    held_form,
    named_id,
    shown_record,
)
from servicetitan_netsuite.steps.posting.links import link

CHUNK = 500
_UPDATED = DocumentType.JOURNAL_ENTRY
"""Whose newer versions update the record that is posted."""


class Resolver:
    """Resolves uncertain documents of a tenant.

    Found and equal to an attempt that may have landed: posted. Found and different: conflict.
    That a document is *not* there is believed only when its settle time is over, SuiteQL and
    `GET eid:` agree, and the role is shown to see such records at all.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sighted: dict[str, bool] = {}

    async def pass_over(self) -> None:
        """Look up every uncertain document once and decide what can be decided now."""
        after, more = 0, True
        while more:
            rows = await self._desk.read(sending.uncertain, self._desk.work.tenant_id, after, CHUNK)
            more = len(rows) == CHUNK
            after = rows[-1].id if rows else after
            await self._decide(rows)

    async def _decide(self, rows: Sequence[Any]) -> None:
        by_type: dict[DocumentType, list[Any]] = defaultdict(list)
        for row in rows:
            if row.operation == Operation.UPDATE or update.changes(row.path):
                await self._decide_change(row)
            else:
                by_type[DocumentType(row.document_type)].append(row)
        for kind, group in by_type.items():
            found = await self._desk.look_up(kind, [row.external_id for row in group])
            for row in group:
                held = found.get(row.external_id)
                if held:
                    await self._compare(row, held.netsuite_id, held)
                elif row.settled:
                    await self._not_listed(kind, row)

    async def _compare(self, row: Any, netsuite_id: str, held: Held | Json) -> None:
        """Posted when it equals any attempt that may have landed, else a conflict."""
        form = held.canonical if isinstance(held, Held) else held
        attempts = await self._desk.read(sending.attempts_of, row.id)
        desk, run = self._desk, self._desk.work.run
        found: list[str] = []
        for attempt in attempts:
            sent = json.loads(attempt.canonical)
            found = differences(sent, form)
            if not found:
                await desk.write(_landed, run, row, netsuite_id, attempt.version, sent)
                desk.changed.set()
                return
        problem = different(found)
        await desk.write(sending.conflict, run, row.id, State.UNCERTAIN, problem, netsuite_id)

    async def _not_listed(self, kind: DocumentType, row: Any) -> None:
        """SuiteQL does not show it after settle: ask for it by name, and doubt the role."""
        desk, run = self._desk, self._desk.work.run
        of = row.path or kind  # only the path tells what a negative invoice became
        try:
            netsuite_id = await named_id(desk, of, row.external_id)
            record = await shown_record(desk, of, netsuite_id) if netsuite_id else None
        except RecordRefused as refused:
            await desk.write(sending.conflict, run, row.id, State.UNCERTAIN, not_shown(refused))
            return
        if netsuite_id:
            form = held_form(kind, record, row.path) if record else None
            if form:  # else SuiteQL must show it first: its GL effect is what is compared
                await self._compare(row, netsuite_id, form)
            return
        attempts = await desk.read(sending.attempts_of, row.id)
        if attempts and attempts[0].outcome == "exists":
            await desk.write(sending.conflict, run, row.id, State.UNCERTAIN, hidden())
        elif await self._sees(lookup.record_name(of)):
            await desk.write(sending.absent, run, row.id)

    async def _sees(self, record: str) -> bool:
        if not self._sighted.get(record):
            async with self._desk.slots:
                sees = await lookup.shown(self._desk.netsuite, record)
            self._sighted[record] = sees
        return self._sighted[record]

    async def _record(self, row: Any, of: str, netsuite_id: str) -> Json | None:
        """The record itself; None after a conflict was written down where it is not shown."""
        try:
            record = await shown_record(self._desk, of, netsuite_id)
            problem = deleted(netsuite_id)
        except RecordRefused as refused:
            record, problem = None, not_shown(refused)
        if record is None:
            run = self._desk.work.run
            await self._desk.write(sending.conflict, run, row.id, State.UNCERTAIN, problem)
        return record

    async def _decide_change(self, row: Any) -> None:
        """Still the old content after settle: it may be sent again. Never a second record."""
        desk, run = self._desk, self._desk.work.run
        netsuite_id = update.record_id(row.path) if update.changes(row.path) else row.netsuite_id
        record = await self._record(row, row.path or _UPDATED, netsuite_id)
        if record is None:
            return
        changed = ["nothing is known of what was posted"]
        for n, attempt in enumerate(await desk.read(sending.attempts_of, row.id)):
            sent = json.loads(attempt.canonical)
            held, last = held_and_before(row, sent, record)
            if n == 0 and last:
                changed = differences(last, held)
            if attempt.operation != Operation.UPDATE or sent == last:
                break  # what was posted before: that it is still there says nothing
            if not differences(sent, held):
                await desk.write(_landed, run, row, netsuite_id, attempt.version, sent)
                desk.changed.set()
                return
        if changed:
            await desk.write(sending.conflict, run, row.id, State.UNCERTAIN, edited(changed))
        elif row.settled:
            await desk.write(sending.absent, run, row.id)


def _landed(
    connection: Any, run: Any, row: Any, netsuite_id: str, version: int, sent: Json
) -> None:
    sending.posted(connection, run, row.id, State.UNCERTAIN, netsuite_id, version, sent)
    link(connection, run, row, netsuite_id)
