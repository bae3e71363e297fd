"""What is pending: journal entries read whole, each at one version, several at a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.servicetitan.client import Params, Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.entry import (
    Header,
    document,
    header_of,
    unreadable,
)
from servicetitan_netsuite.servicetitan.found import Found, Unreadable
from servicetitan_netsuite.servicetitan.parallel import in_parallel, together
from servicetitan_netsuite.servicetitan.selection import IDS_A_CALL, PAGE, pieces
from servicetitan_netsuite.servicetitan.shape import Misshapen
from servicetitan_netsuite.servicetitan.wire import Nonsense
from servicetitan_netsuite.tenants import Method, Tenant

MODULE, LIST = "accounting", "journal-entries"
_GROUPS_AT_ONCE = 3
_TRIES = 4
_LINE_PAGES = 50
_STUCK_LIMIT = 3
_AP_TYPES = ("Bill", "VendorCredit", "Receipt", "InventoryReturn")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = re.compile(r"[0-9]{1,10}")
_INT32_MAX = 2**31 - 1


async def pending(
    client: ServiceTitan, tenant: Tenant, *, documents: tuple[str, ...] = (), in_flight: int = 8
) -> AsyncGenerator[Found, None]:
    """Every journal entry with one of the tenant's pending statuses, as they are read.

    Each is taken only if its version and a pending status stayed from before its lines were read
    until after. What cannot be taken over is yielded as `Unreadable`; what is no longer pending
    by then is left out. An entry may come twice if ServiceTitan's list moves meanwhile.

    Args:
        client: an open client.
        tenant: whose settings say which statuses are pending and how lines are read.
        documents: only these numbers or ids; what is neither is left out.
        in_flight: how many entries' lines are read at once.
    """
    reader = _Reader(client, tenant, asyncio.Semaphore(in_flight))
    found = in_parallel(_groups(client, tenant, documents), reader.read, _GROUPS_AT_ONCE)
    try:
        async for group in found:
            for each in group:
                yield each
    finally:
        await found.aclose()


async def headers(client: ServiceTitan, ids: Iterable[str]) -> dict[str, Header]:
    """Headers of the journal entries `ids`, by id in lower case; what is gone is absent.

    Raises:
        Nonsense: a header cannot be read, so nobody knows whether it is still pending.
    """
    asked = list(dict.fromkeys(each.lower() for each in ids))
    found: dict[str, Header] = {}
    for piece in pieces(asked, IDS_A_CALL):
        for id_, row in (await _rows(client, piece)).items():
            try:
                found[id_] = header_of(row)
            except Misshapen as error:
                raise Nonsense(
                    f"ServiceTitan's answer about journal entry {id_} cannot be read: {error}."
                ) from error
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads groups of listed entries; `room` bounds the line requests of all groups together."""

    client: ServiceTitan
    tenant: Tenant
    room: asyncio.Semaphore

    async def read(self, group: list[Header | Unreadable]) -> list[Found]:
        """What became of each entry of a group of at most `IDS_A_CALL`."""
        found: list[Found] = [each for each in group if isinstance(each, Unreadable)]
        left = [each for each in group if isinstance(each, Header)]
        for _ in range(_TRIES):
            if not left:
                return found
            ids = [header.id for header in left]
            lines = await together(*(self._lines(id_) for id_ in ids))
            types = await self._types(ids)
            rows = await _rows(self.client, ids)
            again: list[Header] = []
            for header, read in zip(left, lines, strict=True):
                seen = self._judge(header, read, types.get(header.id), rows.get(header.id))
                if isinstance(seen, Header):
                    again.append(seen)
                elif seen is not None:
                    found.append(seen)
            left = again
        reason = "it keeps changing while it is read"
        return found + [Unreadable(header.id, header.number, reason) for header in left]

    async def _types(self, ids: list[str]) -> dict[str, tuple[str, ...]]:
        """Which payables each entry holds, where the tenant syncs those as documents of their own.

        A summary does not tell what its lines come from; the list's filter does.
        """
        sync = self.tenant.sync
        if sync.method is not Method.JOURNAL_ENTRIES_AND_AP or sync.journal_detail == "detailed":
            return {}
        types: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
        suspects = list(await _rows(self.client, ids, _AP_TYPES))
        for kind in _AP_TYPES if suspects else ():
            for id_ in await _rows(self.client, suspects, (kind,)):
                types[id_] = (*types.get(id_, ()), kind)
        return types

    def _judge(
        self,
        before: Header,
        lines: list[Any] | str,
        types: tuple[str, ...] | None,
        row: Json | None,
    ) -> Any:
        """The document; its header to read it again; None where it is no longer pending."""
        if row is None:
            return None
        try:
            after = header_of(row)
            if after.sync_status not in self.tenant.sync.pending:
                return None
            if after.version_id != before.version_id:
                return after
            if isinstance(lines, str):
                return Unreadable(after.id, after.number, lines)
            detailed = self.tenant.sync.journal_detail == "detailed"
            return document(
                row, lines, self.tenant.zone, detailed=detailed, transaction_types=types
            )
        except Misshapen as error:
            return Unreadable(before.id, before.number, str(error))

    async def _lines(self, id_: str) -> list[Any] | str:
        """All lines of an entry, or in words why they cannot be had."""
        view = "details" if self.tenant.sync.journal_detail == "detailed" else "summary"
        pages: list[list[Any]] = []
        async with self.room:
            try:
                async for rows in self.client.pages(MODULE, f"{LIST}/{id_}/{view}", None, PAGE):
                    if rows and pages and rows == pages[-1]:
                        return "ServiceTitan gives the same page of its lines twice"
                    pages.append(rows)
                    if len(pages) > _LINE_PAGES:
                        return f"it has more than {_LINE_PAGES * PAGE} lines"
            except (Refused, Nonsense) as error:
                return f"its lines cannot be read: {error}"
        return [line for rows in pages for line in rows]


