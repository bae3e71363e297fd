"""Purchase orders, receipts and bills of orders: links, quantities, statuses, ledger."""

from __future__ import annotations

from typing import Any

import pytest
from documents_site import (
    ACCRUING,
    COGS,
    FREIGHT,
    NOT_BILLED,
    NOT_LISTED,
    REFERRED_TO,
    bought,
    held,
    items,
    ledger,
    of_order,
    on_site,
    ordered,
    patched,
    refused,
    row,
    shown,
    spent,
    status,
    transformed,
)
from netsuite_site import PAYABLE, RECORD, Site

LINKED = "You cannot update linked transaction lines"


async def received(site: Site, record: str, *lines: Any, **more: Any) -> str:
    body = of_order(*lines, **more)
    return (await transformed(site, f"purchaseOrder/{record}", "itemReceipt", body)).id


async def billed(site: Site, record: str, *lines: Any, **more: Any) -> str:
    body = of_order(*lines, **more)
    return (await transformed(site, f"purchaseOrder/{record}", "vendorBill", body)).id


def test_an_order_has_line_keys_and_leaves_the_ledger_alone() -> None:
    async def check(site: Site) -> None:
        record = await ordered(site, bought(2, 10), bought(1, 5.5), expense=items(spent(7)))
        assert await ledger(site, record) == {}
        columns = ("type", "posting", "foreigntotal", "status", "BUILTIN.DF(status) word")
        assert await row(site, record, *columns) == {
            "type": "PurchOrd",
            "posting": "F",
            "foreigntotal": "32.5",
            "status": "B",
            "word": "Purchase Order : Pending Receipt",
        }
        document = await shown(site, f"purchaseOrder/{record}")
        keys = [line["line"] for name in ("item", "expense") for line in document[name]["items"]]
        assert keys == [1, 2, 3]
        lines = await site.rows(
            "SELECT id, item, quantity, NVL(quantityshiprecv, 0) received, foreignamount "
            f"FROM transactionline WHERE transaction = {record} AND mainline = 'F' ORDER BY id"
        )
        assert lines[0] == {
            "id": "1",
            "item": "2",
            "quantity": "2",
            "received": "0",
            "foreignamount": "20",
        }

    on_site(check)


def test_a_receipt_without_lines_takes_all_that_remains() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2), bought(3))
        record = await received(site, source)
        lines = (await held(site, record))["lines"]
        assert [(line["orderLine"], line["quantity"]) for line in lines] == [(1, "2"), (2, "3")]
        assert await status(site, source) == "F"
        again = await transformed(site, f"purchaseOrder/{source}", "itemReceipt", of_order())
        await refused(again, f"Invalid reference key [{source}].")

    on_site(check)


def test_lines_not_unticked_are_received_whole() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(4), bought(3), bought(2))
        lines = ({"orderLine": 1, "quantity": 1}, {"orderLine": 3, "itemReceive": False})
        record = await received(site, source, *lines)
        taken = [(x["orderLine"], x["quantity"]) for x in (await held(site, record))["lines"]]
        assert taken == [(1, "1"), (2, "3")]
        assert await status(site, source) == "E"
        document = await shown(site, f"purchaseOrder/{source}")
        left = [x["quantity"] - x["quantityReceived"] for x in document["item"]["items"]]
        assert left == [3.0, 0.0, 2.0]

    on_site(check)


def test_an_accruing_receipt_posts_to_received_not_billed_and_others_post_nothing() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10, ACCRUING), bought(1, 5))
        record = await received(site, source)
        assert await ledger(site, record) == {COGS: "20", NOT_BILLED: "-20"}
        plain = await received(site, await ordered(site, bought(2, 10)))
        assert await ledger(site, plain) == {}

    on_site(check)


RECEIPTS: dict[str, tuple[list[Any], str]] = {
    "more than was ordered": ([{"orderLine": 1, "quantity": 3}], "larger quantity"),
    "a line that is not there": ([{"orderLine": 9, "quantity": 1}], NOT_LISTED),
    "a line of its own": ([bought(1)], NOT_LISTED),
    "nothing at all": ([{"orderLine": 1, "itemReceive": False}], "at least one line item"),
}


@pytest.mark.parametrize("case", RECEIPTS)
def test_a_receipt_is_refused_for(case: str) -> None:
    lines, words = RECEIPTS[case]

    async def check(site: Site) -> None:
        source = await ordered(site, bought(2))
        body = of_order(*lines)
        answer = await transformed(site, f"purchaseOrder/{source}", "itemReceipt", body)
        await refused(answer, words)
        assert await status(site, source) == "B"

    on_site(check)


def test_a_receipt_line_whose_two_keys_disagree_is_refused() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2), bought(2))
        body = of_order({"orderLine": 1, "line": 2, "quantity": 1})
        answer = await transformed(site, f"purchaseOrder/{source}", "itemReceipt", body)
        await refused(answer, "orderLine", "INVALID_CONTENT")

    on_site(check)


def test_a_receipt_does_not_come_of_nothing() -> None:
    async def check(site: Site) -> None:
        answer = await site.post("itemReceipt", of_order({"orderLine": 1, "quantity": 1}))
        await refused(answer, "Please enter value(s) for: Entity.")

    on_site(check)


def test_a_deleted_receipt_gives_the_order_its_quantities_back() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2))
        record = await received(site, source)
        await refused(await site.call("DELETE", f"{RECORD}/purchaseOrder/{source}"), REFERRED_TO)
        assert (await site.call("DELETE", f"{RECORD}/itemReceipt/{record}")).status == 204
        assert await status(site, source) == "B"
        assert (await site.call("DELETE", f"{RECORD}/purchaseOrder/{source}")).status == 204

    on_site(check)


