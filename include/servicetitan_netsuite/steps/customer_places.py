"""A linked customer must trade in its document's subsidiary: blocked, or added by setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from servicetitan_netsuite.documents import Cause, Problem, State
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.customer_places import Trading, add, trading
from servicetitan_netsuite.steps.work import Work

_HEADER = ("entity", "customer")


@dataclass(slots=True)
class CustomerPlaces:
    """Looks each linked customer up once a run.

    `created` tells, by external id, for which subsidiary a customer is created first.
    """

    work: Work
    netsuite: NetSuite
    reference: ReferenceFrames
    created: Mapping[str, str | None]
    asked: set[str] = field(default_factory=set)
    known: dict[str, Trading] = field(default_factory=dict)

    async def checked(self, decisions: Sequence[Decision]) -> list[Decision]:
        """The decisions, those blocked whose customer is not of their subsidiary."""
        placed = {customer for d in decisions for customer, _ in _placed(d)}
        await self._look_up({customer for customer in placed if customer.isdigit()})
        return [await self._one(decision) for decision in decisions]

    async def _look_up(self, customers: set[str]) -> None:
        new = sorted(customers - self.asked)
        self.asked |= customers
        if new:
            try:
                self.known |= await trading(self.netsuite, new)
            except ReadRefused:  # then NetSuite's own check of the document has to do
                return

    async def _one(self, decision: Decision) -> Decision:
        for customer, subsidiary in _placed(decision):
            first = self.created.get(customer)
            if first and first != subsidiary:
                label = self.reference.subsidiary_label
                return _blocked(decision, _first(customer, label(first), label(subsidiary)))
            held = self.known.get(customer)
            if held is None or subsidiary in held.subsidiaries:
                continue
            place = self.reference.subsidiary_label(subsidiary)
            if not self.work.context.tenant.sync.customers.further_subsidiaries:
                return _blocked(decision, _elsewhere(customer, held, subsidiary, place))
            if not self.work.run.dry_run:
                said = await add(self.netsuite, customer, subsidiary)
                if said:
                    return _blocked(decision, _not_added(customer, held, subsidiary, place, said))
                subsidiaries = held.subsidiaries | {subsidiary}
                self.known[customer] = replace(held, subsidiaries=subsidiaries)
            note = f"Customer {held.name} is added to subsidiary {place}."
            notes = "; ".join(filter(None, (decision.notes, note)))
            decision = replace(decision, notes=notes)
        return decision


def _placed(decision: Decision) -> Iterator[tuple[str, str]]:
    """The entities in a draft by internal or external id, with the subsidiary it is posted to."""
    if decision.state is not State.READY or decision.draft is None:
        return
    body = decision.draft.body
    own = body.get("subsidiary")
    subsidiary = (
        own.get("id") if isinstance(own, dict) else decision.draft.canonical.get("subsidiary")
    )
    if not isinstance(subsidiary, str):
        return
    lines = body.get("line")
    rows = lines.get("items") if isinstance(lines, dict) else None
    refs = [body.get(name) for name in _HEADER]
    refs += [row.get("entity") for row in rows or () if isinstance(row, dict)]
    names = (ref.get("id") or ref.get("externalId") for ref in refs if isinstance(ref, dict))
    for customer in dict.fromkeys(name for name in names if isinstance(name, str)):
        yield customer, subsidiary


def _blocked(decision: Decision, problem: Problem) -> Decision:
    return replace(decision, state=State.BLOCKED, problems=(problem,), draft=None, parents=())


def _first(customer: str, first: str, place: str) -> Problem:
    return Problem(
        Cause.SUBSIDIARY_INVALID,
        f"Its customer is created for subsidiary {first}, but this document is of {place}.",
        "Once the customer is in NetSuite, add it to that subsidiary there, or set "
        "customers: {further_subsidiaries: true} in the tenant file; the next run then takes the "
        "document up.",
        customer,
        place,
    )


def _elsewhere(customer: str, held: Trading, subsidiary: str, place: str) -> Problem:
    return Problem(
        Cause.SUBSIDIARY_INVALID,
        f"NetSuite's customer {held.name} ({customer}) does not trade in subsidiary {place}.",
        "Add the customer to that subsidiary in NetSuite, link another one in the tenant's "
        "mappings, or set customers: {further_subsidiaries: true} in the tenant file.",
        f"{customer}:{subsidiary}",
        held.name,
    )


def _not_added(customer: str, held: Trading, subsidiary: str, place: str, said: str) -> Problem:
    return Problem(
        Cause.SUBSIDIARY_INVALID,
        f"NetSuite's customer {held.name} ({customer}) could not be added to subsidiary {place}. "
        f"NetSuite said: {said}",
        "Add it by hand in NetSuite, or link another customer in the tenant's mappings.",
        f"{customer}:{subsidiary}",
        held.name,
    )
