"""What people decide about records that are no journals: found by what they are in NetSuite."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.steps.resolve import Decision, resolve
from support.site import Site
from support.vendor_credits import CHOSEN, apply, bill_of, held, name_of, pair, rows


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


def by_hand(site: Site, method: str, path: str, body: Any = None) -> None:
    """What an accountant does in NetSuite itself."""
    fields = site.context("unused").netsuite

    async def act() -> None:
        async with NetSuite(credentials(fields), times(fields)) as client:
            exchange = await client.send(method, f"record/v1/{path}", body=body)
            assert exchange.status == 204, exchange.text

    asyncio.run(act())


def decide(site: Site, name: str, decision: Decision) -> str:
    with Ledger(site.ledger_url) as ledger:
        fields = site.context("unused").netsuite
        return resolve(ledger, site.tenant, fields, name, decision, "Ann", "as agreed")


def one(site: Site, becomes: str) -> dict[str, Any]:
    """An invoice that becomes such a record."""
    return next(
        d
        for d in site.entries()
        if d["type"] == "invoice"
        and d["valid"]
        and d["becomes"] == becomes
        and d["sync_status"] == "Pending"
    )


def conflicting(site: Site, becomes: str) -> Any:
    """An invoice that NetSuite stored otherwise than it was sent: a conflict."""
    site.post_batch([one(site, becomes)])
    site.faults({"route": f"record/{becomes}", "fault": "alter", "next": 1})
    site.run("first")
    site.no_faults()
    (row,) = site.documents("invoice").values()
    assert row.state == "conflict"
    return row


def test_what_the_sync_never_changes_is_not_said_to_be_updated(den: Site) -> None:
    row = conflicting(den, "invoice")
    with pytest.raises(ConfigurationError, match="by hand, then --accept it, or delete it there"):
        decide(den, row.external_id, Decision.UPDATE)
    assert next(iter(den.documents("invoice").values())).state == "conflict"
    decide(den, row.external_id, Decision.ACCEPT)


def test_a_negative_invoice_is_posted_again_only_when_its_credit_memo_is_gone(den: Site) -> None:
    row = conflicting(den, "creditMemo")
    with pytest.raises(ConfigurationError, match="still holds"):
        decide(den, row.external_id, Decision.AGAIN)
    by_hand(den, "DELETE", f"creditMemo/{row.netsuite_id}")
    decide(den, row.external_id, Decision.AGAIN)
    den.run("again")
    (row,) = den.documents("invoice").values()
    assert row.state == "confirmed"
    assert row.external_id.endswith("-r2")


def stopped_item(site: Site) -> Any:
    """A sale item whose external id another person's item has: a conflict, its invoice blocked."""
    site.post_batch([one(site, "invoice")])
    site.prepare("look")
    item = next(iter(site.documents("item").values()))
    other = {
        "externalId": item.external_id,
        "itemId": "Somebody's item",
        "incomeAccount": {"id": item.source_id},
        "includeChildren": True,
        "subsidiary": {"items": [{"id": "1"}]},
    }
    by_hand(site, "POST", "nonInventorySaleItem", other)
    site.run("first")
    item = site.documents("item")[item.number]
    assert (item.state, item.cause) == ("conflict", "content_differs")
    return item


def test_an_accepted_item_is_the_one_that_invoices_go_through(den: Site) -> None:
    item = stopped_item(den)
    with pytest.raises(ConfigurationError, match=r"by hand, then --accept it\. Nothing"):
        decide(den, item.external_id, Decision.UPDATE)
    decide(den, item.external_id, Decision.ACCEPT)
    den.run("second")
    assert den.documents("item")[item.number].state == "confirmed"
    (invoice,) = den.documents("invoice").values()
    assert invoice.state == "confirmed"


def test_an_item_is_made_again_when_the_other_is_gone_and_invoices_go_through_it(den: Site) -> None:
    item = stopped_item(den)
    with pytest.raises(ConfigurationError, match="still holds"):
        decide(den, item.external_id, Decision.AGAIN)
    by_hand(den, "DELETE", f"nonInventorySaleItem/{item.netsuite_id}")
    decide(den, item.external_id, Decision.AGAIN)
    den.run("second")
    made = den.documents("item")[item.number]
    assert (made.state, made.external_id) == ("confirmed", f"{item.external_id}-r2")
    (invoice,) = den.documents("invoice").values()
    assert invoice.state == "confirmed"


def test_what_a_credit_is_applied_to_is_settled_on_the_credit_itself(den: Site) -> None:
    returned, credit = pair(den)
    bill = bill_of(den)
    den.post_batch([returned])
    den.run("first", document_types=CHOSEN)
    apply(den, credit, bill, "10.00")
    den.run("second", document_types=CHOSEN)
    den.edit(credit, splits=[], appliedAmount=0, sync_status="Posted")
    den.run("third", document_types=CHOSEN)
    name = f"{name_of(returned)}-application-{bill['id']}"
    assert rows(den)[name].state == "conflict"
    for decision in (Decision.UPDATE, Decision.AGAIN):
        with pytest.raises(ConfigurationError, match="is no record of its own, but what a credit"):
            decide(den, name, decision)
    (credited,) = held(den).values()
    paid = next(
        r["id"]
        for r in den.truth()["records"]
        if r["external_id"] == f"st-1004-vendor_bill-{bill['id']}"
    )
    untied = {"apply": {"items": [{"doc": {"id": paid}, "apply": False}]}}
    by_hand(den, "PATCH", f"vendorCredit/{credited['id']}", untied)
    assert "counts as applied" in decide(den, name, Decision.ACCEPT)
    den.run("fourth", document_types=CHOSEN)
    assert {row.state for row in rows(den).values()} == {"confirmed"}
    assert [record["applied"] for record in held(den).values()] == ["0.00"]
