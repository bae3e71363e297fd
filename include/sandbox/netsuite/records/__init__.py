"""The record types the stand-in serves, each in a module of its own, behind one registry."""

from __future__ import annotations

from sandbox.netsuite.records.base import RecordType
from sandbox.netsuite.records.contact import Contact
from sandbox.netsuite.records.customer_money import CustomerDeposit, CustomerPayment
from sandbox.netsuite.records.customer_refund import CustomerRefund
from sandbox.netsuite.records.deposit_application import DepositApplication
from sandbox.netsuite.records.entity import Customer, Vendor
from sandbox.netsuite.records.item_receipt import ItemReceipt
from sandbox.netsuite.records.items import PURCHASE_ITEM, RESALE_ITEM, SALE_ITEM
from sandbox.netsuite.records.journal_entry import JournalEntry
from sandbox.netsuite.records.lists import (
    Account,
    CustomerSubsidiaryRelationship,
    Dimension,
    Period,
    Subsidiary,
    Term,
    VendorSubsidiaryRelationship,
)
from sandbox.netsuite.records.purchase_order import PurchaseOrder
from sandbox.netsuite.records.sale import CreditMemo, Invoice
from sandbox.netsuite.records.vendor_bill import VendorBill, VendorCredit

ONE_WORLD = {"subsidiary", "customerSubsidiaryRelationship", "vendorSubsidiaryRelationship"}
REGISTRY: dict[str, RecordType] = {
    kind.name: kind
    for kind in (
        JournalEntry(),
        Customer(),
        Vendor(),
        Contact(),
        Account(),
        Subsidiary(),
        Dimension("department", "department"),
        Dimension("classification", "class"),
        Dimension("location", "location"),
        Period(),
        CustomerSubsidiaryRelationship(),
        VendorSubsidiaryRelationship(),
        Term(),
        SALE_ITEM,
        PURCHASE_ITEM,
        RESALE_ITEM,
        Invoice(),
        CreditMemo(),
        CustomerPayment(),
        CustomerDeposit(),
        DepositApplication(),
        CustomerRefund(),
        PurchaseOrder(),
        ItemReceipt(),
        VendorBill(),
        VendorCredit(),
    )
}
_BY_LOWER = {name.lower(): name for name in REGISTRY}
GROUPS = {name: kind.group for name, kind in REGISTRY.items()}


TRANSACTIONS = tuple(n for n, kind in REGISTRY.items() if kind.tables[0] == "transaction")


def find(name: str, one_world: bool) -> RecordType | None:
    """The record type of this name, whatever its case; None when the account has none such."""
    canonical = _BY_LOWER.get(name.lower())
    if canonical is None or (canonical in ONE_WORLD and not one_world):
        return None
    return REGISTRY[canonical]


def canonical(name: str) -> str:
    """The name as NetSuite spells it; unknown names stay as they are."""
    return _BY_LOWER.get(name.lower(), name)
