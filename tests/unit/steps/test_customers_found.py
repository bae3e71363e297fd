"""Customers of a run: what is found for some of them leaves all others unread."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.ledger.verdicts import NewParent
from servicetitan_netsuite.servicetitan.customers import Customer
from servicetitan_netsuite.steps import customers
from servicetitan_netsuite.steps.customers import Customers


class Many(dict[str, Json]):
    """References of very many customers; counts how often all of them are read."""

    reads = 0

    def values(self) -> Any:
        self.reads += 1
        return super().values()


def servicetitans(source_id: str) -> Customer:
    """What ServiceTitan shows: everybody is himself, but 7 was merged into 8."""
    survivor = "8" if source_id == "7" else source_id
    return Customer(survivor, None, f"Company {survivor}", True, {}, None, None, None)


@pytest.fixture
def planned() -> list[NewParent]:
    """Whom the ledger was told to create."""
    return []


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, planned: list[NewParent]) -> Customers:
    """Customers whose every name is new; 9 was posted again by a person."""

    async def customer(_: Any, source_id: str, legacy: Any) -> Customer:
        return servicetitans(source_id)

    async def as_known(_: Any, parents: list[NewParent]) -> list[NewParent]:
        again = {p.external_id: f"{p.external_id}-r2" for p in parents if p.source_id == "9"}
        return [replace(p, external_id=again.get(p.external_id, p.external_id)) for p in parents]

    async def done(_: Any) -> None:
        return None

    def add(_: Any, parents: list[NewParent], *, retry_rejected: bool) -> None:
        planned.extend(parents)

    monkeypatch.setattr(customers, "customer", customer)
    monkeypatch.setattr(customers, "as_known", as_known)
    monkeypatch.setattr(customers, "add_parents", add)
    sync = SimpleNamespace(naming=False, customers=SimpleNamespace(legacy_id=None))
    work: Any = SimpleNamespace(
        tenant_id="1",
        run=SimpleNamespace(dry_run=False),
        context=SimpleNamespace(
            params=SimpleNamespace(retry_rejected=False),
            tenant=SimpleNamespace(sync=sync, short_name="DEN"),
        ),
        writer=SimpleNamespace(done=done),
    )
    nobody: Any = None
    return Customers(work, nobody, nobody, {}, entities=Many())


def test_new_customers_do_not_read_all_that_were_found_before(found: Customers) -> None:
    asyncio.run(found.prepare([(str(n), "2") for n in range(9)]))
    assert found.entities.reads == 0  # type: ignore[attr-defined]
    assert found.entities["st-1-customer-3"] == {"externalId": "st-1-customer-3"}


def test_whoever_was_posted_again_stands_by_the_new_name(found: Customers) -> None:
    asyncio.run(found.prepare([("8", "2"), ("9", "3")]))
    assert found.entities["st-1-customer-9"] == {"externalId": "st-1-customer-9-r2"}
    assert found.places["st-1-customer-9-r2"] == "3"


@pytest.mark.parametrize("together", [True, False])
def test_merged_customers_are_created_once_for_the_subsidiary_that_documents_are_told(
    found: Customers, planned: list[NewParent], *, together: bool
) -> None:
    needs = [("7", "2"), ("8", "3")]
    for some in [needs] if together else [[each] for each in needs]:
        asyncio.run(found.prepare(some))
    survivor = "st-1-customer-8"
    assert found.entities["st-1-customer-7"] == found.entities[survivor] == {"externalId": survivor}
    (one,) = planned
    assert one.draft.canonical["subsidiary"] == found.places[survivor] == "2"