def test_a_repeated_receipt_is_stopped_by_its_external_id_alone() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(4))
        line = {"orderLine": 1, "quantity": 2}
        await received(site, source, line, externalId="r-1")
        body = of_order(line, externalId="r-1")
        answer = await transformed(site, f"purchaseOrder/{source}", "itemReceipt", body)
        await refused(answer, "This record already exists.")
        await received(site, source, line)
        assert await status(site, source) == "F"

    on_site(check)


def test_an_order_can_grow_by_line_key_but_not_shrink_below_what_was_received() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10), bought(1, 10))
        await received(site, source, {"orderLine": 2, "itemReceive": False})
        path = f"purchaseOrder/{source}"
        more = {"item": items({"line": 1, "quantity": 5}, bought(1, 3))}
        assert (await patched(site, path, more)).status == 204
        assert (await held(site, source))["total"] == "63.00"
        assert await status(site, source) == "E"
        less = {"item": items({"line": 1, "quantity": 1})}
        await refused(await patched(site, path, less), LINKED)
        gone = await patched(site, f"{path}?replace=item", {"item": items(bought(1))})
        await refused(gone, LINKED)

    on_site(check)


def test_a_closed_line_is_not_waited_for() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2), bought(1))
        await received(site, source, {"orderLine": 2, "itemReceive": False})
        body = {"item": items({"line": 2, "isClosed": True})}
        assert (await patched(site, f"purchaseOrder/{source}", body)).status == 204
        assert await status(site, source) == "F"
        await billed(site, source)
        assert await status(site, source) == "G"

    on_site(check)


def test_a_bill_without_lines_takes_the_whole_order() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10), expense=items(spent(7)))
        record = await billed(site, source, tranId="V-7")
        assert await ledger(site, record) == {PAYABLE: "-27", COGS: "20", FREIGHT: "7"}
        truth = await held(site, record)
        assert (truth["tran_id"], truth["created_from"]) == ("V-7", source)
        assert truth["due_date"] == "2026-02-19"
        links = await site.rows(
            "SELECT previousdoc, previousline, linktype, foreignamount "
            f"FROM nexttransactionlinelink WHERE nextdoc = {record} ORDER BY previousline"
        )
        assert links == [
            {"previousdoc": source, "previousline": "1", "linktype": "OrdBill",
             "foreignamount": "20"},
            {"previousdoc": source, "previousline": "2", "linktype": "OrdBill",
             "foreignamount": "7"},
        ]  # fmt: skip

    on_site(check)


def test_an_order_received_and_billed_whole_is_fully_billed() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10))
        await billed(site, source)
        assert await status(site, source) == "B"
        await received(site, source)
        assert await status(site, source) == "G"
        again = await transformed(site, f"purchaseOrder/{source}", "vendorBill", of_order())
        await refused(again, f"Invalid reference key [{source}].")

    on_site(check)


def test_bill_lines_by_key_change_quantity_and_cost_and_others_are_added() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10), bought(5, 1), bought(1, 3))
        lines = (
            {"orderLine": 1, "quantity": 1, "rate": 11},
            {"orderLine": 2, "quantity": 0},
            {"orderLine": 3, "quantity": 1},
        )
        record = await billed(site, source, *lines, expense=items(spent(4)))
        truth = await held(site, record)
        assert [(x["orderLine"], x["amount"]) for x in truth["lines"]] == [
            (1, "11.00"),
            (2, "0.00"),
            (3, "3.00"),
            (None, "4.00"),
        ]
        document = await shown(site, f"purchaseOrder/{source}")
        assert [x["quantityBilled"] for x in document["item"]["items"]] == [1.0, 0.0, 1.0]

    on_site(check)


def test_a_bill_line_without_key_is_billed_besides_the_orders_own() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10))
        record = await billed(site, source, bought(2, 10))
        assert (await held(site, record))["total"] == "40.00"

    on_site(check)


def test_a_replaced_bill_sublist_loses_its_link_unless_the_keys_are_sent() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10))
        path, query = f"purchaseOrder/{source}", "?replace=item"
        loose = of_order(bought(2, 10))
        record = (await transformed(site, path, "vendorBill", loose, query)).id
        assert (await held(site, record))["total"] == "20.00"
        document = await shown(site, path)
        assert document["item"]["items"][0]["quantityBilled"] == 0.0
        keyed = of_order(bought(2, 10, orderDoc={"id": source}, orderLine=1))
        await transformed(site, path, "vendorBill", keyed, query)
        document = await shown(site, path)
        assert document["item"]["items"][0]["quantityBilled"] == 2.0

    on_site(check)


def test_a_bill_after_an_accruing_receipt_takes_from_received_not_billed() -> None:
    async def check(site: Site) -> None:
        source = await ordered(site, bought(2, 10, ACCRUING))
        await received(site, source)
        record = await billed(site, source)
        assert await ledger(site, record) == {PAYABLE: "-20", NOT_BILLED: "20"}

    on_site(check)


def test_bills_before_receipts_can_be_forbidden() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"bill_in_advance_of_receipt": False})
        source = await ordered(site, bought(5, 10))
        early = await transformed(site, f"purchaseOrder/{source}", "vendorBill", of_order())
        await refused(early, f"Invalid reference key [{source}].")
        await received(site, source, {"orderLine": 1, "quantity": 2})
        record = await billed(site, source)
        assert (await held(site, record))["total"] == "20.00"

    on_site(check)
