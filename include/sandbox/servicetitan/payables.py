"""Bills, credits and payments of vendors; old and new lists of the same bills."""

from __future__ import annotations

from sandbox.servicetitan import exact
from sandbox.servicetitan.listing import (
    Filter,
    Listing,
    at,
    greatest,
    least,
    number,
    number_text,
    numbers,
    since,
    text,
    until,
    words,
)
from sandbox.servicetitan.marking import Mark

SYNC = ("Pending", "Posted", "Exported", "PostedAndExported")
STATUSES = ("Unreconciled", "Discrepancy", "Reconciled", "Canceled")
SOURCES = ("Undefined", "Standalone", "Purchasing", "Recurring", "OCR", "API")
TYPES = ("NotSet", "Procurement", "ApBill")
ONLY_NEW = (
    "status", "source", "billType", "earlyDiscountDate", "vendorInvoiceTotal", "doNotPay",
    "dateCanceled", "canceledBy", "remittanceVendorInfo", "expenseItems",
)  # fmt: skip
_ORDER_NUMBER = """(SELECT json_extract(o.body, '$.number') FROM record AS o
    WHERE o.tenant_id = record.tenant_id AND o.type = 'purchase_order'
    AND o.id = json_extract(record.body, '$.purchaseOrderId'))"""


def _sync() -> Filter:
    """Sync statuses; PostedAndExported means either."""
    inner = words("syncStatuses", "syncStatus", SYNC)

    def read(query: object, name: str) -> list[str]:
        found: list[str] = inner.read(query, name)  # type: ignore[arg-type]
        both = ["Posted", "Exported"] if "PostedAndExported" in found else []
        return list(dict.fromkeys([*found, *both]))

    return Filter("syncStatuses", read, inner.clause)


_COMMON = (
    numbers("ids", "id"),
    number("batchId", "batch.id"),
    number_text("batchNumber", "batch.number"),
    text("billNumber", "referenceNumber"),
    numbers("businessUnitIds", "businessUnit.id"),
    since("dateFrom", "billDate"),
    until("dateTo", "billDate"),
    text("jobNumber", "jobNumber"),
    Filter("purchaseOrderNumber", lambda query, name: query.text(name), f"{_ORDER_NUMBER} = ?"),
    text("purchaseOrderTypes", "purchaseOrderType"),
    _sync(),
    least("minCost", "billAmount"),
    greatest("maxCost", "billAmount"),
)


def _of_type(allowed: tuple[str, ...]) -> Filter:
    """`billType`, Procurement where none is asked for."""
    return Filter(
        "billType",
        lambda query, name: query.choice(name, allowed) or "Procurement",
        f"{at('billType')} = ?",
    )


def as_inventory_bill(body: str) -> str:
    """A bill as the older list shows it: fewer fields, and a location by name alone."""
    shown = {name: value for name, value in exact.loads(body).items() if name not in ONLY_NEW}
    if isinstance(shown["items"], list):
        shown["items"] = [_older(one) if isinstance(one, dict) else one for one in shown["items"]]
    return exact.dumps(shown)


def _older(item: dict[str, object]) -> dict[str, object]:
    place = item.get("inventoryLocation")
    kept = {name: value for name, value in item.items() if name != "vendorPartNumber"}
    return kept | {"inventoryLocation": place.get("name") if isinstance(place, dict) else None}


AP_BILLS = Listing(
    "ap_bill",
    (
        *_COMMON,
        words("statuses", "status", STATUSES),
        words("sources", "source", SOURCES),
        _of_type(TYPES),
    ),
    state=None,
    sorts=(),
    custom="customField",
)
INVENTORY_BILLS = Listing(
    "ap_bill",
    (*_COMMON, _of_type((*TYPES, "RecurringBill"))),
    state=None,
    sorts=(),
    custom="customField",
    show=as_inventory_bill,
)
AP_CREDITS = Listing("ap_credit", (numbers("ids", "id"), _sync()), state=None, custom="customField")
AP_PAYMENTS = Listing(
    "ap_payment", (numbers("ids", "id"), _sync()), state=None, custom="customField"
)
AP_BILL_MARK = Mark("ap_bill", "billId", ids="billIds")
INVENTORY_BILL_MARK = Mark("ap_bill", "inventoryBillId", ids="inventoryBillIds")
AP_CREDIT_MARK = Mark("ap_credit", "apCreditId")
