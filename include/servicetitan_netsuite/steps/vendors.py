"""Vendors that documents name: read from both sides, and linked where that needs no guess."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import AccountProfile, DocumentType, Json, MappingRow
from servicetitan_netsuite.mapping.vendor_rules import vendor_links
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.reference import Reference
from servicetitan_netsuite.netsuite.vendors import vendors as books_vendors
from servicetitan_netsuite.servicetitan.client import NotAllowed, Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.vendors import vendors as field_vendors
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from servicetitan_netsuite.steps.kinds.kind import Kind

log = logging.getLogger(__name__)


def needed(tenant: Tenant, kinds: Iterable[Kind]) -> bool:
    """Whether the documents of these types name vendors; summary journal entries name none."""
    return any(
        kind.vendors
        and (kind.type is not DocumentType.JOURNAL_ENTRY or tenant.sync.journal_detail != "summary")
        for kind in kinds
    )


async def linked(
    tenant: Tenant,
    servicetitan: ServiceTitan,
    netsuite: NetSuite,
    profile: AccountProfile,
    reference: Reference,
    known: Sequence[MappingRow],
) -> tuple[Reference, list[MappingRow]]:
    """`reference` with the vendors of both sides, and the links that are not `known` yet.

    ServiceTitan's vendors carry NetSuite's id where `master_data` of the tenant file keeps it,
    else where `customers.legacy_id` does. With `master_data` a name alone links only vendors that
    NetSuite flags for ServiceTitan.
    """
    kept = tenant.master_data or tenant.sync.customers.legacy_id
    flag = tenant.master_data.vendor_flag if tenant.master_data else None
    held = await _held(netsuite, profile, flag)
    if not held:
        return reference, []
    try:
        theirs = await field_vendors(
            servicetitan, kept.application_guid if kept else None, kept.key if kept else None
        )
    except (NotAllowed, Refused) as refused:
        # Vendors that are linked already can be used; documents name each one that is not.
        log.warning("No vendor is linked by this run: %s", refused)
        theirs = []
    new = vendor_links(theirs, held, known, only_flagged=bool(flag))
    if new:
        log.info("First fill: %d vendors linked by external data and exact name.", len(new))
    names = {vendor.id: vendor.name for vendor in theirs if vendor.name}
    return replace(reference, vendors=held, vendor_names=names), new


async def _held(netsuite: NetSuite, profile: AccountProfile, flag: str | None) -> tuple[Json, ...]:
    """NetSuite's vendors; none where the role may not see them: documents then name each one."""
    try:
        held = await books_vendors(netsuite, profile, flag)
    except ReadRefused as refused:
        log.warning("NetSuite shows the role no vendors (Lists > Vendors, View): %s", refused)
        return ()
    if flag and any(row["flagged"] is None for row in held):
        log.warning("NetSuite's vendors have no field %s: none is linked by name.", flag)
    return held
