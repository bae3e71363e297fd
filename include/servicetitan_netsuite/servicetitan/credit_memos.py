"""Credit memos that wait to be synced: posted ones picked from the list, their lines read apart."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import datetime
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.servicetitan.client import Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, unreadable
from servicetitan_netsuite.servicetitan.listing import (
    ACCOUNTING,
    is_posted,
    modified_since,
    row_key,
)
from servicetitan_netsuite.servicetitan.receivable import CREDIT_MEMOS, document
from servicetitan_netsuite.servicetitan.selection import IDS_A_CALL, PAGE, rows_by_id, selected
from servicetitan_netsuite.servicetitan.shape import Misshapen, an_object, row_id
from servicetitan_netsuite.servicetitan.wire import Nonsense
from servicetitan_netsuite.tenants import Tenant

Lines = list[Json] | str
_ITEMS = "credit-memos/credit-memo-items"
_TRIES = 4
_LINE_PAGES = 50


async def pending_credit_memos(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    ids: Iterable[str] = (),
    since: datetime | None = None,
) -> AsyncGenerator[Found, None]:
    """Every posted credit memo, once each; what cannot be taken over comes as `Unreadable`.

    Each is taken only if it stayed the same from before its lines were read until after.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these numbers or ids; numbers are looked for in the whole list.
        batch: only the batch of this number, id or name.
        ids: exactly these ids, whatever else is asked for.
        since: only what was modified then or later, with a time zone.
    """
    filters = {"active": "True"} | modified_since(since)
    seen: set[str] = set()
    group: dict[str, Json] = {}
    async for row in selected(client, CREDIT_MEMOS, filters, documents, batch, ids):
        key = row_key(row)
        if key in seen:
            continue
        try:
            if not is_posted(an_object(row, "the row")):
                continue
            group[row_id(row.get("id"), "id")] = row
        except Misshapen as error:
            yield unreadable(row, str(error))
        seen.add(key)
        if len(group) >= IDS_A_CALL:
            for each in await _whole(client, tenant, group):
                yield each
            group = {}
    for each in await _whole(client, tenant, group):
        yield each


async def _whole(client: ServiceTitan, tenant: Tenant, group: dict[str, Json]) -> list[Found]:
    """What became of each memo of a group of at most `IDS_A_CALL`, lines read."""
    found: list[Found] = []
    left = group
    for _ in range(_TRIES):
        if not left:
            return found
        lines = await _lines(client, list(left))
        now = await rows_by_id(client, CREDIT_MEMOS, left)
        again: dict[str, Json] = {}
        for id_, before in left.items():
            row = now.get(id_)
            if row is not None and row != before:
                again[id_] = row
            elif row is not None:
                found.extend(_judged(row, lines[id_], tenant))
        left = again
    reason = "it keeps changing while it is read"
    return found + [unreadable(row, reason) for row in left.values()]


def _judged(row: Json, lines: Lines, tenant: Tenant) -> list[Found]:
    """The memo, or why it cannot be taken; nothing where it is no longer pending."""
    try:
        if not is_posted(row):
            return []
        if isinstance(lines, str):
            return [unreadable(row, lines)]
        return [document(CREDIT_MEMOS, row, lines, tenant.zone)]
    except Misshapen as error:
        return [unreadable(row, str(error))]


async def _lines(client: ServiceTitan, ids: Sequence[str]) -> dict[str, Lines]:
    """All lines of each memo, or in words why they cannot be had: one bad memo spoils no other."""
    try:
        return await _group_lines(client, ids)
    except (Refused, Nonsense, Misshapen) as error:
        if len(ids) == 1:
            return {ids[0]: f"its lines cannot be read: {error}"}
    half = len(ids) // 2
    return {**await _lines(client, ids[:half]), **await _lines(client, ids[half:])}


async def _group_lines(client: ServiceTitan, ids: Sequence[str]) -> dict[str, Lines]:
    found: dict[str, dict[str, Json]] = {id_: {} for id_ in ids}
    params = {"creditMemoIds": ",".join(ids), "active": "True"}
    pages = 0
    async for rows in client.pages(ACCOUNTING, _ITEMS, params, PAGE):
        pages += 1
        if pages > _LINE_PAGES:
            raise Misshapen("the number of lines", f"over {_LINE_PAGES * PAGE}", "a sensible one")
        for row in rows:
            _keep(found, row)
    return {id_: list(lines.values()) for id_, lines in found.items()}


def _keep(found: dict[str, dict[str, Json]], raw: Any) -> None:
    """Put a line to its memo; a page that repeats repeats lines, which count once."""
    row = an_object(raw, "a line")
    memo = row_id(row.get("creditMemoId"), "a line's creditMemoId")
    if memo not in found or row.get("active") is False:
        return
    id_ = row_id(row.get("id"), "a line's id")
    if found[memo].setdefault(id_, row) != row:
        raise Misshapen(f"line {id_}", "two different lines", "one")
