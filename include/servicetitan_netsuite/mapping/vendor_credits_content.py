"""Read vendor credits as ServiceTitan sent them: what is odd is named, never raised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import Cause, Problem, SourceDocument, to_cents
from servicetitan_netsuite.mapping import document_rules
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.paper import ACCOUNT, LINE, OWN, ROLE, Paper, off_by
from servicetitan_netsuite.mapping.purchases_content import (
    PAYABLE_ROLE,
    SHIPPING_ROLE,
    TAX_ROLE,
    Catalogue,
)
from servicetitan_netsuite.mapping.purchases_rules import unknown_account
from servicetitan_netsuite.mapping.reading import EXACT, Line
from servicetitan_netsuite.mapping.sales_rules import no_account
from servicetitan_netsuite.mapping.values import (
    HEADER_MEMO,
    LINE_MEMO,
    cut,
    identifier,
    reference,
    text,
)

CREDIT_ROLE = "VendorCredit"
"""What an AP credit that names no return is posted to, where a person has mapped it."""
ALONE = "credit_"
"""How the source id of an AP credit without a return begins."""
UNREADABLE = document_rules.UNREADABLE | {
    "total": "its total is not an amount of money",
    "tax": "its tax is not an amount of money",
    "shipping": "its shipping is not an amount of money",
    "quantity": "the quantity of a line is not a number",
    "cost": "the cost of a line is not an amount of money",
    "account": "a line names its account without a valid id",
    "sku": "a line names its SKU without a valid id",
    "vendor": "it names its vendor without a valid id",
    "applied": "what it is applied to is not a list of bills and amounts",
    "credited": "the amount of its AP credit is not an amount of money",
}
_ZERO = Decimal(0)
_EXTRAS = (("tax", TAX_ROLE, "Purchase tax"), ("shipping", SHIPPING_ROLE, "Shipping"))
Account = tuple[str, str, str]


@dataclass(slots=True)
class Credit:
    """One vendor credit as read. `applied` is by bill id; `total` ServiceTitan's."""

    paper: Paper
    total: Decimal = _ZERO
    vendor: str | None = None
    vendor_name: str = ""
    applied: dict[str, Decimal] = field(default_factory=dict)
    has_return: bool = True
    has_credits: bool = False
    canceled: bool = False


def read_credit(
    document: SourceDocument, doc: int, catalogue: Catalogue, mappings: MappingFrames
) -> tuple[Credit, list[Line]]:
    """The credit in `document.content` and its rows, what it credits below zero.

    Its own side, on the payable role, comes first. `doc` is its place in a chunk.
    """
    paper = Paper(document)
    credit = Credit(paper)
    header = paper.header()
    _read_header(credit, header)
    unit = reference(paper.dirty, header, "business_unit")
    rows = paper.row(doc, OWN, _role(PAYABLE_ROLE), unit, credit.total)
    goods = [row for raw in paper.lines() for row in _goods(paper, doc, raw, unit, catalogue)]
    for part, role, told in _EXTRAS:
        value = header.get(part)
        amount = _ZERO if value is None else paper.amount(value, part)
        goods += paper.row(doc, LINE, _role(role), unit, -amount, told)
    if not credit.has_return and _mapped(mappings):
        goods += paper.row(doc, LINE, _role(CREDIT_ROLE), unit, -credit.total, paper.memo)
    _check(credit, header, bool(goods))
    return credit, [*rows, *goods]


def read_application(document: SourceDocument) -> tuple[str, Decimal, Paper]:
    """A later application: the bill's id, with how much in all; what is wrong is in the paper."""
    paper = Paper(document)
    lines = list(paper.lines())
    line = lines[0] if len(lines) == 1 else {}
    bill, amount = identifier(line.get("to")), paper.amount(line.get("amount"), "applied")
    if bill is None:
        paper.dirty.add("applied")
    paper.problems += _odd_amounts(paper, [amount])
    paper.problems += _granted_in_part(paper)
    return bill or "", amount, paper


