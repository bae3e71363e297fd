"""A linked customer of another subsidiary: its documents are blocked, or it is added by setting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.suiteql import rows
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
    fields = site.context("unused").netsuite

    async def read() -> list[dict[str, str]]:
        async with NetSuite(credentials(fields), times(fields)) as client:
            return await rows(
                client,
                "SELECT r.id AS id, r.entity AS entity FROM customersubsidiaryrelationship r "
                "WHERE r.isprimarysub = 'F' ORDER BY r.id",
            )

    return asyncio.run(read())


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
