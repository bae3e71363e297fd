"""Tell ServiceTitan what became of its documents: a queue of its own, repeated until it is taken.

It never holds a NetSuite slot, and a report that is lost is repeated, never the posting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.steps.kinds import KINDS
from servicetitan_netsuite.steps.kinds.kind import Kind
from servicetitan_netsuite.steps.work import Work

AT_ONCE = 32
_CHUNK = 200


async def report(work: Work, client: ServiceTitan, only: str | None = None) -> int:
    """Report every outcome that is due, or only those of one kind; how many were taken.

    Raises:
        TransientError: some could not be reported now; they stay due.
    """
    after, taken, lost = 0, 0, 0
    more = True
    while more:
        rows = await asyncio.to_thread(_due, work, after)
        more = len(rows) == _CHUNK
        after = rows[-1].id if rows else after
        wanted = [row for row in rows if only in (None, row.report)]
        for kind, sent in _groups(wanted):
            answers = await kind.report(work, client, sent)
            pairs = zip(sent, answers, strict=True)
            told = [(row, kept) for row, kept in pairs if isinstance(kept, str)]
            await work.writer.done(partial(_keep, of=work.run, told=told))
            # Only now: one that fails for good must not make the others' answers forgotten.
            for answer in answers:
                if isinstance(answer, BaseException):
                    raise answer
            taken += len(told)
            lost += len(sent) - len(told)
    if lost:
        raise TransientError(
            f"ServiceTitan did not take {lost} reports; they are repeated, the postings are not."
        )
    return taken


def _due(work: Work, after: int) -> Sequence[Any]:
    with work.ledger.reading() as connection:
        return sending.unreported(connection, work.tenant_id, after, _CHUNK)


def _keep(connection: Connection, of: Run, told: Sequence[tuple[Any, str]]) -> None:
    for row, kept in told:
        sending.reported(connection, of, row, kept)


def _groups(rows: Sequence[Any]) -> Iterator[tuple[Kind, Sequence[Any]]]:
    """Rows of one type together, at most `AT_ONCE`."""
    for name, kind in KINDS.items():
        own = [row for row in rows if row.document_type == name]
        for start in range(0, len(own), AT_ONCE):
            yield kind, own[start : start + AT_ONCE]
