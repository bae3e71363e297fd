"""Customers of another subsidiary are blocked or added; new ones are shown beside NetSuite's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.customer import person_names
from servicetitan_netsuite.netsuite.suiteql import rows
from servicetitan_netsuite.steps import summarize
from servicetitan_netsuite.tenants import Customers
from support.site import Site, call


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    return make_site("den")


def elsewhere(site: Site) -> list[dict[str, Any]]:
    """Invoices whose customer belongs to another subsidiary."""
    documents = call(site.servicetitan, "/sandbox/truth")["documents"]
    own = (d for d in documents if str(d["tenant_id"]) == site.tenant_id)
    found = [d for d in own if d["type"] == "invoice" and "subsidiary_invalid" in d["why"]]
    assert found
    return found


def relations(site: Site) -> list[dict[str, str]]:
    """Who trades where besides its own subsidiary."""
    return asked(
        site,
        "SELECT r.id AS id, r.entity AS entity FROM customersubsidiaryrelationship r "
        "WHERE r.isprimarysub = 'F' ORDER BY r.id",
    )


def test_a_customer_of_another_subsidiary_blocks_and_says_what_to_do(den: Site) -> None:
    found = elsewhere(den)
    before = len(relations(den))
    den.post_batch(found)
    den.run("r1")
    for document in found:
        row = den.documents("invoice")[str(document["number"])]
        assert (row.state, row.cause) == ("blocked", "subsidiary_invalid")
        assert "does not trade in subsidiary" in row.sentence
        assert "further_subsidiaries" in row.advice
    assert len(relations(den)) == before


def test_with_the_setting_it_is_added_once_and_the_document_posts(den: Site) -> None:
    customers = den.tenant.sync.customers
    site = den.with_tenant(
        customers=Customers(**customers.model_dump() | {"further_subsidiaries": True})
    )
    found = elsewhere(site)
    site.post_batch(found)
    before = len(relations(site))
    site.prepare("rehearsal", dry_run=True)
    assert len(relations(site)) == before
    site.run("r1")
    for document in found:
        assert site.documents("invoice")[str(document["number"])].state == "confirmed"
    assert len(relations(site)) == before + 1


def asked(site: Site, sql: str) -> list[dict[str, str]]:
    """What NetSuite answers."""
    fields = site.context("unused").netsuite

    async def read() -> list[dict[str, str]]:
        async with NetSuite(credentials(fields), times(fields)) as client:
            return await rows(client, sql)

    return asyncio.run(read())


def make_customer(site: Site, body: dict[str, Any]) -> None:
    fields = site.context("unused").netsuite

    async def make() -> None:
        async with NetSuite(credentials(fields), times(fields)) as client:
            exchange = await client.send("POST", "record/v1/customer", body=body)
            assert exchange.status == 204, exchange.text

    asyncio.run(make())


def would_create(site: Site, run: str) -> str:
    """The one customer that a dry run would create, as its summary tells it."""
    context = site.prepare(run, dry_run=True)
    (told,) = summarize.run(context, ())["would_create"]["customers"]
    return str(told)


def test_a_dry_run_names_netsuites_customers_that_a_new_one_may_be(den: Site) -> None:
    documents = call(den.servicetitan, "/sandbox/truth")["documents"]
    own = (d for d in documents if str(d["tenant_id"]) == den.tenant_id)
    den.post_batch([next(d for d in own if d["type"] == "invoice" and d["valid"])])
    name = would_create(den, "r1")
    assert "NetSuite has" not in name
    (place,) = asked(den, "SELECT s.id AS id FROM subsidiary s WHERE s.name = 'Boulder Electric'")
    shown = " ".join(person_names(name))
    company = {"isPerson": False, "companyName": shown.upper(), "subsidiary": place}
    make_customer(den, company)
    (made,) = asked(
        den, f"SELECT c.id AS id FROM customer c WHERE c.companyname = '{shown.upper()}'"
    )
    assert (
        would_create(den, "r2") == f"{name}; NetSuite has {shown.upper()}: same name ({made['id']})"
    )


def test_a_link_that_is_pointed_elsewhere_counts_for_later_documents_alone(den: Site) -> None:
    documents = call(den.servicetitan, "/sandbox/truth")["documents"]
    own = [d for d in documents if str(d["tenant_id"]) == den.tenant_id]
    fit = [d for d in own if d["type"] == "invoice" and d["valid"] and d["gl"]]
    first, second = [d for d in fit if d["subsidiary"] == fit[0]["subsidiary"]][:2]
    den.post_batch([first])
    den.run("r1")
    posted = stored(den, first)
    with Ledger(den.ledger_url) as ledger:
        (link,) = [r for r in mappings.read(ledger, den.tenant_id) if r.kind == "customer"]
        other = {"companyName": "Another LLC", "isPerson": False}
        make_customer(den, {**other, "subsidiary": {"id": posted["subsidiary"]["id"]}})
        (made,) = asked(
            den, "SELECT c.id AS id FROM customer c WHERE c.companyname = 'Another LLC'"
        )
        mappings.save(ledger, den.tenant_id, [replace(link, target=made["id"])], "ann")
    den.edit(second, customer={"id": int(link.source_key), "name": link.source_name})
    den.post_batch([second])
    den.run("r2")
    row = den.documents("invoice")[str(second["number"])]
    assert row.state == "confirmed", row.sentence
    assert stored(den, second)["entity"]["id"] == made["id"]
    assert stored(den, first)["entity"]["id"] == posted["entity"]["id"] == link.target


def stored(site: Site, document: dict[str, Any]) -> dict[str, Any]:
    """An invoice as NetSuite shows it."""
    fields = site.context("unused").netsuite
    name = f"st-{site.tenant_id}-invoice-{document['id']}"

    async def read() -> dict[str, Any]:
        async with NetSuite(credentials(fields), times(fields)) as client:
            return dict(await client.read("GET", f"record/v1/invoice/eid:{name}"))

    return asyncio.run(read())
