"""Decide what becomes of each invoice and credit memo: an invoice, a credit memo, or nothing yet.

The sign of the total decides about the record: a negative invoice is a credit memo, every line
times -1. A total of zero is an invoice (a credit memo stays one), unless each account comes to
zero, then nothing is posted. Sales tax is one line like any other, through the item of its role.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import (
    AccountProfile,
    DocumentType,
    MappingRow,
    SkuAccounts,
    SourceDocument,
    State,
    external_id,
    to_cents,
)
from servicetitan_netsuite.mapping.account_rules import check_accounts, check_control, check_places
from servicetitan_netsuite.mapping.document_rules import since_posted
from servicetitan_netsuite.mapping.entity_rules import customer_missing
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.item_rules import ON_INVOICES, check_items, item_external_id
from servicetitan_netsuite.mapping.mappings import MappingFrames, as_frames
from servicetitan_netsuite.mapping.plan import unnameable
from servicetitan_netsuite.mapping.reading import Line, lines_frame
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.sales_content import COLUMNS, LINE, RECEIVABLE, Sale, read_sale
from servicetitan_netsuite.mapping.sales_rules import (
    check_currency,
    check_sale,
    reason_to_skip,
)
from servicetitan_netsuite.mapping.stamps import custom_fields
from servicetitan_netsuite.mapping.unit_rules import check_one_subsidiary, check_units
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.plans.sales import SalesLine, SalesPlan
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame

INVOICE, CREDIT_MEMO = "invoice", "creditMemo"
_ONE_SUBSIDIARY = (
    "Give its lines business units of one subsidiary, or map these business units to one. "
    "Nothing is posted between companies."
)
_LINE_COLUMNS = ("target", "amount", "memo", "department", "class_", "location")


@dataclass(frozen=True, slots=True)
class SalesVerdict(Verdict):
    """A verdict whose plan needs customers, by ServiceTitan id, and sale items, by the NetSuite
    account they stand for, to be created first.
    """

    plan: SalesPlan | None = None
    customers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules(Rules):
    """With the sale items there are, by NetSuite account id."""

    items: Mapping[str, str]


def validate_sales(
    chunk: Sequence[SourceDocument],
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    items: Mapping[str, str],
    *,
    posted: Collection[str] = frozenset(),
    skus: Mapping[str, SkuAccounts] | None = None,
) -> list[SalesVerdict]:
    """One verdict per invoice or credit memo of `chunk`, in its order; dirt never raises.

    `items` names the sale item by NetSuite account id, an internal or external id. `posted` are
    the source ids of documents that are in NetSuite already: those are never skipped. `skus` are
    the pricebook's accounts, by SKU id, for lines that name none.
    """
    rules = _Rules(as_frames(mappings), reference, tenant, profile, items)
    settled: dict[int, SalesVerdict] = {}
    sales: dict[int, Sale] = {}
    rows: list[Line] = []
    for doc, document in enumerate(chunk):
        sale, lines = read_sale(document, doc, skus)
        reason = reason_to_skip(sale, tenant.sync.from_)
        if reason is None:
            sales[doc] = sale
            rows.extend(lines)
        elif document.source_id in posted:
            problems = (since_posted(sale, reason),)
            settled[doc] = SalesVerdict(document.source_id, State.BLOCKED, problems)
        else:
            settled[doc] = SalesVerdict(
                document.source_id, State.SKIPPED, (reason,), notes=sale.notes
            )
    judged = _judge(sales, lines_frame(rows, COLUMNS), rules)
    return [settled[doc] if doc in settled else judged[doc] for doc in range(len(chunk))]


def _judge(sales: Mapping[int, Sale], lines: DataFrame, rules: _Rules) -> dict[int, SalesVerdict]:
    """Join the lines, apply every rule to all documents, plan those without problems."""
    findings = Findings()
    lines = rules.joined(lines, lines["part"].eq(LINE))
    check_accounts(lines, findings)
    check_units(lines, rules.mappings, rules.reference, rules.profile, findings)
    check_places(lines, rules.reference, findings)
    check_control(lines, RECEIVABLE, "AcctRec", findings)
    missing = check_items(lines[lines["part"].ne(RECEIVABLE)], rules.items, ON_INVOICES, findings)
    places = check_one_subsidiary(lines, rules.reference, findings, _ONE_SUBSIDIARY)
    customers = {doc: _customer(doc, sale, rules, findings) for doc, sale in sales.items()}
    for doc, sale in sales.items():
        sale.dirty.update(unnameable(sale.document, rules.tenant, rules.profile))
        for problem in check_sale(sale, rules.reference):
            findings.add(doc, problem)
        for problem in check_currency(sale, places.get(doc), rules.profile, rules.reference):
            findings.add(doc, problem)
    problems = {doc: findings.of(doc) for doc in sales}
    planned = _planned(lines, [doc for doc, found in problems.items() if not found], rules)
    return {
        doc: SalesVerdict(sale.document.source_id, State.BLOCKED, problems[doc])
        if problems[doc]
        else _ready(
            sale,
            _plan(sale, *planned[doc], places.get(doc), customers[doc], rules),
            sorted(missing.get(doc, ())),
        )
        for doc, sale in sales.items()
    }


def _customer(doc: int, sale: Sale, rules: _Rules, findings: Findings) -> str:
    """The document's customer: linked, or the external id of one to be created."""
    if sale.customer is None:
        return ""
    row = rules.mappings.row("customer", sale.customer)
    if row and row.target:
        return row.target
    if not rules.tenant.sync.customers.create:
        findings.add(doc, customer_missing(sale.customer, sale.customer_name))
    return external_id(rules.tenant.servicetitan.tenant_id, DocumentType.CUSTOMER, sale.customer)


