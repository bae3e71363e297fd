"""Read bank deposits and inventory adjustments: what is odd is named, never raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import (
    NO_PRICEBOOK,
    Cause,
    Problem,
    SkuAccounts,
    SourceDocument,
    to_cents,
)
from servicetitan_netsuite.mapping import document_rules
from servicetitan_netsuite.mapping.paper import (
    ACCOUNT,
    LINE,
    OWN,
    ROLE,
    Paper,
    account_key,
    off_by,
)
from servicetitan_netsuite.mapping.reading import EXACT, Line
from servicetitan_netsuite.mapping.sales_rules import no_account
from servicetitan_netsuite.mapping.values import LINE_MEMO, reference, sku_id, text

INVENTORY_ROLE, ADJUSTMENTS_ROLE = "Inventory", "InventoryAdjustments"
UNREADABLE = document_rules.UNREADABLE | {
    "gross": "its gross amount is not an amount of money",
    "net": "its net amount is not an amount of money",
    "fees": "its fees are not an amount of money",
    "total": "the total of a payment in it is not an amount of money",
    "total_cost": "the cost of a line is not an amount of money",
    "account": "a payment in it names its account without a valid id",
    "bank_account": "it names the bank without a valid id",
    "fee_account": "it names the account of the fees without a valid id",
    "sku": "a line names its SKU without a valid id",
    "cost_of_sale_account": "a line names its account of cost of sales without a valid id",
    "asset_account": "a line names its asset account without a valid id",
}
_ZERO = Decimal(0)
_ROLES = {role: (ROLE, role, f"role {role}") for role in (INVENTORY_ROLE, ADJUSTMENTS_ROLE)}


def read_deposit(document: SourceDocument, doc: int) -> tuple[Paper, list[Line]]:
    """The deposit in `document.content` and its rows; `doc` is its place in a chunk.

    Bank and fees are its own side, without a business unit. A payment without one takes the
    deposit's, where all others are of the same.
    """
    paper = Paper(document)
    header = paper.header()
    gross, net, fees = (paper.amount(header.get(n), n) for n in ("gross", "net", "fees"))
    own: list[Line] = []
    for part, amount, words in (
        ("bank_account", net, "the bank it went to"),
        ("fee_account", fees, "the account of its fees"),
    ):
        if to_cents(amount):
            own += _own_side(paper, doc, header, part, amount, words)
    lines = [row for raw in paper.lines() for row in _payment(paper, doc, raw)]
    units = {row[5]: row[6] for row in lines if row[5] is not None}
    if len(units) == 1:
        ((unit, name),) = units.items()
        lines = [(*row[:5], unit, name, *row[7:]) for row in lines]
    _check_deposit(paper, gross, net, fees)
    return paper, [*own, *lines]


def _own_side(
    paper: Paper, doc: int, header: dict[str, Any], part: str, amount: Decimal, words: str
) -> list[Line]:
    found = account_key(paper.dirty, header.get(part), part)
    if found is None:
        if part not in paper.dirty:
            paper.problems.append(_no_account(words, f"{part}:none", paper.correct))
        paper.add(amount)
        return []
    return paper.row(doc, OWN, (ACCOUNT, *found), (None, ""), amount)


def _payment(paper: Paper, doc: int, raw: dict[str, Any]) -> list[Line]:
    amount = -paper.amount(raw.get("total"), "total")
    unit = reference(paper.dirty, raw, "business_unit")
    number = text(raw.get("number")) or "without a number"
    found = account_key(paper.dirty, raw.get("account"))
    if found is None:
        if to_cents(amount) and raw.get("account") is None:
            advice = f"Give payment {number} an account in ServiceTitan, by its payment type."
            paper.problems.append(_no_account(f"that payment {number} is on", number, advice))
        paper.add(amount)
        return []
    note = f"{text(raw.get('type'))} {number}".strip()
    return paper.row(doc, LINE, (ACCOUNT, *found), unit, amount, note)


def _check_deposit(paper: Paper, gross: Decimal, net: Decimal, fees: Decimal) -> None:
    """Net and fees come to the gross, and so do the payments, to the cent."""
    if not paper.dirty and not any(True for _ in paper.lines()):
        paper.problems.append(
            Problem(Cause.NO_LINES, "No payment is in this deposit.", paper.correct)
        )
        return
    if paper.dirty & {"gross", "net", "fees", "total", "lines", "line", "header"}:
        return
    paid = EXACT.subtract(EXACT.add(net, fees), paper.exact)
    paper.problems += off_by(
        paper,
        _ZERO,
        f"The payments in it come to {to_cents(paid)}, but net and fees to "
        f"{to_cents(EXACT.add(net, fees))}.",
    )
    if to_cents(gross) != to_cents(net) + to_cents(fees):
        paper.problems.append(
            Problem(
                Cause.NOT_BALANCED,
                f"Its gross amount is {to_cents(gross)}, but net and fees come to "
                f"{to_cents(net) + to_cents(fees)}.",
                paper.correct,
                "gross",
                "gross amount",
            )
        )


def read_adjustment(
    document: SourceDocument, doc: int, skus: Mapping[str, SkuAccounts]
) -> tuple[Paper, list[Line]]:
    """The adjustment in `document.content` and its rows; `doc` is its place in a chunk.

    A line is on the asset account of its SKU, or on the role Inventory where the pricebook sets
    none. What lines come to together stands on the role InventoryAdjustments, last.
    """
    paper = Paper(document)
    header = paper.header()
    unit = reference(paper.dirty, header, "business_unit")
    rows: list[Line] = []
    for raw in paper.lines():
        cost = paper.amount(raw.get("total_cost"), "total_cost")
        account = _asset(paper, raw, skus)
        note = paper.words(raw.get("description"), LINE_MEMO)
        if account is not None:
            rows += paper.row(doc, LINE, account, unit, cost, note)
    rows += paper.row(doc, OWN, _ROLES[ADJUSTMENTS_ROLE], unit, -paper.rounded)
    return paper, rows


def skus_of(document: SourceDocument) -> Iterator[str]:
    """The SKUs that the document's lines name."""
    content: Any = document.content if isinstance(document.content, dict) else {}
    for line in content.get("lines") or ():
        if sku := sku_id(line):
            yield sku


def _asset(
    paper: Paper, raw: dict[str, Any], skus: Mapping[str, SkuAccounts]
) -> tuple[str, str, str] | None:
    """The asset account of a line: kind, key and name; None where the pricebook is unclear."""
    sku, _ = reference(paper.dirty, raw, "sku")
    known = skus.get(sku or "")
    if known is None or not ("asset" in known.accounts or "asset" in known.unclear):
        return _ROLES[INVENTORY_ROLE]
    found = account_key(paper.dirty, known.accounts.get("asset"))
    if found is not None:
        return ACCOUNT, *found
    named = known.unclear.get("asset", "")
    if named == NO_PRICEBOOK:
        paper.problems.append(no_account(known.code, named, "asset"))
        return None
    paper.problems.append(
        Problem(
            Cause.ACCOUNT_NOT_MAPPED,
            f"The pricebook names {named} as the asset account of SKU {known.code}, which is not "
            "exactly one of ServiceTitan's accounts.",
            f"Give {known.code} its asset account again in ServiceTitan's pricebook, or rename "
            "accounts of the same name.",
            f"sku:{known.code}",
            f"SKU {known.code}",
        )
    )
    return None


def _no_account(words: str, key: str, advice: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_NOT_MAPPED,
        f"ServiceTitan names no general ledger account for {words}.",
        advice,
        key,
        words,
    )
