"""Posted is verified, then reported: NetSuite's own record is compared with what was sent."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import DocumentType, Json, State
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.netsuite.canonical import differences
from servicetitan_netsuite.netsuite.credit_application import RECORD, held, is_application
from servicetitan_netsuite.steps.posting.changes import deleted, edited, not_shown
from servicetitan_netsuite.steps.posting.desk import Desk, RecordRefused, held_form, shown_record

CHUNK = 200


class Verifier:
    """Compares posted documents in bulk, while sending goes on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def pass_over(self) -> int:
        """Verify every posted document once; how many were looked at.

        What is posted meanwhile is the next pass's, or this one would never end.
        """
        after, seen, more = 0, 0, True
        while more:
            rows = await self._desk.read(
                sending.unverified, self._desk.work.tenant_id, after, CHUNK
            )
            more = len(rows) == CHUNK
            after = rows[-1].id if rows else after
            seen += len(rows)
            by_type: dict[DocumentType, list[Any]] = defaultdict(list)
            for row in rows:
                by_type[DocumentType(row.document_type)].append(row)
            for kind, group in by_type.items():
                await self._verify(kind, group)
        return seen

    async def _verify(self, kind: DocumentType, rows: Sequence[Any]) -> None:
        desk, run = self._desk, self._desk.work.run
        forms = {row.id: json.loads(row.posted_canonical) for row in rows}
        changed = [row for row in rows if is_application(forms[row.id])]
        for row in changed:
            await self._application(row, forms[row.id])
        rows = [row for row in rows if not is_application(forms[row.id])]
        listed = await desk.look_up(kind, [row.external_id for row in rows]) if rows else {}
        equal: list[tuple[Any, str | None]] = []
        for row in rows:
            found = listed.get(row.external_id)
            if found is None or found.netsuite_id != row.netsuite_id:
                await self._by_id(kind, row)
                continue
            wrong = differences(forms[row.id], found.canonical)
            if not wrong and "applied" in forms[row.id].keys() - found.canonical.keys():
                record = await self._record(row, row.path)
                if record is None:
                    continue
                wrong = differences(forms[row.id], held(forms[row.id], record))
            if wrong:
                await desk.write(sending.conflict, run, row.id, State.POSTED, edited(wrong))
            else:
                equal.append((row, found.tran_id))
        await desk.write(_verified, run, equal)

    async def _application(self, row: Any, sent: Json) -> None:
        """What a credit is applied to: only the credit itself tells."""
        desk, run = self._desk, self._desk.work.run
        record = await self._record(row, row.path or RECORD)
        if record is None:
            return
        wrong = differences(sent, held(sent, record))
        if wrong:
            await desk.write(sending.conflict, run, row.id, State.POSTED, edited(wrong))
        else:
            number = record.get("tranId")
            await desk.write(sending.verified, run, row, str(number) if number else None)

    async def _record(self, row: Any, of: str) -> Json | None:
        """The record itself; None after a conflict was written down where it is not shown."""
        try:
            record = await shown_record(self._desk, of, row.netsuite_id)
            problem = deleted(row.netsuite_id)
        except RecordRefused as refused:
            record, problem = None, not_shown(refused)
        if record is None:
            run = self._desk.work.run
            await self._desk.write(sending.conflict, run, row.id, State.POSTED, problem)
        return record

    async def _by_id(self, kind: DocumentType, row: Any) -> None:
        """SuiteQL does not show it under its external id: the record itself decides."""
        desk, run = self._desk, self._desk.work.run
        record = await self._record(row, row.path or kind)
        if record is None:
            return
        form = held_form(kind, record, row.path)
        if form is None:
            return  # it is there, but SuiteQL does not show its GL effect yet: next time
        wrong = differences(json.loads(row.posted_canonical), form)
        if wrong:
            await desk.write(sending.conflict, run, row.id, State.POSTED, edited(wrong))
        else:
            number = record.get("tranId")
            await desk.write(sending.verified, run, row, str(number) if number else None)


def _verified(connection: Connection, of: Run, equal: Sequence[tuple[Any, str | None]]) -> None:
    for row, number in equal:
        sending.verified(connection, of, row, number)
