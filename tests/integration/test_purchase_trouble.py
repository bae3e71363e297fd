"""Purchases in trouble: lost answers, edits, orders that grow or were there before, two lists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sandbox.servicetitan.access import ALL_SCOPES
from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite import lookup
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.outcome import record_id
from servicetitan_netsuite.netsuite.suiteql import rows
from servicetitan_netsuite.steps.resolve import Decision, resolve
from servicetitan_netsuite.tenants import Method
from support.purchasing import (
    CHOSEN,
    NAMED_BY_NOBODY,
    cases,
    held,
    name_of,
    of_order,
    pages,
    post,
    purchases,
    run,
    shown,
    state_of,
)
from support.site import Site, call

FAULTS = ("drop_after_write", "drop_before_write", "500_after_write", "no_location", "reset")


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


def test_without_purchase_orders_bills_stand_alone(den: Site) -> None:
    site = den.with_tenant(purchase_orders=False)
    documents = of_order(site, "order_with_tax") + of_order(site, "order_over_received")
    post(site, documents)
    run(site, "first")
    records = held(site)
    bills = {name_of(d) for d in documents if d["type"] == "ap_bill"}
    assert {r["type"].lower() for r in records.values()} == {"vendorbill"}
    assert set(records) == bills
    lines = [line for name in bills for line in records[name]["lines"]]
    assert {line["sublist"] for line in lines} == {"expense"}
    assert {state_of(site, d).state for d in documents if d["type"] == "ap_bill"} == {"confirmed"}


def test_an_order_grows_when_more_comes_than_was_ordered(den: Site) -> None:
    order, first, *others = of_order(den, "order_in_two_receipts")
    assert first["type"] == "receipt"
    second = next(d for d in others if d["type"] == "receipt")
    post(den, [first])
    run(den, "first")
    before = held(den)[name_of(order)]
    items = shown(den, second)["items"]
    for item in items:
        item["quantity"] *= 3
    den.edit(second, items=items)
    post(den, [second])
    run(den, "second")
    after = held(den)[name_of(order)]
    assert after["id"] == before["id"]
    wanted = [Decimal(line["quantity"]) * 2 for line in before["lines"]]
    assert [Decimal(line["quantity"]) for line in after["lines"]] == wanted
    assert after["status"] == "F"
    assert state_of(den, second).state == "confirmed"
    assert state_of(den, order).state == "confirmed", state_of(den, order).sentence


def test_a_lost_answer_to_a_grown_order_adds_no_line_twice(den: Site) -> None:
    order, receipt, bill = of_order(den, "order_lacking_a_line")
    own = next(d for d in purchases(den) if d["case"] == "receipt_of_a_line_not_ordered")
    items = shown(den, own)["items"]
    den.edit(own, items=items[:-1])
    post(den, [receipt])
    run(den, "first")
    assert len(held(den)[name_of(order)]["lines"]) == 3
    # What came besides is entered as a receipt of its own, of a line that is not on the order.
    other = next(d for d in purchases(den) if d["case"] == "receipt_again")
    den.edit(other, purchaseOrderId=int(order["id"]), items=items[-1:])
    post(den, [other, bill])
    den.faults({"route": "PATCH record/purchaseOrder", "fault": "drop_after_write", "next": 1})
    run(den, "second")
    den.no_faults()
    run(den, "third")
    assert len(held(den)[name_of(order)]["lines"]) == 4
    assert state_of(den, other).state == "confirmed"
    assert state_of(den, bill).state == "confirmed"
    assert held(den)[name_of(order)]["status"] == "G"


def test_lost_answers_neither_lose_nor_double_anything(den: Site) -> None:
    documents = [d for d in purchases(den) if d["valid"] and d["case"] != NAMED_BY_NOBODY]
    post(den, documents)
    routes = (
        "record/purchaseOrder",
        "transform/itemReceipt",
        "transform/vendorBill",
        "record/vendorBill",
        "record/nonInventoryPurchaseItem",
    )
    den.faults(
        *(
            {"route": route, "fault": fault, "probability": 0.04}
            for route in routes
            for fault in FAULTS
        )
    )
    run(den, "first")
    den.no_faults()
    run(den, "healing")
    records = held(den)
    assert {name_of(d) for d in documents} - set(records) == set()
    received = [r for r in records.values() if r["type"].lower() == "itemreceipt"]
    assert len(received) == len([d for d in documents if d["type"] == "receipt"])


def test_an_order_stored_with_another_amount_is_a_conflict(den: Site) -> None:
    order, receipt, _ = of_order(den, "order_with_tax")
    post(den, [receipt])
    den.faults({"route": "record/purchaseOrder", "fault": "alter", "next": 1})
    run(den, "first")
    den.no_faults()
    row = state_of(den, order)
    assert (row.state, row.cause) == ("conflict", "changed_in_netsuite")
    assert "the amount of item" in row.sentence


def test_a_dry_run_writes_nothing_and_shows_every_body(den: Site) -> None:
    documents = [d for d in purchases(den) if d["valid"]][:60]
    post(den, documents)
    both = (den.servicetitan, den.netsuite)
    writes = [call(url, "/sandbox/truth")["writes"] for url in both]
    counts = run(den, "dry", dry_run=True)
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == writes
    assert counts["would_post"] > 40
    assert den.dump("document", "attempt", "mapping", "order_line") == "[[], [], [], []]"
    assert all(page.body for page in pages(den).values() if page.verdict == "ready")


def test_an_unposted_bill_is_withdrawn_and_a_deleted_receipt_with_its_order(den: Site) -> None:
    order, receipt, bill = cases(
        den, "order_of unknown vendor", "receipt_of unknown vendor", "bill_of unknown vendor"
    )
    batch = post(den, [receipt, bill])
    run(den, "first")
    assert {state_of(den, d).state for d in (order, receipt, bill)} == {"blocked"}
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.edit(receipt, active=False)
    run(den, "second")
    assert {state_of(den, d).state for d in (order, receipt, bill)} == {"withdrawn"}
    assert held(den) == {}


def test_a_bill_changed_after_it_was_posted_is_a_conflict(den: Site) -> None:
    bill = next(d for d in purchases(den) if d["case"] == "bill_of_rent")
    batch = post(den, [bill])
    run(den, "first")
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.edit(bill, postDate="2026-10-20T00:00:00Z")
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    writes = den.truth()["writes"]
    run(den, "second")
    row = state_of(den, bill)
    assert (row.state, row.cause) == ("conflict", "changed_after_posting")
    assert den.truth()["writes"] == writes


def test_what_is_made_of_an_order_goes_on_once_that_is_posted_again(den: Site) -> None:
    order, first, *others = of_order(den, "order_in_two_receipts")
    second = next(d for d in others if d["type"] == "receipt")
    post(den, [first])
    run(den, "first")
    gone = held(den)
    delete(den, "itemReceipt", gone[name_of(first)])
    delete(den, "purchaseOrder", gone[name_of(order)])
    items = shown(den, second)["items"]
    den.edit(second, items=[{**item, "quantity": item["quantity"] * 3} for item in items])
    post(den, [second])
    run(den, "second")
    assert (state_of(den, order).state, state_of(den, order).cause) == (
        "conflict",
        "deleted_in_netsuite",
    )
    assert state_of(den, second).state == "blocked"
    with Ledger(den.ledger_url) as ledger:
        fields = den.context("unused").netsuite
        again = (den.tenant, fields, name_of(order), Decision.AGAIN, "Ann", "deleted by mistake")
        resolve(ledger, *again)
    assert den.dump("order_line") == "[[]]"  # of another record that may number its lines anew
    run(den, "third")
    records = held(den)
    assert state_of(den, order).external_id == f"{name_of(order)}-r2"
    assert state_of(den, second).state == "confirmed", state_of(den, second).sentence
    assert records[name_of(second)]["created_from"] == records[f"{name_of(order)}-r2"]["id"]


def test_a_receipt_entered_by_hand_stops_the_one_that_finds_nothing_left(den: Site) -> None:
    order, *others = of_order(den, "order_in_two_receipts")
    first, second = (d for d in others if d["type"] == "receipt")
    post(den, [first])
    run(den, "first")
    by_hand = {"item": {"items": [{"orderLine": 1, "itemReceive": True, "quantity": 10}]}}
    by_hand["item"]["items"] += [{"orderLine": n, "itemReceive": False} for n in (2, 3)]
    asyncio.run(_receive_by_hand(den, held(den)[name_of(order)]["id"], by_hand))
    post(den, [second])
    run(den, "second")
    row = state_of(den, second)
    assert (row.state, row.cause) == ("blocked", "changed_in_netsuite")
    assert "It receives 10 of CU-34, but only 0 is left" in row.sentence


def test_an_order_from_before_go_live_is_received_and_billed_where_it_is(den: Site) -> None:
    old, receipt, bill = cases(
        den, "order_before_go_live", "receipt_after_go_live", "bill_after_go_live"
    )
    netsuite_id = asyncio.run(_enter_order(den, shown(den, old)))
    link = MappingRow("opening_purchase_order", old["id"], old["number"], netsuite_id, "")
    with Ledger(den.ledger_url) as ledger, ledger.writing() as connection:
        mappings.put(connection, den.tenant_id, [link], "somebody")
    post(den, [receipt, bill])
    run(den, "first")
    for document in (receipt, bill):
        row = state_of(den, document)
        assert row.state == "confirmed", row.sentence
        assert held(den)[name_of(document)]["created_from"] == netsuite_id
    assert name_of(old) not in held(den)
    assert pages(den)["purchase_order", old["id"]].verdict == "skipped"
    order = next(r for r in den.truth()["records"] if r["id"] == netsuite_id)
    assert order["status"] == "G"


async def _enter_order(site: Site, order: dict[str, Any]) -> str:
    """Enter the order in NetSuite by hand, through items of its own; its internal id."""
    fields = site.context("unused").netsuite
    async with NetSuite(credentials(fields), times(fields)) as client:
        ids = {
            "account": "SELECT id FROM account WHERE acctnumber = ?",
            "subsidiary": "SELECT id FROM subsidiary WHERE name = ?",
        }
        (place,) = await rows(client, ids["subsidiary"], ["Denver Home Services"])
        made = {}
        for number in ("1300", "5000"):
            (account,) = await rows(client, ids["account"], [number])
            item = {
                "itemId": f"Stores {number}",
                "expenseAccount": {"id": account["id"]},
                "subsidiary": {"items": [{"id": place["id"]}]},
            }
            made[number] = record_id(
                await client.send("POST", "record/v1/nonInventoryPurchaseItem", body=item)
            )
        body = {
            "entity": {"id": "3101"},
            "subsidiary": {"id": place["id"]},
            "tranDate": "2025-12-18",
            "item": {
                "items": [
                    {
                        "item": {"id": made["5000" if one["skuCode"] == "WIRE-12" else "1300"]},
                        "quantity": one["quantity"],
                        "rate": one["cost"],
                        "description": f"{one['skuCode']} as ordered by telephone",
                    }
                    for one in reversed(order["items"])
                ]
            },
        }
        entered = record_id(await client.send("POST", "record/v1/purchaseOrder", body=body))
    assert entered
    return entered


def delete(site: Site, record_type: str, record: dict[str, Any]) -> None:
    """What an accountant deletes in NetSuite."""
    fields = site.context("unused").netsuite

    async def act() -> None:
        async with NetSuite(credentials(fields), times(fields)) as client:
            exchange = await client.send("DELETE", f"record/v1/{record_type}/{record['id']}")
            assert exchange.status == 204, exchange.text

    asyncio.run(act())


async def _receive_by_hand(site: Site, order: str, body: dict[str, Any]) -> None:
    fields = site.context("unused").netsuite
    async with NetSuite(credentials(fields), times(fields)) as client:
        path = f"record/v1/purchaseOrder/{order}/!transform/itemReceipt"
        exchange = await client.send("POST", path, body=body)
        assert exchange.status == 204, exchange.text


def test_bills_are_read_from_the_older_list_only_where_the_newer_is_not_allowed(den: Site) -> None:
    _, receipt, bill = of_order(den, "order_with_tax")
    rent = next(d for d in purchases(den) if d["case"] == "bill_of_rent")
    post(den, [receipt, bill, rent])
    scopes = [scope for scope in ALL_SCOPES if "apbills" not in scope]
    call(den.servicetitan, "/sandbox/settings", {"scopes": {"1004": scopes}})
    try:
        run(den, "first")
    finally:
        call(den.servicetitan, "/sandbox/settings", {"scopes": None})
    assert state_of(den, bill).state == "confirmed"
    row = state_of(den, rent)  # the older list does not tell its expenses
    assert (row.state, row.cause) == ("blocked", "no_lines")
    run(den, "second")
    assert state_of(den, rent).state == "confirmed"
    assert set(held(den)) >= {name_of(bill), name_of(rent)}


def test_a_bill_read_from_both_lists_in_turn_is_one_bill(den: Site) -> None:
    _, receipt, bill = of_order(den, "order_with_tax")
    post(den, [receipt, bill])
    scopes = [scope for scope in ALL_SCOPES if "apbills" not in scope]
    call(den.servicetitan, "/sandbox/settings", {"scopes": {"1004": scopes}})
    mark = {"route": "inventory-bills/markasexported", "fault": "403"}
    den.faults({**mark, "probability": 1.0}, side="servicetitan")
    try:
        with pytest.raises(ConfigurationError, match="markasexported"):
            den.run("first", waits=0, document_types=CHOSEN)
    finally:
        call(den.servicetitan, "/sandbox/settings", {"scopes": None})
        den.no_faults()
    assert held(den)[name_of(bill)]
    writes = den.truth()["writes"]
    run(den, "second")
    assert den.truth()["writes"] == writes
    # The newer list tells more of the same bill: it is the one that was posted.
    assert state_of(den, bill).state == "confirmed"
    assert den.documents("vendor_bill")[state_of(den, bill).number].reported_at is not None


def test_journal_entries_and_ap_documents_post_purchases_too(den: Site) -> None:
    site = den.with_tenant(method=Method.JOURNAL_ENTRIES_AND_AP)
    documents = of_order(site, "order_with_tax")
    post(site, documents)
    site.run("first", waits=40)
    assert {name_of(d) for d in documents} <= set(held(site))
    assert {row.document_type for row in pages(site).values()} >= set(CHOSEN)
    assert not {"invoice", "payment"} & {row.document_type for row in pages(site).values()}


def test_an_order_that_netsuite_refuses_to_show_stops_only_what_came_of_it(
    den: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_id = lookup.by_id

    async def refused(client: Any, record: str, netsuite_id: str) -> Any:
        if record == "purchaseOrder":
            raise ReadRefused("Error while accessing a resource.", 400, "USER_ERROR")
        return await by_id(client, record, netsuite_id)

    documents = of_order(den, "order_with_tax")
    post(den, documents)
    with monkeypatch.context() as patched:
        patched.setattr(lookup, "by_id", refused)
        run(den, "first")
    order, *others = documents
    assert state_of(den, order).state == "confirmed"
    stopped = [row for d in others if (row := state_of(den, d)).state == "blocked"]
    assert stopped
    assert any("does not show its purchase order" in row.sentence for row in stopped)
    run(den, "second")
    assert {state_of(den, d).state for d in documents} == {"confirmed"}
