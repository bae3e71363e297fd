"""Purchase orders, receipts and vendor bills: once each, linked by line, booked to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.tenants import read_tenant
from support.purchasing import (
    NAMED_BY_NOBODY,
    TYPES,
    held,
    name_of,
    pages,
    post,
    purchases,
    run,
)
from support.site import QUICK, Site, effect, expected_effect


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
    return Month(
        documents=documents,
        now={(d["type"], d["id"]): d for d in site.entries()},
        records=held(site),
        rows=site.rows(),
        pages=first,
        accounts=site.account_numbers(),
        written_again=site.truth()["writes"] - writes,
    )


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
        assert effect(row, month.accounts) == expected_effect(bill["gl"]), bill["case"]


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