def _granted_in_part(paper: Paper) -> Iterator[Problem]:
    header = paper.header()
    if header.get("credited") is None:
        return
    credited, total = (paper.amount(header.get(name), name) for name in ("credited", "total"))
    yield Problem(
        Cause.NOT_BALANCED,
        f"The AP credits for return {paper.document.number} come to {to_cents(credited)} so far, "
        f"and its vendor credit in NetSuite is for {to_cents(total)}.",
        "Enter the vendor's further AP credits in ServiceTitan and post them: once all of them "
        "come to what was returned, this goes on by itself. If the vendor grants no more, apply "
        "and correct the vendor credit in NetSuite by hand.",
        "credited",
        "AP credit",
    )


def _read_header(credit: Credit, header: dict[str, Any]) -> None:
    paper = credit.paper
    credit.total = paper.amount(header.get("total"), "total")
    credit.vendor, credit.vendor_name = reference(paper.dirty, header, "vendor")
    credit.canceled = header.get("canceled") is True
    content: Any = paper.document.content
    credits = content.get("credits") if isinstance(content, dict) else None
    credit.has_credits = isinstance(credits, list) and bool(credits)
    credit.has_return = not paper.document.source_id.startswith(ALONE)
    named = text(header.get("reference"))
    if named:
        paper.memo = cut(f"{named} {paper.memo or ''}".strip(), HEADER_MEMO)
    applied = header.get("applied")
    for one in applied if isinstance(applied, list) else [None]:
        bill = identifier(one.get("to")) if isinstance(one, dict) else None
        if bill is None or not isinstance(one, dict):
            paper.dirty.add("applied")
        else:
            amount = paper.amount(one.get("amount"), "applied")
            credit.applied[bill] = EXACT.add(credit.applied.get(bill, _ZERO), amount)


def _goods(
    paper: Paper,
    doc: int,
    raw: dict[str, Any],
    unit: tuple[str | None, str],
    catalogue: Catalogue,
) -> list[Line]:
    """The row of a line: quantity times cost, on its own account or its SKU's."""
    quantity, cost = (paper.amount(raw.get(name), name) for name in ("quantity", "cost"))
    amount = -EXACT.multiply(quantity, cost)
    note = paper.words(raw.get("description"), LINE_MEMO)
    if not to_cents(amount):
        paper.zero_lines += 1
        return []
    account = _account(paper, raw, catalogue)
    if account is None:
        paper.add(amount)
        return []
    return paper.row(doc, LINE, account, unit, amount, note)


def _account(paper: Paper, raw: dict[str, Any], catalogue: Catalogue) -> Account | None:
    """The account of a line: its own, by id or by number, else the one of its SKU."""
    named = raw.get("account")
    if isinstance(named, dict) and named.get("id") is None:
        number = text(named.get("number"))
        found = catalogue.accounts.of_number(number) if number else None
        if found is None:
            paper.problems.append(unknown_account(f"{number} {text(named.get('name'))}".strip()))
            return None
        named = found
    if named is None:
        sku, _ = reference(paper.dirty, raw, "sku")
        known = catalogue.skus.get(sku or "")
        named = known.accounts.get("purchase") if known else None
        if named is None:
            found_sku = raw.get("sku")
            code = text(found_sku.get("code")) if isinstance(found_sku, dict) else ""
            unclear = known.unclear.get("purchase", "") if known else ""
            paper.problems.append(no_account(code or sku or "without a name", unclear, "purchase"))
            return None
    key, name = reference(paper.dirty, {"account": named}, "account")
    return None if key is None else (ACCOUNT, key, name)