async def _groups(
    client: ServiceTitan, tenant: Tenant, documents: tuple[str, ...]
) -> AsyncGenerator[list[Header | Unreadable], None]:
    """What is listed, in groups whose headers one call can ask for again."""
    listed: Params = {"syncStatuses": tenant.sync.pending, "empty": "Include", "sort": "+Number"}
    previous: set[str] = set()
    async for rows in _selected(client, listed, documents):
        page = {_key(each): each for each in map(_header, rows)}
        fresh = [each for key, each in page.items() if key not in previous]
        previous = set(page)
        for group in pieces(fresh, IDS_A_CALL):
            yield group


def _header(row: object) -> Header | Unreadable:
    try:
        return header_of(row)
    except Misshapen as error:
        return unreadable(row, str(error))


def _key(each: Header | Unreadable) -> str:
    return each.id if isinstance(each, Header) else each.source_id or f"{each.number} {each.reason}"


async def _selected(
    client: ServiceTitan, listed: Params, documents: tuple[str, ...]
) -> AsyncGenerator[list[Any], None]:
    if not documents:
        async for rows in _by_number(client, listed):
            yield rows
        return
    for selection in _selections(documents):
        async for rows in client.pages(MODULE, LIST, {**listed, **selection}, PAGE):
            yield rows


def _selections(documents: Iterable[str]) -> Iterator[dict[str, str | int]]:
    named = list(dict.fromkeys(each.strip().lower() for each in documents))
    for piece in pieces([each for each in named if _GUID.fullmatch(each)], IDS_A_CALL):
        yield {"ids": ",".join(piece)}
    numbers = {int(each) for each in named if _NUMBER.fullmatch(each)}
    for number in sorted(each for each in numbers if each <= _INT32_MAX):
        yield {"numberFrom": number, "numberTo": number}


async def _by_number(client: ServiceTitan, listed: Params) -> AsyncGenerator[list[Any], None]:
    """The list in pages, each from where the last one ended: entries that leave it meanwhile move
    none out of sight. A list that is not in order of numbers is read page by page instead.
    """
    start, page, stuck = 0, 1, 0
    while stuck < _STUCK_LIMIT:
        params = {**listed, "numberFrom": start} if start else listed
        rows, more = await client.page(MODULE, LIST, params, page, PAGE)
        if more and not _in_order(rows, start):
            break
        yield rows
        if not more:
            return
        last = rows[-1]["number"]
        stuck = stuck + 1 if last == start else 0
        start, page = (start, page + 1) if last == start else (last, 1)
    async for rows in client.pages(MODULE, LIST, listed, PAGE):
        yield rows


def _in_order(rows: list[Any], start: int) -> bool:
    numbers = [row.get("number") if isinstance(row, dict) else None for row in rows]
    known = [each for each in numbers if isinstance(each, int)]
    return bool(rows) and len(known) == len(rows) and known == sorted(known) and known[0] >= start


async def _rows(
    client: ServiceTitan, ids: Sequence[str], types: tuple[str, ...] = ()
) -> dict[str, Json]:
    """Rows of at most `IDS_A_CALL` journal entries, by id in lower case.

    With `types`, only of those that hold a transaction of one of them.
    """
    asked: Params = {"ids": ",".join(ids), "transactionTypes": types, "empty": "Include"}
    rows, _ = await client.page(MODULE, LIST, asked, 1, PAGE)
    known = (row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str))
    return {row["id"].strip().lower(): row for row in known}
