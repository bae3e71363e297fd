"""Decide what becomes of the cost of an invoice's inventory lines: a journal entry, or nothing.

It debits the account of cost of sales and credits that of the inventory: the line's own, else the
one of its SKU in the pricebook; for the inventory, else the role Inventory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import (
    AccountProfile,
    Cause,
    MappingRow,
    Problem,
    SkuAccounts,
    SourceDocument,
    State,
)
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.paper import ACCOUNT, LINE, ROLE, Paper, account_key
from servicetitan_netsuite.mapping.plain_content import INVENTORY_ROLE
from servicetitan_netsuite.mapping.plain_journals import validate_journals
from servicetitan_netsuite.mapping.reading import Line
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.sales_rules import no_account
from servicetitan_netsuite.mapping.values import reference, sku_id, text
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.tenants import Tenant

_COST, _ASSET = "cost_of_sale", "asset"
_FIELDS = {_COST: "cost_of_sale_account", _ASSET: "asset_account"}
Account = tuple[str, str, str]


def validate_cost_of_sales(
    chunk: Sequence[SourceDocument],
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    skus: Mapping[str, SkuAccounts],
    *,
    posted: Collection[str] = frozenset(),
) -> list[Verdict]:
    """One verdict per part `cogs` of `chunk`, in its order; dirty content never raises.

    `skus` holds what the pricebook says of the SKUs of its lines. `posted` are the source ids of
    those that are in NetSuite already: they are never skipped. Where the tenant does not post cost
    of sales, all others are.
    """
    if tenant.sync.cost_of_sales == "none":
        kept = [document for document in chunk if document.source_id in posted]
    else:
        kept = list(chunk)
    read = partial(read_cost_of_sales, skus=skus)
    found = validate_journals(kept, read, mappings, reference, tenant, profile, posted=posted)
    verdicts = {verdict.source_id: verdict for verdict in found}
    return [verdicts.get(each.source_id) or _not_posted(each.source_id) for each in chunk]


def skus_without_cost_account(document: SourceDocument) -> Iterator[str]:
    """The SKU ids of lines that do not name both accounts themselves."""
    content: Any = document.content if isinstance(document.content, dict) else {}
    lines = content.get("lines")
    for line in lines if isinstance(lines, list) else []:
        known = isinstance(line, dict) and all(line.get(name) for name in _FIELDS.values())
        if not known and (sku := sku_id(line)):
            yield sku


def read_cost_of_sales(
    document: SourceDocument, doc: int, skus: Mapping[str, SkuAccounts]
) -> tuple[Paper, list[Line]]:
    """The costs in `document.content` and their rows; `doc` is the document's place in a chunk."""
    paper = Paper(document)
    header = paper.header()
    paper.memo = f"Cost of sales of invoice {text(header.get('invoice'))}".strip()
    unit = reference(paper.dirty, header, "business_unit")
    rows: list[Line] = []
    for raw in paper.lines():
        amount = paper.amount(raw.get("total_cost"), "total_cost")
        own = reference(paper.dirty, raw, "business_unit")
        place = own if own[0] is not None else unit
        debit = _account(paper, raw, _COST, skus)
        credit = _account(paper, raw, _ASSET, skus)
        code = _code(raw, skus)
        if debit is not None and credit is not None:
            rows += paper.row(doc, LINE, debit, place, amount, code)
            rows += paper.row(doc, LINE, credit, place, -amount, code)
    return paper, rows


def _account(
    paper: Paper, raw: dict[str, Any], role: str, skus: Mapping[str, SkuAccounts]
) -> Account | None:
    """The account of one side: kind, key and name; None where it is missing or unclear."""
    field = _FIELDS[role]
    if raw.get(field) is not None:
        own = account_key(paper.dirty, raw[field], field)
        return (ACCOUNT, *own) if own else None
    known = skus.get(sku_id(raw) or "")
    found = account_key(paper.dirty, known.accounts.get(role), field) if known else None
    if found is not None:
        return ACCOUNT, *found
    unclear = known.unclear.get(role, "") if known else ""
    if role == _ASSET and not unclear:
        return ROLE, INVENTORY_ROLE, f"role {INVENTORY_ROLE}"
    what = "asset" if role == _ASSET else "cost of sale"
    paper.problems.append(no_account(_code(raw, skus) or "without a name", unclear, what))
    return None


def _code(raw: dict[str, Any], skus: Mapping[str, SkuAccounts]) -> str:
    sku = raw.get("sku")
    known = skus.get(sku_id(raw) or "")
    return text(sku.get("code") if isinstance(sku, dict) else sku) or (known.code if known else "")


def _not_posted(source_id: str) -> Verdict:
    reason = Problem(
        Cause.COST_NOT_POSTED,
        "This tenant's cost of sales is not posted.",
        "Nothing to do, or set sync.cost_of_sales to journal in the tenant file.",
    )
    return Verdict(source_id, State.SKIPPED, (reason,))
