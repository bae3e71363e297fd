"""Decide what becomes of each purchase order, receipt and vendor bill.

An order goes through purchase items by account; a receipt and a bill of an order are made of it,
line by line; a bill that stands alone has expense lines only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Json,
    Problem,
    SourceDocument,
    State,
)
from servicetitan_netsuite.mapping.account_rules import check_accounts, check_control, check_places
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.item_rules import Missing, check_items
from servicetitan_netsuite.mapping.plan import unnameable
from servicetitan_netsuite.mapping.purchases_content import (
    COLUMNS,
    EXPENSE,
    GOODS,
    OWN,
    Catalogue,
    Purchase,
    read_purchase,
)
from servicetitan_netsuite.mapping.purchases_plan import Placed, Plan, Planner
from servicetitan_netsuite.mapping.purchases_rules import (
    ON_ORDERS,
    check_expenses,
    check_purchase,
    no_order,
    not_on_order,
    other_subsidiary,
    other_vendor,
    reason_to_skip,
    since_posted,
)
from servicetitan_netsuite.mapping.reading import Line, lines_frame
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.unit_rules import check_one_subsidiary, check_units
from servicetitan_netsuite.mapping.values import reference as referred
from servicetitan_netsuite.mapping.values import text
from servicetitan_netsuite.mapping.vendor_rules import vendor_problem
from servicetitan_netsuite.mapping.verdict import Verdict

if TYPE_CHECKING:
    from pandas import DataFrame

_ONE_SUBSIDIARY = (
    "Give its lines business units of one subsidiary, or map these business units to one. "
    "Nothing is posted between companies."
)


@dataclass(frozen=True, slots=True)
class PurchaseVerdict(Verdict):
    """A verdict whose plan needs purchase items, by the NetSuite account they stand for, to be
    created first. Its notes tell too what costs more than ordered.
    """

    plan: Plan | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PurchaseRules(Rules):
    """What every document of the chunk is judged by.

    `items` names the purchase item by NetSuite account id. `orders` are the contents of the
    purchase orders that receipts and bills belong to, by ServiceTitan's id. `held` tells by order
    the NetSuite id of one that is linked as an opening document. `posted` are the source ids of
    documents that are in NetSuite already: those are never skipped.
    """

    catalogue: Catalogue
    items: Mapping[str, str]
    orders: Mapping[str, Json] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    posted: Collection[str] = frozenset()


def validate_purchases(
    chunk: Sequence[SourceDocument], rules: PurchaseRules
) -> list[PurchaseVerdict]:
    """One verdict per document of `chunk`, all of one type, in its order; dirt never raises."""
    settled: dict[int, PurchaseVerdict] = {}
    purchases: dict[int, Purchase] = {}
    rows: list[Line] = []
    for doc, document in enumerate(chunk):
        purchase, lines = read_purchase(document, doc, rules.catalogue, _order(document, rules))
        reason = reason_to_skip(purchase, rules.tenant.sync.from_)
        if reason is None:
            purchases[doc] = purchase
            rows.extend(lines)
        elif document.source_id in rules.posted:
            problems = (since_posted(purchase, reason),)
            settled[doc] = PurchaseVerdict(document.source_id, State.BLOCKED, problems)
        else:
            settled[doc] = PurchaseVerdict(document.source_id, State.SKIPPED, (reason,))
    judged = _judge(purchases, lines_frame(rows, COLUMNS), rules)
    return [settled[doc] if doc in settled else judged[doc] for doc in range(len(chunk))]


def _order(document: SourceDocument, rules: PurchaseRules) -> Json | None:
    header = document.content.get("header") if isinstance(document.content, dict) else None
    order = header.get("order") if isinstance(header, dict) else None
    return rules.orders.get(order) if isinstance(order, str) else None


def _judge(
    purchases: Mapping[int, Purchase], lines: DataFrame, rules: PurchaseRules
) -> dict[int, PurchaseVerdict]:
    """Join the lines, apply every rule to all documents, plan those without problems."""
    findings = Findings()
    lines = rules.joined(lines, lines["part"].isin([GOODS, EXPENSE]))
    check_accounts(lines, findings)
    check_units(lines, rules.mappings, rules.reference, rules.profile, findings)
    check_places(lines, rules.reference, findings)
    missing = _check_reached(purchases, lines, rules, findings)
    places = check_one_subsidiary(lines, rules.reference, findings, _ONE_SUBSIDIARY)
    for doc, purchase in purchases.items():
        purchase.dirty.update(unnameable(purchase.document, rules.tenant, rules.profile))
        for problem in check_purchase(purchase, rules.reference):
            findings.add(doc, problem)
        _check_vendor(doc, purchase, places.get(doc), rules, findings)
        _check_order(doc, purchase, places.get(doc), rules, findings)
    problems = {doc: findings.of(doc) for doc in purchases}
    placed = _placed(lines, [doc for doc, found in problems.items() if not found])
    planner = Planner(rules, rules.items, rules.held)
    return {
        doc: PurchaseVerdict(purchase.document.source_id, State.BLOCKED, problems[doc])
        if problems[doc]
        else PurchaseVerdict(
            purchase.document.source_id,
            State.READY,
            plan=planner.plan(purchase, placed[doc], places.get(doc)),
            accounts=tuple(sorted(missing.get(doc, ()))),
            notes=(*purchase.notes, *planner.notes(purchase)),
        )
        for doc, purchase in purchases.items()
    }


def _check_reached(
    purchases: Mapping[int, Purchase], lines: DataFrame, rules: PurchaseRules, findings: Findings
) -> Missing:
    kinds = {purchase.document.type for purchase in purchases.values()}
    if DocumentType.VENDOR_BILL in kinds:
        check_control(lines, OWN, "AcctPay", findings)
        check_expenses(lines, findings)
    if DocumentType.PURCHASE_ORDER in kinds:
        return check_items(lines[lines["part"].eq(GOODS)], rules.items, ON_ORDERS, findings)
    return {}


def _check_vendor(
    doc: int, purchase: Purchase, subsidiary: str | None, rules: PurchaseRules, findings: Findings
) -> None:
    if "vendor" in purchase.dirty:
        return
    if purchase.vendor is None:
        findings.add(
            doc,
            Problem(
                Cause.VENDOR_MISSING,
                "It names no vendor.",
                f"Give the {purchase.noun} its vendor in ServiceTitan.",
            ),
        )
        return
    problem = vendor_problem(
        rules.mappings, rules.reference, purchase.vendor, purchase.vendor_name, subsidiary
    )
    if problem:
        findings.add(doc, problem)


def _check_order(
    doc: int, purchase: Purchase, subsidiary: str | None, rules: PurchaseRules, findings: Findings
) -> None:
    """A receipt, and a bill where orders are synced, agrees with the order it belongs to."""
    order = purchase.order_id
    is_bill = purchase.document.type is DocumentType.VENDOR_BILL
    if purchase.document.type is DocumentType.PURCHASE_ORDER or "order" in purchase.dirty:
        return
    if is_bill and (order is None or not rules.tenant.sync.purchase_orders):
        return
    if order is None or purchase.order is None:
        findings.add(doc, no_order(order or "none"))
        return
    header = purchase.order.get("header")
    header = header if isinstance(header, dict) else {}
    number = text(header.get("number")) or order
    vendor, _ = referred(set(), header, "vendor")
    if _target(rules, "vendor", vendor) != _target(rules, "vendor", purchase.vendor):
        findings.add(doc, other_vendor(purchase, number))
    unit, _ = referred(set(), header, "business_unit")
    place = _target(rules, "business_unit", unit) if rules.profile.one_world else None
    if place and subsidiary and place != subsidiary:
        findings.add(doc, other_subsidiary(purchase, number, rules.reference, place))
    if not is_bill:
        for code in sorted({line.code for line in purchase.bought if line.of is None}):
            findings.add(doc, not_on_order(code, number))


def _target(rules: PurchaseRules, kind: str, key: str | None) -> str | None:
    row = rules.mappings.row(kind, key) if key else None
    return row.target if row else key


def _placed(lines: DataFrame, ready: Collection[int]) -> dict[int, dict[int, Placed]]:
    """Account, department, class and location of each line of the `ready` documents, by place."""
    made: dict[int, dict[int, Placed]] = {doc: {} for doc in ready}
    wanted = lines[lines["doc"].isin(list(ready))].astype(object)
    wanted = wanted.where(wanted.notna(), None)
    columns = ("doc", "line", "target", "department", "class_", "location")
    for doc, line, *values in zip(*(wanted[name].tolist() for name in columns), strict=True):
        made[doc][line] = Placed(*values)
    return made
