"""Returns and AP credits in a test: which there are, what NetSuite holds, what is granted."""

from __future__ import annotations

from typing import Any

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site

CHOSEN = (
    DocumentType.PURCHASE_ORDER,
    DocumentType.RECEIPT,
    DocumentType.VENDOR_BILL,
    DocumentType.VENDOR_CREDIT,
)
ALONE = (DocumentType.VENDOR_CREDIT,)
HALVES = ("return", "ap_credit")


def name_of(document: dict[str, Any]) -> str:
    """The external id of the vendor credit that stands for a return or AP credit."""
    returned = document["posts_as"] or [document["type"], document["id"]]
    return f"st-1004-vendor_credit-{returned[1]}"


def held(site: Site) -> dict[str, dict[str, Any]]:
    """NetSuite's vendor credits with our external ids, each once."""
    found = site.records("vendor_credit")
    assert {record["type"] for record in found.values()} <= {"vendorCredit"}
    return found


def rows(site: Site) -> dict[str, Any]:
    """The ledger's vendor credits, by external id."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT * FROM document WHERE document_type = 'vendor_credit'"
        ).all()
    return {row.external_id: row for row in found}


def status(site: Site, document: dict[str, Any]) -> str:
    now = {(d["type"], d["id"]): d["sync_status"] for d in site.entries()}
    return str(now[document["type"], document["id"]])


def pair(site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """A valid return and its AP credit, which is applied to nothing."""
    found = {d["case"]: d for d in site.batchable(*HALVES)}
    return found["return_open"], found["credit_open"]


def bill_of(site: Site) -> dict[str, Any]:
    """A bill of the vendor of `pair`, with the order and the receipt it belongs to."""
    found = {d["case"]: d for d in site.batchable("receipt", "ap_bill")}
    site.post_batch([found["receipt_then returned"], found["bill_then returned"]])
    return found["bill_then returned"]


def apply(site: Site, credit: dict[str, Any], bill: dict[str, Any], amount: str) -> None:
    """The vendor grants a credit, which is split over a bill, and its batch is posted."""
    site.edit(credit, splits=[split(credit, bill, float(amount))], appliedAmount=float(amount))
    site.post_batch([credit])


def split(
    credit: dict[str, Any], bill: dict[str, Any], amount: float, n: int = 1
) -> dict[str, Any]:
    """A split of an AP credit, the `n`th of it."""
    return {
        "id": int(credit["id"]) + n * 7_000_000,
        "active": True,
        "createdOn": "2026-10-30T00:00:00Z",
        "inventoryBillId": int(bill["id"]),
        "vendorCreditId": int(credit["id"]),
        "amount": amount,
    }


def second_bill(site: Site) -> dict[str, Any]:
    """Another bill of the vendor of `pair`, with what it belongs to."""
    case = "bill_of Ferguson Branch 12"
    bill = next(d for d in site.batchable("ap_bill") if d["case"] == case)
    received = case.replace("bill", "receipt")
    receipts = [d for d in site.batchable("receipt") if d["case"] == received]
    site.post_batch([bill, *receipts])
    return bill
