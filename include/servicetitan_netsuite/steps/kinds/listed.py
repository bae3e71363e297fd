"""What types that are read from one list of ServiceTitan's have in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.exported import Mark, Marked, mark_exported, still_posted
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.listing import Listing
from servicetitan_netsuite.steps.kinds.kind import Asked
from servicetitan_netsuite.steps.work import Work

Reader = Callable[..., AsyncGenerator[Found, None]]


def pending(
    read: Reader, client: ServiceTitan, work: Work, asked: Asked
) -> AsyncGenerator[Found, None]:
    """What is asked for of the list that `read` reads."""
    names = {"documents": asked.documents, "batch": asked.batch, "ids": asked.ids}
    since = {"since": asked.since} if asked.since else {}
    return read(client, work.context.tenant, **names, **since)


async def withdrawn(
    listing: Listing, client: ServiceTitan, work: Work, rows: Sequence[Any]
) -> set[int]:
    """The rows whose document was unposted, exported by somebody else, or is gone."""
    now = await still_posted(client, listing, [row.source_id for row in rows])
    return {row.id for row in rows if not now.get(row.source_id)}


async def mark(listing: Listing, client: ServiceTitan, marks: Sequence[Mark]) -> dict[str, Marked]:
    """Mark documents of `listing` exported, as `mark_exported` does."""
    return await mark_exported(client, listing, marks)
