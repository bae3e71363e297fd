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
    Cause,
    DocumentType,
    MappingRow,
    Problem,
    SkuAccounts,
    SourceDocument,
    State,
    external_id,
    to_cents,
)
from servicetitan_netsuite.mapping.account_rules import check_accounts, check_places, join_accounts
from servicetitan_netsuite.mapping.content import Line, lines_frame
from servicetitan_netsuite.mapping.entity_rules import customer_missing
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.item_rules import (
    check_items,
    check_receivable,
    item_external_id,
)
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.plan import (
    document_external_id,
    subsidiary_currency,
    transaction_number,
    unnameable,
)
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.sales_content import COLUMNS, LINE, RECEIVABLE, Sale, read_sale
from servicetitan_netsuite.mapping.sales_rules import (
    check_currency,
    check_sale,
    reason_to_skip,
    since_posted,
)
from servicetitan_netsuite.mapping.stamps import custom_fields
from servicetitan_netsuite.mapping.unit_rules import check_one_subsidiary, check_units, join_units
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
class SalesVerdict:
    """What becomes of one document.

    READY has a plan, in `customers` the ServiceTitan ids of customers and in `accounts` the
    NetSuite accounts whose sale item are to be created first; BLOCKED has all its problems;
    SKIPPED has the reason as its only problem. `notes` tell what was left out or is uncertain.
    """

    source_id: str
    state: State
    problems: tuple[Problem, ...] = ()
    plan: SalesPlan | None = None
    customers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def comes_to_nothing(self) -> bool:
        """Whether it is skipped because every account comes to zero."""
        causes = {problem.cause for problem in self.problems}
        return self.state is State.SKIPPED and causes == {Cause.ZERO_AMOUNT}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What every document of the chunk is judged by."""

    mappings: MappingFrames
    reference: ReferenceFrames
    tenant: Tenant
    profile: AccountProfile
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
    if not isinstance(mappings, MappingFrames):
        mappings = MappingFrames(mappings)
    rules = _Rules(mappings, reference, tenant, profile, items)
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
                document.source_id, State.SKIPPED, (reason,), notes=_notes(sale)
            )
    judged = _judge(sales, lines_frame(rows, COLUMNS), rules)
    return [settled[doc] if doc in settled else judged[doc] for doc in range(len(chunk))]


def _judge(sales: Mapping[int, Sale], lines: DataFrame, rules: _Rules) -> dict[int, SalesVerdict]:
    """Join the lines, apply every rule to all documents, plan those without problems."""
    findings = Findings()
    lines = _joined(lines, rules)
    check_accounts(lines, findings)
    check_units(lines, rules.mappings, rules.reference, rules.profile, findings)
    check_places(lines, rules.reference, findings)
    check_receivable(lines, findings)
    missing = check_items(lines, rules.items, findings)
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


def _joined(lines: DataFrame, rules: _Rules) -> DataFrame:
    """The rows with their NetSuite accounts, by account or by role, and their units' mappings."""
    import pandas as pd

    by_account = lines["part"].eq(LINE)
    parts = [
        join_accounts(lines[by_account], rules.mappings, rules.reference),
        join_accounts(lines[~by_account], rules.mappings, rules.reference, "account_role"),
    ]
    return join_units(pd.concat(parts, ignore_index=True), rules.mappings, rules.profile)


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
    day = document.business_date
    period = rules.reference.period(day) if day else None
    assert day is not None
    assert period is not None
    assert sale.total is not None
    credit = document.type is DocumentType.CREDIT_MEMO
    turned = not credit and to_cents(sale.total) < 0
    record = CREDIT_MEMO if credit or turned else INVOICE
    return SalesPlan(
        external_id=document_external_id(document, rules.tenant),
        record=record,
        date=day,
        due_date=sale.due_date if record == INVOICE else None,
        period=str(period["id"]),
        subsidiary=subsidiary,
        currency=subsidiary_currency(subsidiary, rules.profile, rules.reference),
        customer=customer,
        receivable=receivable,
        memo=sale.memo,
        tran_id=transaction_number(document, rules.tenant, rules.profile),
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
        notes=_notes(sale),
    )


def _notes(sale: Sale) -> tuple[str, ...]:
    notes = []
    if sale.zero_lines:
        notes.append(f"zero lines dropped: {sale.zero_lines}")
    if sale.cut_memos:
        notes.append(f"memos shortened: {sale.cut_memos}")
    return tuple(notes)
