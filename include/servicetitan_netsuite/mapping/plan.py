"""What a document is called in NetSuite, and what of it makes the lines of a journal."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import AccountProfile, SourceDocument, external_id
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.plans.journal import PlannedLine
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame

TRAN_ID_LENGTH = 45
"""NetSuite's limit of a transaction number."""

_LINE_COLUMNS = (
    "doc",
    "target",
    "amount",
    "memo",
    "entity",
    "department",
    "class_",
    "location",
)


def document_external_id(document: SourceDocument, tenant: Tenant) -> str:
    """External id of what the document becomes.

    Raises:
        ValueError: the source id does not fit into one.
    """
    return external_id(
        tenant.servicetitan.tenant_id,
        document.type,
        document.source_id,
        document.part,
    )


def transaction_number(
    document: SourceDocument, tenant: Tenant, profile: AccountProfile
) -> str | None:
    """The record's number, prefixed where naming is on; None where NetSuite gives its own.

    Raises:
        ValueError: the document has no number, or the number is too long.
    """
    if not profile.number_override:
        return None
    number = document.number.strip()
    made = f"{tenant.short_name}-{number}" if tenant.sync.naming else number
    if not number or len(made) > TRAN_ID_LENGTH:
        raise ValueError(f"{made!r} cannot be a transaction number")
    return made


def unnameable(document: SourceDocument, tenant: Tenant, profile: AccountProfile) -> Iterator[str]:
    """Which of the document's names NetSuite would not take: `id`, `number`."""
    try:
        document_external_id(document, tenant)
    except ValueError:
        yield "id"
    try:
        transaction_number(document, tenant, profile)
    except ValueError:
        yield "number"


def planned_lines(lines: DataFrame, ready: Collection[int]) -> dict[int, list[PlannedLine]]:
    """The journal lines of the `ready` documents, in ServiceTitan's order."""
    made: dict[int, list[PlannedLine]] = {doc: [] for doc in ready}
    if not made:
        return made
    wanted = lines[lines["doc"].isin(list(made))]
    for doc, *values in zip(*(wanted[name].tolist() for name in _LINE_COLUMNS), strict=True):
        made[doc].append(PlannedLine(*values))
    return made


def subsidiary_currency(
    subsidiary: str | None, profile: AccountProfile, reference: ReferenceFrames
) -> str | None:
    """The subsidiary's own; None, hence never sent, where the account has a single currency."""
    if subsidiary is None or len(profile.currencies) < 2:
        return None
    currency = reference.subsidiary_by_id[subsidiary].get("currency")
    return str(currency) if currency else None