def _planned(
    lines: DataFrame, ready: Collection[int], rules: _Rules
) -> dict[int, tuple[str, list[SalesLine]]]:
    """Receivable account and lines of the `ready` documents, in ServiceTitan's order, tax last."""
    made: dict[int, tuple[str, list[SalesLine]]] = {}
    if not ready:
        return made
    wanted = lines[lines["doc"].isin(list(ready))]
    own = wanted[wanted["part"].eq(RECEIVABLE)]
    for doc, receivable in zip(own["doc"].tolist(), own["target"].tolist(), strict=True):
        made[doc] = (receivable, [])
    sold = wanted[wanted["part"].ne(RECEIVABLE)].astype(object)
    sold = sold.where(sold.notna(), None)
    for doc, account, amount, memo, *segments in zip(
        sold["doc"].tolist(), *(sold[name].tolist() for name in _LINE_COLUMNS), strict=True
    ):
        item = rules.items.get(account) or item_external_id(rules.tenant, account)
        made[doc][1].append(SalesLine(account, item, amount, memo, *segments))
    return made


def _plan(
    sale: Sale,
    receivable: str,
    lines: Sequence[SalesLine],
    subsidiary: str | None,
    customer: str,
    rules: _Rules,
) -> SalesPlan:
    """The record of a document without problems; its date is known to lie in an open period."""
    document = sale.document
    assert sale.total is not None
    credit = document.type is DocumentType.CREDIT_MEMO
    turned = not credit and to_cents(sale.total) < 0
    record = CREDIT_MEMO if credit or turned else INVOICE
    return SalesPlan(
        **rules.header_of(document, subsidiary),
        record=record,
        due_date=sale.due_date if record == INVOICE else None,
        customer=customer,
        receivable=receivable,
        memo=sale.memo,
        lines=tuple(_turned(line) for line in lines) if turned else tuple(lines),
        applications=_applications(sale, rules.tenant),
        term=_term(sale, rules.mappings) if record == INVOICE else None,
        custom_fields=custom_fields(document.content["header"], rules.tenant),
    )


def _turned(line: SalesLine) -> SalesLine:
    return replace(line, amount=-line.amount)


def _applications(sale: Sale, tenant: Tenant) -> tuple[tuple[str, Decimal], ...]:
    """External ids of the invoices the document is applied to, with the amount to each."""
    own = tenant.servicetitan.tenant_id
    return tuple(
        (external_id(own, DocumentType.INVOICE, target), to_cents(amount))
        for target, amount in sorted(sale.applied.items())
        if to_cents(amount)
    )


def _term(sale: Sale, mappings: MappingFrames) -> str | None:
    """The mapped payment term, looked up by id, then by name; none where it is not mapped."""
    rows = (mappings.row("term", name) for name in sale.term)
    return next((row.target for row in rows if row and row.target), None)


def _ready(sale: Sale, plan: SalesPlan, accounts: Sequence[str]) -> SalesVerdict:
    waits = plan.customer.startswith("st-") and sale.customer is not None
    return SalesVerdict(
        sale.document.source_id,
        State.READY,
        plan=plan,
        customers=(sale.customer,) if waits and sale.customer else (),
        accounts=tuple(accounts),
        notes=sale.notes,
    )
