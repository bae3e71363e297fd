"""What the steps need to know of each document type, one module a family, in posting order."""

from __future__ import annotations

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.kinds import (
    bank_deposits,
    inventory_adjustments,
    journal_entries,
    payments,
    purchase_orders,
    receipts,
    sales,
    vendor_bills,
    vendor_credits,
)
from servicetitan_netsuite.steps.kinds.kind import Kind
from servicetitan_netsuite.tenants import Method

KINDS: dict[DocumentType, Kind] = {
    kind.type: kind
    for kind in (
        journal_entries.JOURNAL_ENTRIES,
        sales.INVOICES,
        sales.CREDIT_MEMOS,
        payments.PAYMENT,
        bank_deposits.BANK_DEPOSITS,
        purchase_orders.PURCHASE_ORDERS,
        receipts.RECEIPTS,
        vendor_bills.VENDOR_BILLS,
        vendor_credits.VENDOR_CREDITS,
        inventory_adjustments.INVENTORY_ADJUSTMENTS,
    )
}
_PAYABLES = (
    DocumentType.PURCHASE_ORDER,
    DocumentType.RECEIPT,
    DocumentType.VENDOR_BILL,
    DocumentType.VENDOR_CREDIT,
)
_OF_ORDERS = (DocumentType.PURCHASE_ORDER, DocumentType.RECEIPT)
"""Not synced where the tenant file says so; bills then stand alone."""
_METHODS: dict[Method, tuple[DocumentType, ...]] = {
    Method.JOURNAL_ENTRIES: (DocumentType.JOURNAL_ENTRY,),
    Method.JOURNAL_ENTRIES_AND_AP: (DocumentType.JOURNAL_ENTRY, *_PAYABLES),
    Method.DOCUMENTS: (
        DocumentType.INVOICE,
        DocumentType.CREDIT_MEMO,
        DocumentType.PAYMENT,
        DocumentType.BANK_DEPOSIT,
        *_PAYABLES,
        DocumentType.INVENTORY_ADJUSTMENT,
    ),
}


def kinds_of(context: RunContext) -> list[Kind]:
    """The types this run reads, parents before children.

    Raises:
        ConfigurationError: the tenant's method is not served.
    """
    types = _METHODS.get(context.tenant.sync.method)
    if types is None:
        raise ConfigurationError(
            f"Tenant {context.tenant.short_name}: method {context.tenant.sync.method} is not "
            f"served yet; set sync.method to one of {', '.join(_METHODS)}."
        )
    if not context.tenant.sync.purchase_orders:
        types = tuple(name for name in types if name not in _OF_ORDERS)
    chosen = set(context.params.document_types)
    if chosen & {DocumentType.RECEIPT, DocumentType.VENDOR_BILL}:
        chosen.add(DocumentType.PURCHASE_ORDER)  # what they belong to is read with them
    return [KINDS[name] for name in types if not chosen or name in chosen]
