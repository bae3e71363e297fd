"""What is kept of orders, receipts and bills: equal content has an equal version."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lists_fake import Lists
from servicetitan_fake import all_of, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan import purchase_orders, receipts, shape, vendor_bills
from servicetitan_netsuite.servicetitan.shape import Misshapen

ZONE = ZoneInfo("America/Denver")
STORES = {"name": "Inventory", "number": "1300", "type": "Asset", "detailType": "Inventory"}


def item(key: int = 1, **more: Any) -> dict[str, Any]:
    made = {
        "id": key,
        "skuId": 70001,
        "skuName": "3/4 Copper",
        "skuCode": "CU-34",
        "code": "CU-34",
        "description": "<b>Copper</b> pipe",
        "quantity": 10.0,
        "cost": Decimal("7.15"),
    }
    return made | more


def order(*items: Any, **more: Any) -> dict[str, Any]:
    made = {
        "id": 44100,
        "number": "PO-44100",
        "status": "Sent",
        "vendorId": 3301,
        "businessUnitId": 1026,
        "inventoryLocationId": 501,
        "date": "2026-02-01T00:00:00Z",
        "modifiedOn": "2026-02-01T09:00:00Z",
        "receivedOn": None,
        "summary": "",
        "items": list(items or (item(),)),
    }
    return made | more


def received(*items: Any, key: int = 8801, **more: Any) -> dict[str, Any]:
    made = {
        "id": key,
        "active": True,
        "number": f"R-{key}",
        "memo": "",
        "vendorInvoiceNumber": "",
        "purchaseOrderId": 44100,
        "businessUnitId": 1026,
        "vendorId": 3301,
        "inventoryLocationId": 501,
        "receiptAmount": 71.5,
        "receivedOn": "2026-02-10T00:00:00Z",
        "batchId": None,
        "syncStatus": "Posted",
        "items": list(items or (came(),)),
    }
    return made | more


def came(key: int = 8001, of: int = 1, **more: Any) -> dict[str, Any]:
    return item(key, purchaseOrderItemId=of, generalLedgerAccount=STORES, **more)


def bill(**more: Any) -> dict[str, Any]:
    made = {
        "id": 55101,
        "purchaseOrderId": None,
        "syncStatus": "Posted",
        "status": "Reconciled",
        "billType": "ApBill",
        "postDate": "2026-02-11T00:00:00Z",
        "referenceNumber": "B-1002",
        "vendorNumber": "INV-9001",
        "summary": "Rent",
        "billAmount": "1000.00",
        "taxAmount": None,
        "shippingAmount": "0.00",
        "termName": "Net 30",
        "dueDate": "2026-03-03T00:00:00Z",
        "batch": {"id": 303, "number": "7480", "name": "Bills"},
        "businessUnit": {"id": 1026, "name": "Residential"},
        "vendor": {"id": 3302, "name": "Landlord Inc"},
        "items": [],
        "expenseItems": [
            {
                "id": 1,
                "amount": "1000.00",
                "description": "Feb rent",
                "generalLedgerAccount": {"id": 6100, "name": "Rent", "number": "6100"},
                "businessUnit": None,
            }
        ],
    }
    return made | more


def kept(row: dict[str, Any], *of: dict[str, Any]) -> Any:
    return purchase_orders.document(row, [receipts.document(r, ZONE).content for r in of], ZONE)


def test_how_far_an_order_has_come_is_no_part_of_it() -> None:
    first = kept(order())
    later = kept(
        order(
            item(quantityReceived=10.0, status="Received", modifiedOn="2026-02-10T15:00:00Z"),
            status="Received",
            receivedOn="2026-02-10T00:00:00Z",
            modifiedOn="2026-02-10T15:00:00Z",
        ),
        received(),
    )
    assert later.version == first.version
    assert later.amount == Decimal("71.50")
    assert later.content["received"] == [
        {
            "item": "8001",
            "line": "1",
            "account": {"id": None, "number": "1300", "name": "Inventory"},
        }
    ]


def test_an_order_grows_by_what_came_beyond_it() -> None:
    first = kept(order(), received())
    grown = kept(order(), received(), received(came(8002), came(8003, of=0, quantity=2), key=8802))
    assert grown.version != first.version
    lines = {line["id"]: line["quantity"] for line in grown.content["lines"]}
    assert lines == {"1": "20", "r8003": "2"}
    assert grown.amount == Decimal("157.30")
    again = kept(order(), received(came(8002), came(8003, of=0, quantity=2), key=8802), received())
    assert again.version == grown.version


def test_another_cost_or_quantity_makes_another_version_of_an_order() -> None:
    versions = {
        kept(order(made)).version
        for made in (item(), item(cost=7.16), item(quantity=11), item(skuId=70002), item(2))
    }
    assert len(versions) == 5
    assert kept(order(status="Canceled")).content["header"]["canceled"] is True


def test_of_all_receipts_those_since_go_live_and_those_without_a_date_are_read() -> None:
    long_ago, lately = "2024-03-01T00:00:00Z", "2026-03-01T00:00:00Z"
    came_and_touched = [(long_ago, long_ago), (long_ago, lately), (lately, long_ago)]
    came_and_touched += [(None, lately), (lately, lately)]
    served = Lists(
        receipts=[
            received(key=key, receivedOn=came, modifiedOn=touched, items=[])
            for key, (came, touched) in enumerate(came_and_touched, 1)
        ]
    )
    found = with_client(served, lambda client: all_of(receipts.pending_receipts(client, tenant())))
    assert [one.source_id for one in found] == ["3", "5", "4"]


def test_a_receipt_names_its_order_lines_and_accounts_by_number() -> None:
    document = receipts.document(received(), ZONE)
    (line,) = document.content["lines"]
    assert (line["order_line"], line["quantity"], line["cost"]) == ("1", "10", "7.15")
    assert line["sku"] == {"id": "70001", "code": "CU-34"}
    assert line["description"] == "Copper pipe"
    assert document.content["header"]["order"] == "44100"
    assert receipts.document(received(came(of=0)), ZONE).content["lines"][0]["order_line"] is None


def test_a_bill_keeps_what_was_bought_and_what_was_spent() -> None:
    document = vendor_bills.document(bill(), ZONE)
    header, (line,) = document.content["header"], document.content["lines"]
    assert (header["vendor_number"], header["due_date"], header["tax"]) == (
        "INV-9001",
        "2026-03-03",
        "0",
    )
    assert (line["amount"], line["account"]["id"]) == ("1000", "6100")
    moved = vendor_bills.document(bill(batch={"id": 304, "number": "7481", "name": "X"}), ZONE)
    assert moved.version == document.version


def test_the_older_list_tells_a_location_by_name_alone() -> None:
    for place, kept_place in (("Main", None), ({"id": 501, "name": "Main"}, "501")):
        row = bill(items=[item(generalLedgerAccount=STORES, inventoryLocation=place)])
        row.pop("expenseItems")
        (line,) = vendor_bills.document(row, ZONE).content["lines"]
        assert line["place"] == kept_place


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (order(item(quantity="ten")), "line 1: quantity"),
        (order(None), "line 1"),
        (order(items="see attachment"), "items"),
        (order(id="x"), "id"),
    ],
)
def test_an_order_that_is_none_is_refused_by_name(row: dict[str, Any], field: str) -> None:
    with pytest.raises(Misshapen, match=field):
        kept(row)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"billAmount": None}, "billAmount"),
        ({"vendor": "Landlord"}, "vendor"),
        ({"items": [item(cost="1" + "0" * 30)]}, "line 1: cost"),
        ({"expenseItems": [None]}, "expense 1"),
        ({"postDate": "soon"}, "postDate"),
    ],
)
def test_a_bill_that_is_none_is_refused_by_name(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Misshapen, match=field):
        vendor_bills.document(bill(**changes), ZONE)


def test_a_receipt_with_a_line_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(Misshapen, match="line 2"):
        receipts.document(received(came(), None), ZONE)


def older(bill: SourceDocument) -> SourceDocument:
    """The bill as the older list shows it: no locations by id, no expenses."""
    lines = [line | {"place": None} for line in bill.content["lines"] if "amount" not in line]
    content = {**bill.content, "lines": lines}
    return replace(bill, content={**content, "older_list": True}, version=shape.version_of(content))


def test_a_bill_is_the_same_one_in_either_list_of_bills() -> None:
    place = {"id": 501, "name": "Main Warehouse", "type": "Warehouse"}
    bought = [item(9001, receiptItemId=8001, inventoryLocation=place)]
    row = bill(items=bought, expenseItems=[])
    newer = vendor_bills.document(row, ZONE)
    shown = older(newer)
    assert shown.version != newer.version
    for now, then in ((newer, shown), (shown, newer)):
        found = vendor_bills.as_posted(now, then.content, then.version)
        assert found.version == then.version


def test_a_bill_that_changed_is_another_version_in_either_list_of_bills() -> None:
    bought = [item(9001, receiptItemId=8001)]
    before = vendor_bills.document(bill(items=bought, expenseItems=[]), ZONE)
    changed = [
        bill(items=bought, expenseItems=[], vendorNumber="another"),
        bill(items=[item(9001, receiptItemId=8001, cost=8)], expenseItems=[]),
        bill(items=bought),  # what the older list does not tell of expenses was not posted
    ]
    for row in changed:
        now, then = vendor_bills.document(row, ZONE), older(before)
        assert vendor_bills.as_posted(now, then.content, then.version).version == now.version
    # Nor is a change within one list taken for the other list.
    moved = vendor_bills.document(bill(items=[item(9001, receiptItemId=8001)]), ZONE)
    assert vendor_bills.as_posted(moved, before.content, before.version) == moved
