"""What documents are checked against, read once a run: mappings, master data, the profile."""

from __future__ import annotations

import asyncio
import logging
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from servicetitan_netsuite.documents import (
    AccountProfile,
    DocumentType,
    Json,
    MappingRow,
    external_id,
)
from servicetitan_netsuite.ledger import actions, mappings, profiles, runs
from servicetitan_netsuite.mapping.first_fill import first_fill, term_fill
from servicetitan_netsuite.mapping.mappings import OPENING, MappingFrames
from servicetitan_netsuite.mapping.reference import ReferenceFrames, frames
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite import reference as master
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.terms import terms
from servicetitan_netsuite.servicetitan import reference as field_service
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.pricebook import Chart
from servicetitan_netsuite.steps import vendors
from servicetitan_netsuite.steps.customers import Customers
from servicetitan_netsuite.steps.items import Items
from servicetitan_netsuite.steps.pricebook import Pricebook
from servicetitan_netsuite.steps.recover import recovered
from servicetitan_netsuite.steps.work import Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checks:
    """The same for the whole run; customers, items and SKUs are added as documents need them.

    `openings` are the documents that NetSuite holds though the ledger does not know it, by our
    external id: from before go-live, or `found_again` under that same name after a backup of the
    ledger was restored;
    `renewed` those that a person had posted again, by the external id they had at first.
    """

    mappings: MappingFrames
    reference: ReferenceFrames
    profile: AccountProfile
    account_names: dict[str, str]
    shut_periods: dict[str, str]
    customers: Customers
    items: Items
    purchase_items: Items
    openings: dict[str, Json]
    found_again: frozenset[str]
    renewed: dict[str, Json]
    pricebook: Pricebook

    @property
    def names(self) -> Mapping[str, Json]:
        """The references to use for records that go by another name, by external id.

        Customers and items found for this run, documents from before go-live that a person has
        linked, and those posted again. There may be very many: they are looked up, never copied.
        """
        return ChainMap(
            self.purchase_items.entities,
            self.items.entities,
            self.customers.entities,
            self.openings,
            self.renewed,
        )

    def named(self, gl: Sequence[Json]) -> list[Json]:
        """GL rows with their accounts' numbers and names."""
        return [{**row, "account_name": self.account_names.get(row["account"], "")} for row in gl]


async def read_checks(
    work: Work,
    servicetitan: ServiceTitan,
    netsuite: NetSuite,
    roles: Sequence[str],
    *,
    with_vendors: bool = False,
    with_terms: bool = False,
) -> Checks:
    """Read both sides' master data and fill in what can be filled in without guessing.

    `roles` are the default accounts that this run's documents need; `with_vendors` and
    `with_terms` whether they name vendors and payment terms.
    """
    profile = await _profile(work, netsuite)
    reference, accounts, units = await asyncio.gather(
        master.reference(netsuite, profile),
        field_service.gl_accounts(servicetitan),
        field_service.business_units(servicetitan),
    )
    reference = replace(reference, unit_names={u.id: u.name for u in units if u.name})
    known = mappings.read(work.ledger, work.tenant_id)
    new = first_fill(accounts, units, reference, known, profile, roles)
    if with_vendors:
        reference, links = await vendors.linked(
            work.context.tenant, servicetitan, netsuite, profile, reference, known
        )
        new += links
    if with_terms:
        new += term_fill(await terms(netsuite), known)
    await _fill(work, new)
    rows = [*known, *new, *await recovered(work, netsuite, known)]
    customers = {r.source_key: r.target for r in rows if r.kind == "customer" and r.target}
    names = {a["id"]: f"{a['number'] or ''} {a['name']}".strip() for a in reference.accounts}
    return Checks(
        mappings=MappingFrames(rows),
        reference=frames(reference),
        profile=profile,
        account_names=names,
        shut_periods={
            p["id"]: p["name"] for p in reference.periods if p["closed"] or p["all_locked"]
        },
        openings=_openings(work, rows),
        found_again=frozenset(row.target_name for row in rows if row.kind.startswith(OPENING)),
        renewed={
            name: {"externalId": now}
            for name, now in actions.renewed(work.ledger, work.tenant_id).items()
        },
        pricebook=Pricebook(servicetitan, Chart(accounts)),
        customers=Customers(work, servicetitan, netsuite, customers),
        items=_items(work, rows, reference, DocumentType.ITEM),
        purchase_items=_items(work, rows, reference, DocumentType.PURCHASE_ITEM),
    )


def _items(
    work: Work, rows: Sequence[MappingRow], reference: master.Reference, kind: DocumentType
) -> Items:
    """The items of one kind that are linked, and what is needed to plan others."""
    return Items(
        work,
        {r.source_key: r.target for r in rows if r.kind == kind and r.target},
        {a["id"]: a for a in reference.accounts},
        tuple(
            s["id"] for s in reference.subsidiaries if not s["inactive"] and not s["elimination"]
        ),
        kind=kind,
    )


async def _profile(work: Work, netsuite: NetSuite) -> AccountProfile:
    """What the account is like: as its last Test found it, else found now and kept.

    NetSuite tells no client its accounting preferences: those are the tenant file's.
    """
    connection_id, told = work.context.netsuite.id, work.context.tenant.netsuite
    found = profiles.read(work.ledger, connection_id)
    if found is None:
        found = await account.discover(netsuite)
        if not work.run.dry_run:
            profiles.store(work.ledger, connection_id, found)
    mandatory = tuple(dict.fromkeys((*found.mandatory, *told.mandatory)))
    override = found.number_override and told.number_override
    return replace(found, mandatory=mandatory, number_override=override)


async def _fill(work: Work, new: Sequence[MappingRow]) -> None:
    """Keep the first fill; a dry run only notes what it would fill in."""
    if new:
        log.info("First fill: %d mappings by account number and exact name.", len(new))
    if work.run.dry_run:
        await work.writer.done(lambda c: runs.note_would(c, work.run, new))
    else:
        person = f"first fill, run {work.run.id}"
        await work.writer.done(
            lambda c: mappings.put(c, work.tenant_id, new, person, only_new=True)
        )


def _openings(work: Work, rows: Sequence[MappingRow]) -> dict[str, Json]:
    return {
        external_id(work.tenant_id, row.kind.removeprefix(OPENING), row.source_key): {
            "id": row.target
        }
        for row in rows
        if row.kind.startswith(OPENING) and row.target
    }
