"""Invoices that wait to be synced: posted in ServiceTitan, active, lines and all in one list."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable

from servicetitan_netsuite.documents import Json, SourceDocument
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found, each_once
from servicetitan_netsuite.servicetitan.listing import POSTED
from servicetitan_netsuite.servicetitan.receivable import INVOICES, document
from servicetitan_netsuite.servicetitan.selection import selected
from servicetitan_netsuite.tenants import Tenant

_PENDING = {"statuses": POSTED, "activeState": "ActiveOnly"}


def pending_invoices(
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

    def read(row: Json) -> SourceDocument:
        return document(INVOICES, row, row.get("items"), tenant.zone)

    return each_once(selected(client, INVOICES, _PENDING, documents, batch, ids), INVOICES, read)