def _check(credit: Credit, header: dict[str, Any], has_lines: bool) -> None:
    """Note what is wrong with the credit as a whole, but for its vendor and its date."""
    paper = credit.paper
    paper.problems += _check_return(credit, header)
    if paper.dirty or header.get("return_gone"):
        return
    total = to_cents(credit.total)
    unread = any(problem.cause is Cause.ACCOUNT_NOT_MAPPED for problem in paper.problems)
    if not has_lines and not unread and (total or not paper.zero_lines):
        paper.problems.append(_no_lines(credit))
        return
    told = EXACT.subtract(credit.total, paper.exact)
    paper.problems += off_by(
        paper,
        _ZERO,
        f"Its lines, tax and shipping come to {to_cents(told)}, but its total is {total}.",
    )
    if total < 0 or (not total and has_lines and not paper.nothing_to_post):
        paper.problems.append(
            Problem(
                Cause.TYPE_NOT_ALLOWED,
                f"Its total is {total}, and NetSuite takes only vendor credits above zero.",
                "Correct the return in ServiceTitan, or enter it in NetSuite by hand.",
                "total",
                "total",
            )
        )
    paper.problems += _check_applied(credit, header, total)


def _check_return(credit: Credit, header: dict[str, Any]) -> Iterator[Problem]:
    number = credit.paper.document.number
    if header.get("return_gone"):
        yield Problem(
            Cause.PARENT_BLOCKED,
            f"AP credit {number} names a return that ServiceTitan does not show any more.",
            "Name another return on the AP credit in ServiceTitan, or cancel it there.",
            "return",
            "return",
        )
    elif header.get("posted") is False:
        yield Problem(
            Cause.PARENT_BLOCKED,
            f"Its AP credit is posted in ServiceTitan, but return {number} is not.",
            f"Post return {number} in ServiceTitan; this document then goes on by itself.",
            "return",
            number,
        )
    if credit.canceled and credit.has_credits:
        yield Problem(
            Cause.NO_LONGER_PENDING,
            f"Return {number} was canceled in ServiceTitan, but its AP credit was not.",
            "Cancel the AP credit in ServiceTitan as well, or reopen the return.",
            "canceled",
            number,
        )


def _check_applied(credit: Credit, header: dict[str, Any], total: Decimal) -> Iterator[Problem]:
    paper = credit.paper
    credited = header.get("credited")
    if credited is not None:
        amount = paper.amount(credited, "credited")
        yield Problem(
            Cause.NOT_BALANCED,
            f"Its AP credit is for {to_cents(amount)}, but the return for {total}.",
            "Give the return and its AP credit the same amount in ServiceTitan.",
            "credited",
            "AP credit",
        )
    amounts = list(credit.applied.values())
    yield from _odd_amounts(paper, amounts)
    if (applied := sum(amounts, _ZERO)) > max(total, _ZERO):
        yield Problem(
            Cause.NOT_BALANCED,
            f"It is applied to bills with {applied}, more than its total of {total}.",
            paper.correct,
            "applied",
            "applied",
        )


def _odd_amounts(paper: Paper, amounts: Sequence[Decimal]) -> Iterator[Problem]:
    if any(amount < 0 or amount != to_cents(amount) for amount in amounts):
        yield Problem(
            Cause.DIRTY_DATA,
            "An amount it is applied with is below zero or has more than two decimals.",
            paper.correct,
            "applied_amount",
            "applied",
        )


def _no_lines(credit: Credit) -> Problem:
    if credit.has_return:
        return Problem(Cause.NO_LINES, "Nothing was returned.", credit.paper.correct)
    return Problem(
        Cause.NO_LINES,
        "This AP credit names no return, so that nothing says which account it is for.",
        f"Map the role {CREDIT_ROLE} to the account that such credits go to (kind account_role in "
        "the tenant's mappings), or enter the credit in NetSuite by hand and cancel it in "
        "ServiceTitan.",
        f"role:{CREDIT_ROLE}",
        f"role {CREDIT_ROLE}",
    )


def _role(role: str) -> Account:
    return ROLE, role, f"role {role}"


def _mapped(mappings: MappingFrames) -> bool:
    row = mappings.row(ROLE, CREDIT_ROLE)
    return row is not None and bool(row.target)
