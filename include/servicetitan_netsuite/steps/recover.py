"""What NetSuite holds under this sync's names though the ledger does not know it: linked.

So it is when a backup of the ledger was restored: what was posted since is unknown to it, and
ServiceTitan, which was told, shows it as done. No run would ever meet it again, and what refers to
it would wait for ever. Each such record is linked as an opening document is; nothing is sent.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from functools import partial

from servicetitan_netsuite.documents import ENTITIES, UNRESOLVED, DocumentType, MappingRow
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import run
from servicetitan_netsuite.mapping.mappings import OPENING
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.ours import Named, named
from servicetitan_netsuite.steps.work import Work

REFERRED_TO = (
    DocumentType.INVOICE,
    DocumentType.CREDIT_MEMO,
    DocumentType.PAYMENT,
    DocumentType.VENDOR_BILL,
)
"""Types that others name, but purchase orders: these come again with what names them."""
OUT_OF_ORDER = 1000
"""NetSuite's internal ids grow, though not from each record to the next: so far back is looked."""
_DEPOSIT = "customerdeposit"
_NAME = re.compile(r"st-[0-9]+-([a-z_]+)-((?:credit_)?[0-9]+|[0-9a-f-]{36})(?:-r([0-9]+))?")

log = logging.getLogger(__name__)


async def recovered(work: Work, client: NetSuite, known: Sequence[MappingRow]) -> list[MappingRow]:
    """Links of what the ledger does not know; kept, but by a dry run.

    Raises:
        ReadRefused: NetSuite shows the role no transactions.
        TransientError: NetSuite was not to be had.
    """
    newest = await asyncio.to_thread(_newest, work)
    transaction = max((n for kind, n in newest.items() if kind not in ENTITIES), default=0)
    taken = {(row.kind, row.source_key) for row in known if row.target}
    found = await _found(work, client, transaction)
    if found:  # a customer is made for a document
        newest_customer = newest.get(DocumentType.CUSTOMER, 0)
        found += await _found(work, client, newest_customer, customers=True)
    links = [
        row for one in found if (row := _link(one)) and (row.kind, row.source_key) not in taken
    ]
    if links and not work.run.dry_run:
        person = f"found in NetSuite, run {work.run.id}"
        put = partial(
            mappings.put, tenant_id=work.tenant_id, rows=links, person=person, only_new=True
        )
        await work.writer.done(put)
    if links:
        _tell(work, found, links)
    return links


def _newest(work: Work) -> dict[str, int]:
    """The highest internal id the ledger knows, by document type.

    NetSuite numbers customers, items and transactions each on their own.
    """
    rows = work.ledger.rows("documents/read_newest_netsuite_ids", tenant_id=work.tenant_id)
    return {row.document_type: int(row.netsuite_id) for row in rows if row.netsuite_id}


async def _found(
    work: Work, client: NetSuite, newest: int, *, customers: bool = False
) -> list[Named]:
    """What the ledger does not know of those that are about as new as the `newest` it knows."""
    found: list[Named] = []
    after = newest - OUT_OF_ORDER
    async for records in named(client, work.tenant_id, after, customers=customers):
        found += await asyncio.to_thread(_unknown, work, records)
    return found


def _unknown(work: Work, records: Sequence[Named]) -> list[Named]:
    """Those that the ledger neither has as posted nor is about to look up by itself."""
    names = [one.external_id for one in records]
    if not names:
        return []
    with work.ledger.reading() as connection:
        rows = run(connection, "documents/read_whereabouts", {"external_ids": names})
    known = {row.external_id for row in rows if row.netsuite_id or row.state in UNRESOLVED}
    return [one for one in records if one.external_id not in known]


def _link(record: Named) -> MappingRow | None:
    """The link of a document; of what nobody names only where it was posted again as `-r2`.

    Its old name would be free in NetSuite, and the document would be posted beside its successor.
    """
    parsed = _NAME.fullmatch(record.external_id)
    if parsed is None:  # a further record of a document, such as its cost of sales
        return None
    kind, source_id, renewed = parsed.groups()
    if kind == DocumentType.CUSTOMER:
        return MappingRow(kind, source_id, record.number, record.netsuite_id, record.number)
    if kind not in set(DocumentType) or not (renewed or kind in REFERRED_TO):
        return None
    return MappingRow(
        f"{OPENING}{kind}", source_id, record.number, record.netsuite_id, record.external_id
    )


def _tell(work: Work, found: Sequence[Named], links: Sequence[MappingRow]) -> None:
    short_name = work.context.tenant.short_name
    log.warning(
        "%s: NetSuite holds %d records of this sync's that the ledger does not know, as after a "
        "backup was restored. %d of them are linked now, so that what refers to them goes on.",
        short_name,
        len(found),
        len(links),
    )
    deposits = [one.number or one.external_id for one in found if one.record == _DEPOSIT]
    if deposits:
        log.warning(
            "%s: post the batches of these deposits again in ServiceTitan, so that their later use "
            "is followed: %s",
            short_name,
            ", ".join(deposits),
        )
