from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from receivables_fake import account, applied, invoice, item, memo, memo_item

from servicetitan_netsuite.documents import DocumentType, SourceDocument, canonical, external_id
from servicetitan_netsuite.servicetitan.receivable import CREDIT_MEMOS, INVOICES, document
from servicetitan_netsuite.servicetitan.shape import Misshapen, version_of

NEW_YORK = ZoneInfo("America/New_York")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["Posted", "1e999", "-5", "2026-02-30", "0001-01-01T00:00:00Z", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def read(**changes: Any) -> SourceDocument:
    row = invoice(**changes)
    return document(INVOICES, row, row.get("items"), NEW_YORK)


def test_an_invoice_holds_what_the_sync_uses() -> None:
    found = read()
    assert (found.type, found.source_id, found.number) == (
        DocumentType.INVOICE,
        "303350355",
        "N303350355",
    )
    assert (found.business_date, found.amount) == (date(2026, 2, 14), Decimal("108.25"))
    assert found.content["header"] == {
        "id": "303350355",
        "number": "N303350355",
        "date": "2026-02-14",
        "due_date": "2026-03-14",
        "total": "108.25",
        "sub_total": "100",
        "sales_tax": "8.25",
        "tax_code": {"id": "18050", "name": "Travis County"},
        "term": "Due Upon Receipt",
        "memo": None,
        "customer": {"id": "289969909", "name": "Acme LLC"},
        "business_unit": {"id": "1026", "name": "Residential Service"},
        "batch": {"id": "303633281", "number": "7475", "name": "AR 02/15/2026"},
        "adjustment_to": None,
        "configuration": "JobInvoice",
        "url": None,
    }
    assert found.content["lines"] == [
        {
            "id": "303350359",
            "sku": {"id": "288173174", "code": "DIAG-1", "type": "Service"},
            "description": "Diagnostic",
            "total": "100",
            "quantity": "1",
            "account": {
                "id": "235000",
                "number": "4000",
                "name": "Account 4000",
                "type": "Income",
                "detail_type": "SalesOfProductIncome",
            },
            "cost_of_sale_account": None,
            "asset_account": None,
            "total_cost": "0",
            "inventory": False,
            "business_unit": {"id": "1026", "name": "Residential Service"},
        }
    ]
    external_id("alb", found.type, found.source_id)
    json.loads(canonical(found.content))


def test_a_credit_memo_is_like_an_invoice_and_tells_what_it_is_applied_to() -> None:
    lines = [memo_item(7, 9101)]
    found = document(CREDIT_MEMOS, memo(), lines, NEW_YORK)
    assert (found.type, found.amount) == (DocumentType.CREDIT_MEMO, Decimal("54.13"))
    assert found.business_date == date(2026, 2, 16)
    header = found.content["header"]
    assert header.pop("applied_to") == [
        {"to": "303350355", "amount": "54.13", "date": "2026-02-16"}
    ]
    assert header.keys() == read().content["header"].keys()
    (line,) = found.content["lines"]
    assert line.keys() == read().content["lines"][0].keys()
    assert (line["account"]["id"], line["account"]["detail_type"]) == ("235000", None)


def test_inventory_lines_keep_their_cost_and_accounts() -> None:
    line = item(
        1,
        inventory=True,
        totalCost="12.340000",
        costOfSaleAccount=account(5000),
        assetAccount=account(1400),
    )
    (kept,) = read(items=[line]).content["lines"]
    assert (kept["inventory"], kept["total_cost"]) == (True, "12.34")
    assert kept["cost_of_sale_account"]["number"] == "5000"
    assert kept["asset_account"]["number"] == "1400"


def test_midnight_is_its_own_day_and_a_time_of_day_is_the_tenants() -> None:
    assert read(invoiceDate="2026-02-15T03:00:00Z").business_date == date(2026, 2, 14)
    assert read(invoiceDate="2026-02-15T00:00:00").business_date == date(2026, 2, 15)
    assert read(invoiceDate=None).business_date is None


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_document_without_number_is_known_by_its_id(blank: str | None) -> None:
    assert read(referenceNumber=blank).number == "303350355"


def test_null_and_missing_items_are_no_lines() -> None:
    assert read(items=None).content["lines"] == []
    row = invoice()
    del row["items"], row["salesTax"], row["subTotal"]
    found = document(INVOICES, row, row.get("items"), UTC)
    assert found.content["header"]["sales_tax"] == "0"
    assert found.content["header"]["sub_total"] == "108.25"


def test_the_id_zero_means_nothing_there() -> None:
    found = read(
        businessUnit={"id": 0, "name": None}, adjustmentToId=0, items=[item(1, skuId=0)]
    ).content
    assert found["header"]["business_unit"] is None
    assert found["header"]["adjustment_to"] is None
    assert found["lines"][0]["sku"] is None


NO_CONTENT = {
    "modifiedOn": "2027-01-01T00:00:00Z",
    "balance": "0.00",
    "syncStatus": "Exported",
    "reviewStatus": "Invoiced",
    "sentStatus": "Sent",
    "depositedOn": "2027-01-01T00:00:00Z",
    "paidOn": "2027-01-01T00:00:00Z",
    "exportId": "st-alb-invoice-1",
    "total": "108.2500000",
    "batch": {"id": 5, "number": "1", "name": "moved"},
    "customer": {"id": 289969909, "name": "Acme Holding"},
}


@pytest.mark.parametrize("field", NO_CONTENT)
def test_what_is_no_content_makes_no_new_version(field: str) -> None:
    assert read(**{field: NO_CONTENT[field]}).version == read().version


CONTENT = {
    "total": "108.26",
    "salesTax": "8.26",
    "invoiceDate": "2026-02-15T00:00:00Z",
    "dueDate": None,
    "customer": {"id": 1, "name": "Acme LLC"},
    "businessUnit": None,
    "referenceNumber": "N1",
    "summary": "new",
    "items": [item(303350359, "100.01")],
    "adjustmentToId": 12,
}


@pytest.mark.parametrize("field", CONTENT)
def test_other_content_is_another_version(field: str) -> None:
    assert read(**{field: CONTENT[field]}).version != read().version


def test_another_account_or_application_is_another_version() -> None:
    moved = item(303350359, generalLedgerAccount=account(4010))
    assert read(items=[moved]).version != read().version
    memos = [
        document(CREDIT_MEMOS, memo(appliedTo=each), [], UTC).version
        for each in (None, [applied()], [applied(appliedAmount=1)])
    ]
    assert len(set(memos)) == 3


@given(st.permutations([item(n, f"{n}.10") for n in range(1, 6)]), st.integers(0, 9))
def test_equal_content_is_an_equal_version(items: list[Any], zeros: int) -> None:
    straight = read(items=[item(n, f"{n}.10") for n in range(1, 6)])
    shown = [{**each, "total": each["total"] + "0" * zeros} for each in items]
    found = read(items=shown, total="108.25" + "0" * zeros)
    assert (found.content, found.version) == (straight.content, straight.version)
    assert version_of(json.loads(canonical(found.content))) == found.version
    assert 1 <= found.version < 2**31


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"total": None}, "total"),
        ({"total": "a lot"}, "total"),
        ({"total": "1" + "0" * 15}, "total"),
        ({"total": "NaN"}, "total"),
        ({"id": None}, "id"),
        ({"id": -4}, "id"),
        ({"id": "../1"}, "id"),
        ({"id": 2**63}, "id"),
        ({"invoiceDate": "soon"}, "invoiceDate"),
        ({"items": {}}, "items"),
        ({"items": [None]}, "line 1"),
        ({"items": [item(1), item(2, None)]}, "line 2: total"),
        ({"items": [item(None)]}, "line 1: id"),  # type: ignore[arg-type]
        ({"items": [item(1, generalLedgerAccount="4000")]}, "line 1: generalLedgerAccount"),
        ({"items": [item(1, inventory="yes")]}, "line 1: inventory"),
        ({"customer": {"name": "no id"}}, "customer.id"),
    ],
)
def test_what_is_misshapen_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Misshapen, match=f"^{field} is "):
        read(**changes)


@settings(max_examples=300)
@given(st.data(), JSON)
def test_dirt_anywhere_is_refused_by_name_or_read(data: st.DataObject, dirt: Any) -> None:
    row, lines = deepcopy(memo()), [deepcopy(memo_item(7, 9101))]
    row["appliedTo"] = [applied()]
    kind = data.draw(st.sampled_from([INVOICES, CREDIT_MEMOS]))
    if kind is INVOICES:
        row, lines = invoice(), [item(7)]
    where = data.draw(st.sampled_from([row, lines[0], (row.get("appliedTo") or [row])[0]]))
    where[data.draw(st.sampled_from(sorted(where)))] = dirt
    try:
        found = document(kind, row, lines, NEW_YORK)
    except Misshapen:
        return
    canonical(found.content).encode()
    assert 1 <= found.version < 2**31
    assert abs(found.amount) < 10**15


@given(JSON, JSON)
def test_any_json_is_refused_by_name_or_read(row: Any, lines: Any) -> None:
    with pytest.raises(Misshapen):
        document(INVOICES, row, lines, NEW_YORK)
