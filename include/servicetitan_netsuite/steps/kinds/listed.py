"""What types that are read from one list of ServiceTitan's have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.exported import Mark, Marked, mark_exported, still_posted
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.listing import Listing
from servicetitan_netsuite.steps.kinds.kind import Asked
from servicetitan_netsuite.steps.work import Work

Reader = Callable[..., AsyncGenerator[Found, None]]
GROUP = 100
"""So many documents are compared with what they were posted with at a time."""


def pending(
    read: Reader, client: ServiceTitan, work: Work, asked: Asked
) -> AsyncGenerator[Found, None]:
    """What is asked for of the list that `read` reads."""
    names = {"documents": asked.documents, "batch": asked.batch, "ids": asked.ids}
    since = {"since": asked.since} if asked.since else {}
    return read(client, work.context.tenant, **names, **since)


async def in_groups(
    found: AsyncGenerator[Found, None],
    compare: Callable[[Sequence[SourceDocument]], Awaitable[list[SourceDocument]]],
) -> AsyncGenerator[Found, None]:
    """What is `found`, its documents as `compare` makes them of some at a time."""
    group: list[SourceDocument] = []
    async for one in found:
        if not isinstance(one, SourceDocument):
            yield one
            continue
        group.append(one)
        if len(group) >= GROUP:
            for made in await compare(group):
                yield made
            group = []
    for made in await compare(group) if group else ():
        yield made


async def read_posted(work: Work, type_: DocumentType, source_ids: Sequence[str]) -> list[Any]:
    """Ledger rows of these documents and their parts, with the content they were posted with.

    A row tells source id, part, posted version, NetSuite's id and content (JSON); the last three
    are None where it was not posted or that is not known.
    """
    rows = await asyncio.to_thread(
        work.ledger.rows,
        "documents/read_posted_contents",
        tenant_id=work.tenant_id,
        document_type=type_,
        source_ids=list(source_ids),
    )
    return list(rows)


async def withdrawn(
    listing: Listing, client: ServiceTitan, work: Work, rows: Sequence[Any]
) -> set[int]:
    """The rows whose document was unposted, exported by somebody else, or is gone."""
    now = await still_posted(client, listing, [row.source_id for row in rows])
    return {row.id for row in rows if not now.get(row.source_id)}


async def mark(listing: Listing, client: ServiceTitan, marks: Sequence[Mark]) -> dict[str, Marked]:
    """Mark documents of `listing` exported, as `mark_exported` does."""
    return await mark_exported(client, listing, marks)
