"""Invoices that wait to be synced: posted in ServiceTitan, active, lines and all in one list."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.entry import Unreadable
from servicetitan_netsuite.servicetitan.listing import POSTED, is_posted, known_id, unreadable
from servicetitan_netsuite.servicetitan.receivable import INVOICES, document
from servicetitan_netsuite.servicetitan.selection import selected
from servicetitan_netsuite.servicetitan.shape import Misshapen, an_object
from servicetitan_netsuite.tenants import Tenant

Found = SourceDocument | Unreadable
_PENDING = {"statuses": POSTED, "activeState": "ActiveOnly"}


async def pending_invoices(
    client: ServiceTitan,
    tenant: Tenant,
    *,
    documents: Iterable[str] = (),
    batch: str | None = None,
    ids: Iterable[str] = (),
) -> AsyncGenerator[Found, None]:
    """Every posted invoice, once each; what cannot be taken over comes as `Unreadable`.

    Args:
        client: an open client.
        tenant: whose accounting time zone says which day a stamp means.
        documents: only these numbers or ids.
        batch: only the batch of this number, id or name.
        ids: exactly these ids, whatever else is asked for.
    """
    seen: set[str] = set()
    async for row in selected(client, INVOICES, _PENDING, documents, batch, ids):
        key = known_id(row) or repr(row)
        found = None if key in seen else _read(row, tenant)
        if found is not None:
            seen.add(key)
            yield found


def _read(row: object, tenant: Tenant) -> Found | None:
    """The invoice; None where it is no longer pending."""
    try:
        known = an_object(row, "the row")
        if not is_posted(known):
            return None
        return document(INVOICES, known, known.get("items"), tenant.zone)
    except Misshapen as error:
        return unreadable(row, str(error))
