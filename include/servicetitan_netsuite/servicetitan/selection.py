"""Which documents of a list ServiceTitan is asked for: all, chosen ones, or one batch."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.servicetitan.client import Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.listing import Listing, known_id, known_number, row_key

PAGE = 500
IDS_A_CALL = 50
Filters = Mapping[str, str]
_PASSES = 10
_NUMBER = re.compile(r"[0-9]{1,19}")
_INT32_MAX = 2**31 - 1
_INT64_MAX = 2**63 - 1


async def selected(
    client: ServiceTitan,
    kind: Listing,
    filters: Filters,
    documents: Iterable[str] = (),
    batch: str | None = None,
    ids: Iterable[str] = (),
) -> AsyncGenerator[Any, None]:
    """Rows of the list, as they come; one may come twice when the list moves meanwhile.

    Of a whole list that is watermarked none is overlooked that is there all the time.

    Args:
        client: an open client.
        kind: which list.
        filters: what the list is asked for in any case.
        documents: only these numbers; of what is no number, these ids.
        batch: only what is in the batch of this number; if there is none, of this id or name.
        ids: exactly these ids, whatever else is asked for.
    """
    batch = (batch or "").strip()
    names = list(dict.fromkeys(each.strip() for each in documents))
    wanted = list(dict.fromkeys(ids))
    if wanted:
        rows, batch = _by_id(client, kind, filters, wanted), ""
    elif names:
        rows = _named(client, kind, filters, names)
    elif batch:
        rows = _batched(client, kind, filters, batch)
    elif kind.watermarked:
        rows = _complete(client, kind, filters)
    else:
        rows = _listed(client, kind, filters)
    async for row in rows:
        if not batch or in_batch(row, batch):
            yield row


async def rows_by_id(client: ServiceTitan, kind: Listing, ids: Iterable[str]) -> dict[str, Json]:
    """Rows of the documents `ids`, inactive ones too, by id; what is gone is absent."""
    asked = [each for each in dict.fromkeys(ids) if _fits(each, _INT64_MAX)]
    found: dict[str, Json] = {}
    for piece in pieces(asked, IDS_A_CALL):
        left = set(piece)
        async for rows in client.pages(
            kind.module, kind.path, {**kind.any_state, "ids": ",".join(piece)}, PAGE
        ):
            found.update((id_, row) for row in rows if (id_ := known_id(row)) in left)
            left -= found.keys()
            if not left:
                break
    return found


def pieces(items: Sequence[Any], size: int) -> Iterator[Any]:
    """`items` in slices of at most `size`."""
    return (items[at : at + size] for at in range(0, len(items), size))


async def _listed(
    client: ServiceTitan, kind: Listing, filters: Filters
) -> AsyncGenerator[Any, None]:
    async for rows in _pages(client, kind, filters):
        for row in rows:
            yield row


async def _pages(
    client: ServiceTitan, kind: Listing, filters: Filters
) -> AsyncGenerator[list[Any], None]:
    """The list by id where ServiceTitan sorts it so: new documents then come last."""
    begun = False
    try:
        async for rows in client.pages(kind.module, kind.path, {**filters, "sort": "+Id"}, PAGE):
            begun = True
            yield rows
        return
    except Refused as refusal:
        if begun or refusal.status != 400:
            raise
    async for rows in client.pages(kind.module, kind.path, filters, PAGE):
        yield rows


async def _complete(
    client: ServiceTitan, kind: Listing, filters: Filters
) -> AsyncGenerator[Any, None]:
    """Rows of a list, read until none has left it from one reading to the next.

    A row that leaves while pages are turned moves all behind it forward, and the first of a page
    that is not read yet onto one that is. One page cannot lose any; rows are given once.

    Raises:
        TransientError: rows leave as fast as they are read.
    """
    shown: set[str] = set()
    before: set[str] | None = None
    for _ in range(_PASSES):
        now: set[str] = set()
        pages = 0
        async for rows in _pages(client, kind, filters):
            pages += 1
            for row in rows:
                now.add(row_key(row))
                if row_key(row) not in shown:
                    yield row
        shown |= now
        if pages <= 1 or (before is not None and before <= now):
            return
        before = now
    raise TransientError(
        f"ServiceTitan's list of {kind.path} loses documents as fast as it is read: another "
        "program or person is taking them out of their batches or marking them exported."
    )


async def _named(
    client: ServiceTitan, kind: Listing, filters: Filters, names: list[str]
) -> AsyncGenerator[Any, None]:
    # Asked for as they were written: whether ServiceTitan tells Q from q is not documented.
    names = [name for name in names if name]
    left = {name.lower() for name in names}
    for name in names if kind.by_number else ():
        async for row in _listed(client, kind, {**filters, str(kind.by_number): name}):
            if known_number(row, kind.number_field).lower() == name.lower():
                left.discard(name.lower())
                yield row
    unknown = [name for name in names if name.lower() in left]
    async for row in _by_id(client, kind, filters, unknown):
        left.discard(known_id(row))
        yield row
    if left and not kind.by_number:
        async for row in _listed(client, kind, filters):
            if known_number(row, kind.number_field).lower() in left:
                yield row


async def _by_id(
    client: ServiceTitan, kind: Listing, filters: Filters, ids: Iterable[str]
) -> AsyncGenerator[Any, None]:
    for piece in pieces([each for each in ids if _fits(each, _INT64_MAX)], IDS_A_CALL):
        async for row in _listed(client, kind, {**filters, "ids": ",".join(piece)}):
            if known_id(row) in piece:
                yield row


async def _batched(
    client: ServiceTitan, kind: Listing, filters: Filters, batch: str
) -> AsyncGenerator[Any, None]:
    for asked in _batch_filters(batch):
        found = False
        async for row in _listed(client, kind, {**filters, **asked}):
            if in_batch(row, batch):
                found = True
                yield row
        if found:
            return


def _batch_filters(batch: str) -> Iterator[dict[str, str]]:
    if _fits(batch, _INT32_MAX):
        yield {"batchNumber": batch}
    if _fits(batch, _INT64_MAX):
        yield {"batchId": batch}
    else:
        yield {}


def in_batch(row: object, batch: str) -> bool:
    """Whether a listed row is in the batch of this number, id or name."""
    if not isinstance(row, dict):
        return False
    held = row.get("batch")
    if not isinstance(held, dict):  # lists of the inventory module tell the id alone
        held = {"id": row.get("batchId")}
    names = (str(held.get(name) or "").strip() for name in ("number", "id", "name"))
    return batch.casefold() in (name.casefold() for name in names)


def _fits(value: str, most: int) -> bool:
    return bool(_NUMBER.fullmatch(value)) and int(value) <= most
