"""Payments: a record of customers' money each, later applications of deposits, credits used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.ledger import targets as known_targets
from servicetitan_netsuite.mapping.sales_content import RECEIVABLE_ROLE
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.exported import (
    Mark,
    Marked,
    mark_exported,
    still_posted,
)
from servicetitan_netsuite.servicetitan.found import Found, Unreadable
from servicetitan_netsuite.servicetitan.payment_parts import records_of, records_since
from servicetitan_netsuite.servicetitan.payments import (
    PAYMENTS,
    payments_now,
    pending_payments,
)
from servicetitan_netsuite.steps.kinds.kind import Asked, Kept, Kind
from servicetitan_netsuite.steps.kinds.marking import report_exported
from servicetitan_netsuite.steps.payment_verdicts import decide
from servicetitan_netsuite.steps.work import Work

GROUP = 50


async def _pending(client: ServiceTitan, work: Work, asked: Asked) -> AsyncGenerator[Found, None]:
    """Every posted payment with all its records, then what was added to deposits since."""
    group: list[SourceDocument] = []
    listed: set[str] = set()
    tenant = work.context.tenant
    found: Found
    async for found in pending_payments(
        client, tenant, documents=asked.documents, batch=asked.batch, ids=asked.ids
    ):
        if isinstance(found, Unreadable):
            yield found
            continue
        group.append(found)
        listed.add(found.source_id)
        if len(group) >= GROUP:
            for made in await _listed(work, group):
                yield made
            group = []
    for made in await _listed(work, group):
        yield made
    if not (asked.documents or asked.batch or asked.ids):
        async for made in _since(client, work, listed):
            yield made


async def _listed(work: Work, payments: Sequence[SourceDocument]) -> list[SourceDocument]:
    """All records of payments that are pending now."""
    as_deposit = work.context.tenant.sync.payment_remainder == "deposit"
    known = await _settled(work, [payment.source_id for payment in payments])
    made: list[SourceDocument] = []
    for payment in payments:
        own = known.get(payment.source_id)
        if own is None or not own.posted:
            made += records_of(payment, remainder_is_deposit=as_deposit)
        else:
            made += _unposted(payment, own)
    return made


async def _since(
    client: ServiceTitan, work: Work, listed: set[str]
) -> AsyncGenerator[SourceDocument, None]:
    """What became of payments whose deposit is open: they are listed no more once exported."""
    pieces = await asyncio.to_thread(
        lambda: list(known_targets.open_deposits(work.ledger, work.tenant_id))
    )
    for piece in pieces:
        ids = [id_ for id_ in piece if id_ not in listed]
        now = await payments_now(client, work.context.tenant, ids)
        known = await _settled(work, list(now))
        for id_, payment in now.items():
            if known[id_].posted:
                for made in _unposted(payment, known[id_])[1:]:
                    yield made


def _unposted(payment: SourceDocument, known: known_targets.Settled) -> list[SourceDocument]:
    """The payment itself, and those of its records that are not in NetSuite as they are now."""
    itself, *parts = records_since(payment, known.content or payment.content, known.parts)
    return [itself, *(one for one in parts if known.parts.get(one.part) != one.version)]


async def _settled(work: Work, ids: Sequence[str]) -> dict[str, known_targets.Settled]:
    return await asyncio.to_thread(known_targets.settled, work.ledger, work.tenant_id, ids)


async def _withdrawn(client: ServiceTitan, work: Work, rows: Sequence[Any]) -> set[int]:
    """The rows whose payment was unposted or is gone, and records it no longer has."""
    now = await still_posted(client, PAYMENTS, [row.source_id for row in rows])
    return {row.id for row in rows if row.part or not now.get(row.source_id)}


async def _report(work: Work, client: ServiceTitan, rows: Sequence[Any]) -> list[Kept]:
    """Mark payments exported, all of a call together; ServiceTitan takes no name of ours there."""
    return await report_exported(_pending, _mark, work, client, rows)


async def _mark(client: ServiceTitan, marks: Sequence[Mark]) -> dict[str, Marked]:
    return await mark_exported(client, PAYMENTS, marks)


PAYMENT = Kind(
    DocumentType.PAYMENT,
    pending=_pending,
    withdrawn=_withdrawn,
    judge=decide,
    report=_report,
    roles=(RECEIVABLE_ROLE,),
)
