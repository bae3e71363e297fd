"""Purchase orders, receipts and vendor bills: once each, linked by line, booked to the cent."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from sandbox.servicetitan.access import ALL_SCOPES
from servicetitan_netsuite.documents import DocumentType, MappingRow
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.outcome import record_id
from servicetitan_netsuite.netsuite.suiteql import rows
from servicetitan_netsuite.tenants import Method, read_tenant
from support.site import QUICK, Site, call

TYPES = {"purchase_order": "purchase_order", "receipt": "receipt", "ap_bill": "vendor_bill"}
CHOSEN = tuple(DocumentType(kind) for kind in TYPES.values())
# Its only receipt holds a line that is none, so that nobody can tell what came of it.
NAMED_BY_NOBODY = "dirty_order_of_null_item"
FAULTS = ("drop_after_write", "drop_before_write", "500_after_write", "no_location", "reset")


def purchases(site: Site) -> list[dict[str, Any]]:
    """Orders, and receipts and bills that a person may batch."""
    return [
        d for d in site.entries() if d["type"] in TYPES and not d["why"].startswith("not_pending")
    ]


def post(site: Site, documents: list[dict[str, Any]]) -> int:
    """Post the receipts and bills of these in one batch; orders are in none."""
    return site.post_batch(d for d in documents if d["type"] != "purchase_order")


def of_order(site: Site, case: str) -> list[dict[str, Any]]:
    """The order of that case with all its receipts and bills, the order first."""
    order = next(d for d in purchases(site) if d["case"] == case)
    own = ["purchase_order", order["id"]]
    return [order, *(d for d in purchases(site) if own in d["parents"])]


def cases(site: Site, *names: str) -> list[dict[str, Any]]:
    """The first document of each of these cases."""
    found = purchases(site)
    return [next(d for d in found if d["case"] == name) for name in names]


def name_of(document: dict[str, Any]) -> str:
    return f"st-1004-{TYPES[document['type']]}-{document['id']}"


def held(site: Site) -> dict[str, dict[str, Any]]:
    """NetSuite's records of ours, by external id, each once."""
    found: dict[str, dict[str, Any]] = {}
    for record in site.truth()["records"]:
        name = record["external_id"] or ""
        if name.startswith("st-1004-"):
            assert name not in found, f"{name} is in NetSuite twice"
            found[name] = record
    return found


def shown(site: Site, document: dict[str, Any]) -> dict[str, Any]:
    """The document as ServiceTitan shows it now."""
    path = f"/sandbox/documents/{document['type']}/{document['id']}"
    change = {"summary" if document["type"] != "receipt" else "memo": "seen"}
    return dict(call(site.servicetitan, path, change, "PATCH"))


def run(site: Site, name: str, **params: Any) -> dict[str, int]:
    return site.run(name, waits=40, document_types=CHOSEN, **params)


def state_of(site: Site, document: dict[str, Any]) -> Any:
    """The ledger's row of a document."""
    return site.rows().get((TYPES[document["type"]], document["id"]))


