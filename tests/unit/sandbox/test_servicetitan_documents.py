"""Batched documents of the stand-in ServiceTitan: batches, status rules, reports, edits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from titan_site import Site
from titan_site import on_site as on_any_site

from sandbox.seed.judge import LEGACY_GUID, LEGACY_KEY

TENANT = 1004
ACCOUNTING = "/accounting/v2/tenant/{tenant}"
INVENTORY = "/inventory/v2/tenant/{tenant}"
INVOICES, PAYMENTS = f"{ACCOUNTING}/invoices", f"{ACCOUNTING}/payments"
DEPOSITS = f"{ACCOUNTING}/bank-deposits"


def on_site(check: Any) -> None:
    on_any_site(check, tenant=TENANT)


async def rows(site: Site, kind: str, case: str | None = None) -> list[dict[str, Any]]:
    """What the seed knows of the documents of a type."""
    answer = await site.raw("GET", f"/sandbox/truth?tenant_id={TENANT}")
    return [
        one for one in answer.json["documents"]
        if one["type"] == kind and case in (None, one["case"])
    ]  # fmt: skip


async def batch(site: Site, *documents: tuple[str, str]) -> int:
    """A posted batch of these documents."""
    body = {
        "tenant_id": TENANT,
        "name": "AR",
        "documents": [{"type": kind, "id": number} for kind, number in documents],
    }
    made = await site.control("POST", "batches", body)
    assert made["count"] == len(documents)
    await site.control("POST", f"batches/{made['id']}/post")
    number: int = made["id"]
    return number


async def posted(site: Site, kind: str, case: str) -> str:
    """Id of a document of that case, once it is in a posted batch."""
    found: str = (await rows(site, kind, case))[0]["id"]
    await batch(site, (kind, found))
    return found


async def shown(site: Site, path: str, number: str) -> dict[str, Any]:
    found = (await site.get(path, ids=number))["data"]
    assert len(found) == 1
    return dict(found[0])


def test_a_batch_is_null_until_batched_and_posting_it_makes_its_documents_posted() -> None:
    async def check(site: Site) -> None:
        number = (await rows(site, "invoice", "tax_mixed"))[0]["id"]
        before = await shown(site, INVOICES, number)
        assert (before["batch"], before["syncStatus"]) == (None, "Pending")
        body = {"tenant_id": TENANT, "name": "AR 10/13", "documents": [
            {"type": "invoice", "id": number}
        ]}  # fmt: skip
        made = await site.control("POST", "batches", body)
        batched = await shown(site, INVOICES, number)
        assert batched["batch"] == {
            "id": made["id"], "number": str(made["number"]), "name": "AR 10/13",
        }  # fmt: skip
        assert batched["syncStatus"] == "Pending"
        assert batched["modifiedOn"] > before["modifiedOn"]
        await site.control("POST", f"batches/{made['id']}/post")
        assert (await shown(site, INVOICES, number))["syncStatus"] == "Posted"
        again = await site.raw("POST", "/sandbox/batches", json=body)
        assert again.status == 400
        found = (await site.get(INVOICES, batchId=made["id"], statuses="Posted"))["data"]
        assert [str(one["id"]) for one in found] == [number]

    on_site(check)


def test_everything_batched_is_what_may_post_and_nobody_holds_back() -> None:
    async def check(site: Site) -> None:
        made = await site.control("POST", "batches", {"tenant_id": TENANT, "all": True})
        await site.control("POST", f"batches/{made['id']}/post")
        answer = await site.raw("GET", f"/sandbox/truth?tenant_id={TENANT}")
        by_state: dict[str, set[bool]] = {}
        for one in answer.json["documents"]:
            if one["type"] not in ("purchase_order", "ap_payment"):
                by_state.setdefault(one["sync_status"], set()).add(one["valid"])
        assert by_state["Pending"] == {False}
        assert by_state["Posted"] == {True, False}
        rest = await site.control("POST", "batches", {"tenant_id": TENANT, "all": True})
        assert rest["count"] == 0

    on_site(check)


@pytest.mark.parametrize(
    "body",
    [
        {"tenant_id": 1001, "all": True},
        {"tenant_id": TENANT},
        {"tenant_id": TENANT, "all": True, "documents": [{"type": "invoice", "id": 1}]},
        {"tenant_id": TENANT, "documents": [{"type": "invoice", "id": 1}]},
        {"tenant_id": TENANT, "documents": [{"type": "purchase_order", "id": 1}]},
        {"tenant_id": TENANT, "all": True, "types": ["weather"]},
        {"tenant_id": TENANT, "all": True, "limit": 0},
        {"tenant_id": TENANT, "all": True, "colour": 1},
    ],
)
def test_a_wrong_batch_is_refused(body: dict[str, Any]) -> None:
    async def check(site: Site) -> None:
        assert (await site.raw("POST", "/sandbox/batches", json=body)).status == 400

    on_site(check)


def test_only_posted_invoices_are_marked_exported_each_with_its_own_result() -> None:
    async def check(site: Site) -> None:
        good = await posted(site, "invoice", "tax_mixed")
        pending = (await rows(site, "invoice", "tax_none"))[0]["id"]
        body = [
            {"invoiceId": int(good), "externalId": "881", "externalMessage": "Invoice 881"},
            {"invoiceId": int(pending), "externalId": "882"},
            {"invoiceId": 1},
        ]
        path = f"{INVOICES}/markasexported"
        answer = await site.call("POST", path, body=body)
        assert answer.status == 200
        assert [one["success"] for one in answer.json] == [True, False, False]
        assert "Pending" in answer.json[1]["errorMessage"]
        after = await shown(site, INVOICES, good)
        assert (after["syncStatus"], after["exportId"]) == ("Exported", "881")
        again = await site.call("POST", path, body=body[:1])
        assert [one["success"] for one in again.json] == [False]
        assert (await site.call("POST", path, body={"invoiceId": 1})).status == 400

    on_site(check)


def test_unposting_takes_an_exported_document_back_and_reposting_offers_it_again() -> None:
    async def check(site: Site) -> None:
        number = (await rows(site, "invoice", "tax_mixed"))[0]["id"]
        made = await batch(site, ("invoice", number))
        body = [{"invoiceId": int(number)}]
        await site.call("POST", f"{INVOICES}/markasexported", body=body)
        undone = await site.control("POST", f"batches/{made}/unpost")
        assert undone["documents"] == [["invoice", number]]
        assert (await shown(site, INVOICES, number))["syncStatus"] == "Pending"
        edited = await site.control("PATCH", f"documents/invoice/{number}", {"total": "1.00"})
        assert edited["total"] == "1.00"
        truth = (await rows(site, "invoice", "tax_mixed"))[0]
        assert (truth["valid"], truth["version_id"]) == (False, 2)
        await site.control("POST", f"batches/{made}/post")
        assert (await shown(site, INVOICES, number))["syncStatus"] == "Posted"
        assert (await site.raw("POST", "/sandbox/batches/1/post")).status == 400

    on_site(check)


@pytest.mark.parametrize(
    ("kind", "case", "path", "list_path", "body"),
    [
        ("payment", "paid_by_Check", "payments/status", PAYMENTS, "paymentIds"),
        ("bank_deposit", "deposit_with_fees", "bank-deposits/markasexported", DEPOSITS, "ids"),
    ],
)
def test_a_list_of_ids_is_marked_whole_or_not_at_all(
    kind: str, case: str, path: str, list_path: str, body: str
) -> None:
    async def check(site: Site) -> None:
        good = await posted(site, kind, case)
        extra = {"status": "Exported"} if kind == "payment" else {}
        wrong = await site.call("POST", f"{ACCOUNTING}/{path}", body={body: [int(good), 1]} | extra)
        assert wrong.status == 400
        assert (await shown(site, list_path, good))["syncStatus"] == "Posted"
        right = await site.call("POST", f"{ACCOUNTING}/{path}", body={body: [int(good)]} | extra)
        assert (right.status, right.text) == (200, "")
        assert (await shown(site, list_path, good))["syncStatus"] == "Exported"
        again = await site.call("POST", f"{ACCOUNTING}/{path}", body={body: [int(good)]} | extra)
        assert again.status == 400

    on_site(check)


def test_bills_are_marked_through_either_list_and_only_once() -> None:
    async def check(site: Site) -> None:
        number = int(await posted(site, "ap_bill", "bill_of_half"))
        old = (await site.get(f"{ACCOUNTING}/inventory-bills/paginated", ids=number))["data"][0]
        new = await site.get(f"{ACCOUNTING}/ap-bills/{number}")
        assert old["items"][0]["inventoryLocation"] == "Main Warehouse"
        assert new["items"][0]["inventoryLocation"]["name"] == "Main Warehouse"
        assert "expenseItems" not in old
        bare = await site.get(f"{ACCOUNTING}/inventory-bills", ids=number)
        assert bare == [old]
        body = {"inventoryBillIds": [number]}
        path = f"{ACCOUNTING}/inventory-bills/markasexported"
        first = await site.call("POST", path, body=body)
        assert first.json == [{"inventoryBillId": number, "success": True, "errorMessage": None}]
        path = f"{ACCOUNTING}/ap-bills/markasexported"
        second = await site.call("POST", path, body={"billIds": [number]})
        assert [one["success"] for one in second.json] == [False]

    on_site(check)


def test_bills_are_procured_ones_unless_the_others_are_asked_for() -> None:
    async def check(site: Site) -> None:
        async def types(**query: object) -> set[str]:
            page = await site.get(f"{ACCOUNTING}/ap-bills", pageSize=500, **query)
            return {one["billType"] for one in page["data"]}

        assert await types() == {"Procurement"}
        assert await types(billType="ApBill") == {"ApBill"}
        assert await types(syncStatuses="PostedAndExported") == set()

    on_site(check)


def test_a_payment_says_how_it_exports_only_by_the_filter() -> None:
    async def check(site: Site) -> None:
        page = await site.get(PAYMENTS, transactionType="JournalEntry", pageSize=500)
        assert {one["type"] for one in page["data"]} == {"Bad Debt", "Financing Fee"}
        number = page["data"][0]["appliedTo"][0]["appliedTo"]
        by_invoice = await site.get(PAYMENTS, appliedToInvoiceIds=number)
        assert page["data"][0] in by_invoice["data"]
        inactive = await site.get(PAYMENTS, activeState="InactiveOnly")
        assert [one["active"] for one in inactive["data"]] == [False]

    on_site(check)


def test_a_deposit_that_is_applied_later_stays_a_deposit_and_balances_follow() -> None:
    async def check(site: Site) -> None:
        row = (await rows(site, "payment", "unapplied_later_applied"))[0]
        (invoice, amount), number = row["later"][0], row["id"]
        await batch(site, ("payment", number))
        body = {"paymentIds": [int(number)], "status": "Exported"}
        await site.call("POST", f"{PAYMENTS}/status", body=body)
        change = {"apply": [{"invoice": invoice, "amount": amount}]}
        after = await site.control("PATCH", f"documents/payment/{number}", change)
        assert (after["unappliedAmount"], after["appliedTo"][0]["appliedTo"]) == ("0.00", invoice)
        assert (await shown(site, INVOICES, str(invoice)))["balance"] == "0.00"
        row = (await rows(site, "payment", "unapplied_later_applied"))[0]
        assert (row["valid"], row["becomes"]) == (True, "customerDeposit")
        assert row["gl"] == {"1250": amount, "1200": f"-{amount}"}

    on_site(check)


def test_the_payments_of_a_deposit_do_not_say_what_they_refund() -> None:
    async def check(site: Site) -> None:
        number = (await rows(site, "bank_deposit", "deposit_with_refund"))[0]["id"]
        page = await site.get(f"{DEPOSITS}/{number}/transactions")
        assert len(page["data"]) == 2
        assert all("refundedPaymentId" not in one for one in page["data"])
        deposit = await shown(site, DEPOSITS, number)
        total = sum(Decimal(one["total"]) for one in page["data"])
        assert deposit["grossAmount"] == total
        assert (await site.call("GET", f"{DEPOSITS}/1/transactions")).status == 404

    on_site(check)


def test_a_page_holds_what_is_asked_and_says_whether_more_follows() -> None:
    async def check(site: Site) -> None:
        seen: list[int] = []
        number = 0
        more = True
        while more:
            number += 1
            page = await site.get(INVOICES, page=number, pageSize=60, sort="-Id")
            seen += [one["id"] for one in page["data"]]
            more = page["hasMore"]
        twice = (await rows(site, "invoice", "dirty_listed_twice"))[0]["id"]
        assert seen == sorted(seen, reverse=True)
        assert [x for x in set(seen) if seen.count(x) > 1] == [int(twice)]
        total = await site.get(INVOICES, includeTotal="true", pageSize=1)
        assert total["totalCount"] == len(seen)

    on_site(check)


def test_invoices_are_filtered_by_amount_balance_and_custom_field() -> None:
    async def check(site: Site) -> None:
        big = await site.get(INVOICES, totalGreater="10000", totalLess="20000")
        assert [one["items"] is not None and len(one["items"]) for one in big["data"]] == [120]
        query = {"balanceFilter.Balance": "0", "balanceFilter.Comparer": "Less", "pageSize": 500}
        below = await site.get(INVOICES, **query)
        assert below["data"]
        assert all(Decimal(one["balance"]) < 0 for one in below["data"])
        number = big["data"][0]["id"]
        field = {"name": "ERP Sync Error", "value": "no such account"}
        body = {"operations": [{"objectId": number, "customFields": [field]}]}
        path = f"{INVOICES}/custom-fields"
        written = await site.call("PATCH", path, body=body)
        assert (written.status, written.text) == (200, "")
        found = await site.get(INVOICES, **{"customField.Fields[ERP Sync Error]": field["value"]})
        assert [one["id"] for one in found["data"]] == [number]
        assert found["data"][0]["customFields"] == [field]
        for wrong in ({"name": "Colour", "value": "x"}, {"name": "", "value": "x"}):
            body = {"operations": [{"objectId": number, "customFields": [wrong]}]}
            assert (await site.call("PATCH", path, body=body)).status == 400

    on_site(check)


def test_money_and_quantities_come_as_strings_of_their_own_scale() -> None:
    async def check(site: Site) -> None:
        number = (await rows(site, "invoice", "tax_mixed"))[0]["id"]
        invoice = await shown(site, INVOICES, number)
        item = invoice["items"][0]
        assert invoice["customFields"] is None
        assert (item["quantity"], item["cost"]) == ("1.0000000000000000000", "0.0000000000")
        assert item["total"] == "89.00"
        assert invoice["invoiceDate"].endswith("T00:00:00Z")
        memo = (await rows(site, "credit_memo", "memo_applied"))[0]["id"]
        page = await site.get(f"{ACCOUNTING}/credit-memos/credit-memo-items", creditMemoIds=memo)
        one = await site.get(f"{ACCOUNTING}/credit-memos/{memo}/items")
        assert isinstance(one["data"][0]["total"], Decimal)
        assert page["data"][0] == one["data"][0] | {"creditMemoId": int(memo)}

    on_site(check)


def test_an_order_is_read_by_id_and_its_status_is_all_it_has() -> None:
    async def check(site: Site) -> None:
        number = (await rows(site, "purchase_order", "order_part_received"))[0]["id"]
        order = await site.get(f"{INVENTORY}/purchase-orders/{number}")
        assert order["status"] == "PartiallyReceived"
        assert "syncStatus" not in order
        receipts = await site.get(f"{INVENTORY}/receipts", purchaseOrderIds=number)
        assert [one["purchaseOrderId"] for one in receipts["data"]] == [int(number)]
        assert "id" not in receipts["data"][0]["items"][0]["generalLedgerAccount"]
        assert (await site.call("GET", f"{INVENTORY}/purchase-orders/1")).status == 404

    on_site(check)


def test_a_vendor_is_created_linked_and_found_by_its_external_data() -> None:
    async def check(site: Site) -> None:
        path = f"{INVENTORY}/vendors"
        linked = await site.get(
            path, externalDataApplicationGuid=LEGACY_GUID, externalDataKey=LEGACY_KEY,
            externalDataValues="3101",
        )  # fmt: skip
        assert [one["name"] for one in linked["data"]] == ["Ferguson Branch 12"]
        assert linked["data"][0]["externalData"] == [{"key": LEGACY_KEY, "value": "3101"}]
        data = {"applicationGuid": LEGACY_GUID, "externalData": [
            {"key": LEGACY_KEY, "value": "3107"}
        ]}  # fmt: skip
        body = {
            "name": "Colorado Freight",
            "active": True,
            "isTruckReplenishment": False,
            "taxRate": 0,
            "restrictedMobileCreation": False,
            "address": {"street": "1 A St", "city": "Denver"},
            "externalData": data,
        }
        created = await site.call("POST", path, body=body)
        number = created.json["id"]
        own = await site.get(f"{path}/{number}", externalDataApplicationGuid=LEGACY_GUID)
        assert own["externalData"] == data["externalData"]
        assert (await site.get(f"{path}/{number}"))["externalData"] == []
        changed = await site.call("PATCH", f"{path}/{number}", body={"name": "Colorado Freight Co"})
        assert changed.json == {"id": number}
        assert (await site.get(f"{path}/{number}"))["name"] == "Colorado Freight Co"
        assert (await site.call("POST", path, body={"name": "X"})).status == 400

    on_site(check)


def test_a_return_keeps_external_data_of_its_own() -> None:
    async def check(site: Site) -> None:
        number = (await rows(site, "return", "return_open"))[0]["id"]
        data = {"applicationGuid": LEGACY_GUID, "externalData": [{"key": "erp", "value": "9"}]}
        path = f"{INVENTORY}/returns"
        await site.call("PATCH", f"{path}/{number}", body={"externalData": data})
        app = {"externalDataApplicationGuid": LEGACY_GUID}
        found = await site.get(path, **app, externalDataKey="erp", externalDataValues="9")
        assert [str(one["id"]) for one in found["data"]] == [number]
        everyone = (await site.get(path, **app))["data"]
        kept = {str(one["id"]): one["externalData"] for one in everyone}
        assert len(kept) > 1
        assert kept[number] == data["externalData"]

    on_site(check)


@pytest.mark.parametrize(
    ("kind", "body"), [("invoice", {"colour": 1}), ("invoice", {}), ("payment", {"apply": [{}]})]
)
def test_an_edit_of_what_is_not_there_is_refused(kind: str, body: dict[str, Any]) -> None:
    async def check(site: Site) -> None:
        number = (await rows(site, kind))[0]["id"]
        answer = await site.raw("PATCH", f"/sandbox/documents/{kind}/{number}", json=body)
        assert answer.status == 400
        gone = await site.raw("PATCH", f"/sandbox/documents/{kind}/1", json={"total": "1"})
        assert gone.status == 404

    on_site(check)


def test_the_pricebook_names_accounts_by_name_and_what_is_bought_by_id() -> None:
    async def check(site: Site) -> None:
        base = "/pricebook/v2/tenant/{tenant}"
        page = await site.get(f"{base}/materials", searchText="copper")
        (copper,) = page["data"]
        assert (copper["account"], copper["assetAccount"]) == (
            "Parts & Materials Revenue", "Inventory Asset",
        )  # fmt: skip
        account = await site.get(f"{ACCOUNTING}/gl-accounts/{copper['generalLedgerAccountId']}")
        assert account["number"] == "1300"
        assert await site.get(f"{base}/materials/{copper['id']}") == copper

    on_site(check)
