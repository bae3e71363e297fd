"""Contacts of companies: made where the tenant wants them, once, and never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.suiteql import rows
from servicetitan_netsuite.tenants import Customers
from support.site import Site, call


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    site = make_site("den")
    customers = site.tenant.sync.customers
    wanting = Customers(**customers.model_dump() | {"contact": True})
    return site.with_tenant(customers=wanting)


def some_invoices(site: Site) -> list[dict[str, Any]]:
    documents = call(site.servicetitan, "/sandbox/truth")["documents"]
    own = (d for d in documents if str(d["tenant_id"]) == site.tenant_id)
    return [d for d in own if d["type"] == "invoice" and d["valid"]][:40]


def contacts(site: Site) -> list[dict[str, str]]:
    fields = site.context("unused").netsuite

    async def read() -> list[dict[str, str]]:
        async with NetSuite(credentials(fields), times(fields)) as client:
            return await rows(
                client,
                "SELECT c.id AS id, c.externalid AS externalid, c.company AS company "
                "FROM contact c ORDER BY c.id",
            )

    return asyncio.run(read())


def customers_made(site: Site) -> dict[str, str]:
    """Companies that the sync created: ServiceTitan's id to NetSuite's."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        sql = (
            "SELECT d.source_id, d.netsuite_id FROM document d JOIN attempt a "
            "ON a.document_id = d.id WHERE d.document_type = 'customer' "
            "AND a.body LIKE '%\"isPerson\":false%'"
        )
        return {row.source_id: row.netsuite_id for row in connection.exec_driver_sql(sql).all()}


def test_companies_alone_get_a_contact_and_get_it_once(den: Site) -> None:
    den.post_batch(some_invoices(den))
    den.run("r1")
    companies = customers_made(den)
    assert companies
    made = contacts(den)
    assert {one["company"] for one in made} == set(companies.values())
    names = {f"st-{den.tenant_id}-contact-{key}" for key in companies}
    assert {one["externalid"] for one in made} == names
    den.run("r2")
    assert contacts(den) == made


@pytest.mark.parametrize("fault", ["refuse", "drop_after_write"])
def test_a_contact_that_is_not_made_stops_no_document_and_is_noted(den: Site, fault: str) -> None:
    den.faults({"route": "record/contact", "fault": fault, "next": 1})
    den.post_batch(some_invoices(den))
    den.run("r1")
    states = {row.state for row in den.documents("invoice").values()}
    assert states <= {"confirmed", "skipped"}
    den.no_faults()
    den.run("r2")
    assert len(contacts(den)) == len(customers_made(den))
    with Ledger(den.ledger_url) as ledger:
        kept = [row for row in mappings.read(ledger, den.tenant_id) if row.kind == "contact"]
    assert {row.target for row in kept} == {one["id"] for one in contacts(den)}


def test_a_role_that_may_make_no_contacts_is_asked_once_a_run(den: Site) -> None:
    den.faults({"route": "record/contact", "fault": "403", "probability": 1.0})
    den.post_batch(some_invoices(den))
    den.run("r1")
    assert len(customers_made(den)) > 1
    assert {row.state for row in den.documents("invoice").values()} <= {"confirmed", "skipped"}
    assert den.truth()["faults"]["403"] == 1