def pages(site: Site) -> dict[tuple[str, str], Any]:
    """What the latest run says of each document, by type and ServiceTitan's id."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT * FROM run_document WHERE run_id = (SELECT MAX(id) FROM run)"
        ).all()
    return {(row.document_type, row.source_id): row for row in found}


@dataclass(frozen=True)
class Month:
    """A whole month after its first run, and what a second run wrote."""

    documents: list[dict[str, Any]]
    now: dict[tuple[str, str], dict[str, Any]]
    records: dict[str, dict[str, Any]]
    rows: dict[tuple[str, str], Any]
    pages: dict[tuple[str, str], Any]
    accounts: dict[str, str]
    written_again: int


@pytest.fixture(scope="module")
def month(sandbox: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Month:
    url = f"sqlite:///{tmp_path_factory.mktemp('purchases')}/ledger.db"
    migrate(url)
    site = Site(sandbox, read_tenant("den"), url, dict(QUICK))
    site.reset()
    documents = purchases(site)
    post(site, documents)
    run(site, "first")
    first = pages(site)
    writes = site.truth()["writes"]
    run(site, "second")
    with Ledger(url) as ledger, ledger.reading() as connection:
        mapped = connection.exec_driver_sql(
            "SELECT target, target_name FROM mapping WHERE kind IN ('gl_account', 'account_role')"
        ).all()
    return Month(
        documents=documents,
        now={(d["type"], d["id"]): d for d in site.entries()},
        records=held(site),
        rows=site.rows(),
        pages=first,
        accounts={row.target: row.target_name.split(" ")[0] for row in mapped},
        written_again=site.truth()["writes"] - writes,
    )


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


def test_each_valid_document_is_in_netsuite_once_as_what_it_becomes(month: Month) -> None:
    valid = [d for d in month.documents if d["valid"] and d["case"] != NAMED_BY_NOBODY]
    assert len(valid) > 130
    for document in valid:
        record = month.records[name_of(document)]
        assert record["type"].lower() == document["becomes"].lower(), document["case"]
        assert record["date"] == document["date"], document["case"]


def test_no_invalid_document_is_in_netsuite_and_each_names_its_cause(month: Month) -> None:
    told = {
        "dirty": ("dirty_data", "date_missing", "vendor_missing", "no_lines"),
        "parent_missing": ("parent_blocked",),
    }
    invalid = [d for d in month.documents if not d["valid"]]
    assert len(invalid) > 30
    for document in invalid:
        assert name_of(document) not in month.records, document["case"]
        page = month.pages.get((TYPES[document["type"]], document["id"]))
        code = document["why"].split(":")[0]
        if code in ("canceled", "not_received"):
            assert page is None, document["case"]
        else:
            assert page is not None, document["case"]
            # What is wrong with the document itself is told before what is wrong with its order.
            causes = {*told.get(code, (code,)), *document["why"].replace(":", "").split()}
            assert page.cause in causes, (document["case"], page.sentence)
            assert page.sentence, document["case"]
            assert page.advice, document["case"]


def test_an_order_of_which_nothing_came_is_never_posted(month: Month) -> None:
    waiting = [d for d in month.documents if d["why"].startswith("not_received")]
    assert waiting
    for order in waiting:
        assert ("purchase_order", order["id"]) not in month.rows


def test_bills_book_what_servicetitan_says_and_are_exported(month: Month) -> None:
    bills = [d for d in month.documents if d["type"] == "ap_bill"]
    for bill in bills:
        row = month.rows.get(("vendor_bill", bill["id"]))
        after = month.now["ap_bill", bill["id"]]["sync_status"]
        if not bill["valid"]:
            assert after == "Posted", bill["case"]
            continue
        assert (row.state, after) == ("confirmed", "Exported"), bill["case"]
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for account, *_, amount in json.loads(row.posted_canonical)["lines"]:
            sums[month.accounts[account]] += Decimal(amount)
        expected = {k: Decimal(v) for k, v in bill["gl"].items() if Decimal(v)}
        assert {k: v for k, v in sums.items() if v} == expected, bill["case"]


def test_orders_advance_by_what_was_received_and_billed(month: Month) -> None:
    status = {
        d["case"]: month.records[name_of(d)]["status"]
        for d in month.documents
        if d["type"] == "purchase_order" and d["valid"] and name_of(d) in month.records
    }
    assert status["order_in_two_receipts"] == "G"
    assert status["order_billed_once_for_two_receipts"] == "G"
    assert status["order_over_received"] == "G"
    assert status["order_lacking_a_line"] == "G"
    assert status["order_with_tax"] == "G"
    assert status["order_part_received"] == "D"
    assert status["order_one_line_received"] == "E"
    assert status["order_billed_before_receipt"] == "B"


def test_receipts_and_bills_hang_on_the_lines_of_their_order(month: Month) -> None:
    checked = 0
    for document in month.documents:
        parents = [one for one in document["parents"] if one[0] == "purchase_order"]
        if not document["valid"] or not parents:
            continue
        order = month.records[f"st-1004-purchase_order-{parents[0][1]}"]
        record = month.records[name_of(document)]
        assert record["created_from"] == order["id"], document["case"]
        lines = [line for line in record["lines"] if line["sublist"] == "item"]
        assert lines, document["case"]
        assert all(line["orderLine"] for line in lines), document["case"]
        checked += 1
    assert checked > 80


def test_tax_and_shipping_of_a_linked_bill_are_expense_lines(month: Month) -> None:
    bill = next(d for d in month.documents if d["case"] == "bill_with_tax_and_shipping")
    lines = month.records[name_of(bill)]["lines"]
    spent = [Decimal(line["amount"]) for line in lines if line["sublist"] == "expense"]
    assert sorted(spent) == [Decimal("18.00"), Decimal("31.20")]


def test_a_cost_that_differs_from_the_order_is_listed_as_a_variance(month: Month) -> None:
    bill = next(d for d in month.documents if d["case"] == "bill_costs_differ")
    notes = month.pages["vendor_bill", bill["id"]].notes
    assert "variance: CU-34 billed at 7.9, ordered at 7.15" in notes


def test_a_bill_bears_the_vendors_own_number_and_orders_ours(month: Month) -> None:
    for document in month.documents:
        record = month.records.get(name_of(document))
        if record is None:
            continue
        prefixed = str(record["tran_id"] or "").startswith("DEN-")
        assert prefixed == (document["type"] != "ap_bill"), document["case"]


def test_a_second_run_writes_nothing(month: Month) -> None:
    assert month.written_again == 0


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


def test_journal_entries_and_ap_documents_post_purchases_too(den: Site) -> None:
    site = den.with_tenant(method=Method.JOURNAL_ENTRIES_AND_AP)
    documents = of_order(site, "order_with_tax")
    post(site, documents)
    site.run("first", waits=40)
    assert {name_of(d) for d in documents} <= set(held(site))
    assert {row.document_type for row in pages(site).values()} >= set(CHOSEN)
    assert not {"invoice", "payment"} & {row.document_type for row in pages(site).values()}
