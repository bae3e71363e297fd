"""Customers that documents need: linked where known, else to be created first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Draft,
    Json,
    MappingRow,
    Problem,
    external_id,
)
from servicetitan_netsuite.errors import Blocked
from servicetitan_netsuite.ledger import mappings, runs
from servicetitan_netsuite.ledger.verdicts import NewParent, add_parents
from servicetitan_netsuite.netsuite import canonical, lookup
from servicetitan_netsuite.netsuite import customer as customer_record
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.customer_candidates import candidates
from servicetitan_netsuite.plans.entities import CustomerPlan
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.customers import Customer, customer
from servicetitan_netsuite.steps.parents import as_known
from servicetitan_netsuite.steps.work import Work

AT_ONCE = 8


@dataclass(slots=True)
class Customers:
    """Finds each needed customer once a run.

    After `prepare`, `entities` holds for each needed external id the reference a body carries:
    `{"id": ...}` of a linked customer, `{"externalId": ...}` of one that is created first; and
    `problems` why a customer cannot be had.
    """

    work: Work
    servicetitan: ServiceTitan
    netsuite: NetSuite
    links: dict[str, str]
    entities: dict[str, Json] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    places: dict[str, str | None] = field(default_factory=dict)
    """The subsidiary each customer is created for, by external id."""
    plans: dict[str, CustomerPlan] = field(default_factory=dict)
    """Customers planned since the last `prepare`."""
    slot: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Validation has one of NetSuite's slots, whatever it asks ServiceTitan side by side."""

    def external_id(self, source_id: str) -> str:
        """The external id of ServiceTitan's customer `source_id`."""
        return external_id(self.work.tenant_id, DocumentType.CUSTOMER, source_id)

    async def prepare(self, needed: Iterable[tuple[str, str | None]]) -> None:
        """Find customers by (ServiceTitan id, NetSuite subsidiary of the entry that needs them)."""
        new = {
            source_id: subsidiary
            for source_id, subsidiary in needed
            if self.external_id(source_id) not in self.entities
            and self.external_id(source_id) not in self.problems
        }
        at_once = asyncio.Semaphore(AT_ONCE)

        async def bounded(source_id: str, subsidiary: str | None) -> NewParent | None:
            async with at_once:
                return await self._find(source_id, subsidiary)

        found = await asyncio.gather(*(bounded(*item) for item in sorted(new.items())))
        parents = {parent.external_id: parent for parent in found if parent}
        known = await as_known(self.work, list(parents.values()))
        again = {
            own: renewed.external_id
            for own, renewed in zip(parents, known, strict=True)
            if renewed.external_id != own
        }
        self.places.update((renewed, self.places[own]) for own, renewed in again.items())
        for entity in self.entities.values() if again else ():
            if entity.get("externalId") in again:
                entity["externalId"] = again[entity["externalId"]]
        retry = self.work.context.params.retry_rejected
        await self.work.writer.done(add_parents(self.work.run, known, retry_rejected=retry))
        if self.work.run.dry_run:
            await self._note_candidates(list(parents.values()))
        self.plans.clear()

    async def _note_candidates(self, parents: Sequence[NewParent]) -> None:
        """Who NetSuite has already that a customer to be created may be, for people to see."""
        async with self.slot:
            found = await candidates(self.netsuite, list(self.plans.values()))
        rows = [
            MappingRow(
                "customer_candidate",
                f"{parent.source_id}:{one.netsuite_id}",
                parent.name,
                one.netsuite_id,
                f"{one.name}: same {' and '.join(one.equal)}",
            )
            for parent in parents
            for one in found.get(parent.external_id, ())
        ]
        if rows:
            await self.work.writer.done(lambda c: runs.note_would(c, self.work.run, rows))

    async def _find(self, source_id: str, subsidiary: str | None) -> NewParent | None:
        own = self.external_id(source_id)
        settings = self.work.context.tenant.sync.customers
        try:
            found = await customer(self.servicetitan, source_id, settings.legacy_id)
        except Blocked as error:
            self.problems[own] = Problem(
                Cause.CUSTOMER_MISSING, error.sentence, error.advice, source_id, source_id
            )
            return None
        target = self.external_id(found.source_id)
        linked = self.links.get(found.source_id) or await self._legacy(found)
        if linked:
            self.entities[own] = {"id": linked}
            return None
        if target in self.entities:  # another one merged into it was found before
            self.entities[own] = self.entities[target]
            return None
        plan = self._plan(found, target, subsidiary)
        body = customer_record.body(plan)
        if long := customer_record.too_long(body):
            self.problems[own] = _name_too_long(found, long)
            return None
        self.plans[target] = plan
        self.entities[own] = self.entities[target] = {"externalId": target}
        self.places[target] = subsidiary
        return NewParent(DocumentType.CUSTOMER, found.source_id, found.name, target, _draft(body))

    def problems_of(self, customers: Iterable[str]) -> tuple[Problem, ...]:
        """Why documents that need these ServiceTitan customers cannot be posted."""
        names = (self.external_id(customer) for customer in customers)
        return tuple(self.problems[name] for name in names if name in self.problems)

    async def _legacy(self, found: Customer) -> str | None:
        """The customer's id from before the sync, where NetSuite still has it; kept as a link."""
        legacy = found.legacy_id
        if not legacy or not legacy.isdigit():
            return None
        async with self.slot:
            if await lookup.by_id(self.netsuite, DocumentType.CUSTOMER, legacy) is None:
                return None
        row = MappingRow("customer", found.source_id, found.name, legacy, found.name)
        self.links[found.source_id] = legacy
        run = self.work.run
        if run.dry_run:
            await self.work.writer.done(lambda c: runs.note_would(c, run, [row]))
        else:
            person = f"legacy id, run {run.id}"
            await self.work.writer.done(lambda c: mappings.put(c, run.tenant_id, [row], person))
        return legacy

    def _plan(self, found: Customer, target: str, subsidiary: str | None) -> CustomerPlan:
        tenant = self.work.context.tenant
        return CustomerPlan(
            external_id=target,
            name=found.name,
            is_person=not found.is_company,
            subsidiary=subsidiary,
            suffix=tenant.short_name if tenant.sync.naming else None,
            address=found.address,
            phone=found.phone,
            email=found.email,
        )


def _name_too_long(found: Customer, long: str) -> Problem:
    return Problem(
        Cause.CUSTOMER_NOT_CREATED,
        f"Customer {found.name} cannot be created in NetSuite: {long}.",
        "Shorten the name in ServiceTitan, or link the customer in the tenant's mappings.",
        found.source_id,
        found.name,
    )


def _draft(body: Json) -> Draft:
    return Draft(customer_record.PATH, body, canonical.customer(body))
