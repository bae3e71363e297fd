"""What the steps need to know of each document type, one module a family, in posting order."""

from __future__ import annotations

from collections.abc import Sequence

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
from servicetitan_netsuite.tenants import Method, Tenant

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
_TERMED = (DocumentType.INVOICE, DocumentType.VENDOR_BILL)
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


def synced(tenant: Tenant) -> list[Kind]:
    """The types that the tenant's method reads, parents before children.

    Raises:
        ConfigurationError: the tenant's method is not served.
    """
    types = _METHODS.get(tenant.sync.method)
    if types is None:
        raise ConfigurationError(
            f"Tenant {tenant.short_name}: method {tenant.sync.method} is not "
            f"served yet; set sync.method to one of {', '.join(_METHODS)}."
        )
    if not tenant.sync.purchase_orders:
        types = tuple(name for name in types if name not in _OF_ORDERS)
    return [KINDS[name] for name in types]


def kinds_of(context: RunContext) -> list[Kind]:
    """The types this run reads, parents before children.

    Raises:
        ConfigurationError: the tenant's method is not served.
    """
    chosen = set(context.params.document_types)
    if chosen & {DocumentType.RECEIPT, DocumentType.VENDOR_BILL}:
        chosen.add(DocumentType.PURCHASE_ORDER)  # what they belong to is read with them
    return [kind for kind in synced(context.tenant) if not chosen or kind.type in chosen]


def roles_of(kinds: Sequence[Kind]) -> list[str]:
    """ServiceTitan's default accounts that documents of these types may need."""
    return sorted({role for kind in kinds for role in kind.roles})


def name_terms(kinds: Sequence[Kind]) -> bool:
    """Whether documents of these types name payment terms."""
    return any(kind.type in _TERMED for kind in kinds)
