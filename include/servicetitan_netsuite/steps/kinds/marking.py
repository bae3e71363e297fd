"""Mark documents exported in ServiceTitan, never at a content that is not the one in NetSuite.

Unposting, editing and posting again gives a document new content under the same id. So each is read
again right before it is marked, and only the version that was posted is.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any

from servicetitan_netsuite.documents import SourceDocument, State
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.exported import Mark, Marked
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.report import Reported
from servicetitan_netsuite.steps.kinds.kind import Asked, Kept
from servicetitan_netsuite.steps.work import Work

Pending = Callable[[ServiceTitan, Work, Asked], AsyncGenerator[Found, None]]
Marking = Callable[[ServiceTitan, Sequence[Mark]], Awaitable[dict[str, Marked]]]

_KEPT = {
    Reported.ACCEPTED: "synced",
    Reported.MOVED_ON: "moved_on",
    Reported.GONE: "gone",
}

log = logging.getLogger(__name__)


async def report_exported(
    pending: Pending, mark: Marking, work: Work, client: ServiceTitan, rows: Sequence[Any]
) -> list[Kept]:
    """Mark ledger rows of one type exported; per row what the ledger keeps.

    `pending` reads that type by `Asked.ids`; `mark` sends marks and tells what became of each, by
    source id. A document that ServiceTitan shows at another version than the one posted is not
    marked: `moved_on`, and its next reading makes a conflict of it.
    """
    try:
        moved = await _moved_on(pending, work, client, rows)
        wanted = [row for row in rows if row.source_id not in moved]
        answers = await mark(client, [_mark(row) for row in wanted]) if wanted else {}
    except TransientError as error:
        log.warning("%d documents not marked exported yet: %s", len(rows), error)
        return [None] * len(rows)
    return [
        _KEPT[Reported.MOVED_ON] if row.source_id in moved else _kept(row, answers[row.source_id])
        for row in rows
    ]


async def _moved_on(
    pending: Pending, work: Work, client: ServiceTitan, rows: Sequence[Any]
) -> set[str]:
    """Source ids of rows whose document is posted now with other content.

    What is not posted any more is none of them: the mark itself is refused and says so.
    """
    due = {row.source_id: _version(row) for row in rows}
    moved: set[str] = set()
    async for found in pending(client, work, Asked(ids=tuple(due))):
        if isinstance(found, SourceDocument):
            if not found.part and due.get(found.source_id) not in (None, found.version):
                moved.add(found.source_id)
        elif found.source_id in due:  # it could be read when it was posted
            moved.add(found.source_id)
    return moved


def _version(row: Any) -> int:
    """The version that was dealt with: the one in NetSuite, of a skipped document the one seen."""
    return int(row.version if row.state == State.SKIPPED else row.posted_version)


def _mark(row: Any) -> Mark:
    if row.state == State.SKIPPED:
        return Mark(row.source_id, None, f"Nothing to post to NetSuite. {row.sentence or ''}")
    number = row.netsuite_number or ""
    return Mark(
        row.source_id, row.external_id, f"NetSuite {number} (internal id {row.netsuite_id})"
    )


def _kept(row: Any, answer: Marked) -> str | None:
    if answer.reported is None:
        log.warning("%s is not marked exported yet: %s", row.number, answer.refused)
        return None
    return _KEPT[answer.reported]
