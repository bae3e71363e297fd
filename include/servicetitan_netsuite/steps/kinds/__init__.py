"""What the steps need to know of each document type, one module a family, in posting order."""

from __future__ import annotations

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.kinds import (
    bank_deposits,
    inventory_adjustments,
    journal_entries,
    sales,
)
from servicetitan_netsuite.steps.kinds.kind import Kind
from servicetitan_netsuite.tenants import Method

KINDS: dict[DocumentType, Kind] = {
    kind.type: kind
    for kind in (
        journal_entries.JOURNAL_ENTRIES,
        sales.INVOICES,
        sales.CREDIT_MEMOS,
        bank_deposits.BANK_DEPOSITS,
        inventory_adjustments.INVENTORY_ADJUSTMENTS,
    )
}
_METHODS: dict[Method, tuple[DocumentType, ...]] = {
    Method.JOURNAL_ENTRIES: (DocumentType.JOURNAL_ENTRY,),
    Method.DOCUMENTS: (
        DocumentType.INVOICE,
        DocumentType.CREDIT_MEMO,
        DocumentType.BANK_DEPOSIT,
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
    chosen = context.params.document_types
    return [KINDS[name] for name in types if not chosen or name in chosen]
