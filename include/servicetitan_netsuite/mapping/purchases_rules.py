"""Rules about an order, receipt or bill as a whole, and about the accounts it may reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import Cause, DocumentType, Problem, to_cents
from servicetitan_netsuite.mapping.account_rules import SUBLEDGERS
from servicetitan_netsuite.mapping.date_rules import PAYABLE, check_date
from servicetitan_netsuite.mapping.document_rules import (
    UNREADABLE,
    before_go_live,
    changed_since,
    off_total,
    unread,
)
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.item_rules import refused
from servicetitan_netsuite.mapping.plan import TRAN_ID_LENGTH
from servicetitan_netsuite.mapping.purchases_content import (
    EXPENSE,
    GOODS,
    ROLE,
    Bought,
    Purchase,
)
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.sales_rules import no_account

if TYPE_CHECKING:
    from pandas import DataFrame

_ORDER, _RECEIPT, _BILL = (
    DocumentType.PURCHASE_ORDER,
    DocumentType.RECEIPT,
    DocumentType.VENDOR_BILL,
)
_MOST, _DECIMALS = 10**8, 6
"""Of quantities, so that sums of them are exact in JSON's numbers too."""
_ADVICE = (
    "Map it to an expense account in the tenant's mappings, "
    "or give the line or SKU another account in ServiceTitan."
)
ON_ORDERS = ("An item of an order takes no account of that type.", _ADVICE)
ON_BILLS = ("A line of a bill takes no account of that type.", _ADVICE)
"""Why an account cannot be reached, and what to do."""
_UNREADABLE = UNREADABLE | {
    "amount": "a quantity, cost or amount of a line is missing or not a number",
    "total": "its total is missing or not an amount of money",
    "tax": "its tax is not an amount of money",
    "shipping": "its shipping is not an amount of money",
    "account": "a line names no account, or names it without a valid id",
    "vendor": "it names its vendor without a valid id",
    "order": "it names its purchase order without a valid id",
    "memo": "its summary or the description of a line is not text",
    "due_date": "its due date is not a date",
    "vendor_number": "the vendor's invoice number is longer than NetSuite takes",
}


def reason_to_skip(purchase: Purchase, from_: date) -> Problem | None:
    """Why nothing of this document is posted, or None where it has to be."""
    linked = " What NetSuite holds already is linked as an opening document."
    early = before_go_live(purchase, from_, linked)
    if early or not purchase.nothing_to_post:
        return early
    return Problem(
        Cause.ZERO_AMOUNT,
        "Its total is zero, and so is what each account would take.",
        "Nothing to do: nothing is posted.",
    )


def since_posted(purchase: Purchase, reason: Problem) -> Problem:
    """What a reason to skip means for a document whose record is in NetSuite."""
    return changed_since(purchase, f", and now: {reason.sentence}")


def check_purchase(purchase: Purchase, reference: ReferenceFrames) -> Iterator[Problem]:
    """All that is wrong with the document as a whole, but for its vendor and its order."""
    kind = purchase.document.type
    if len(purchase.vendor_number) > TRAN_ID_LENGTH:
        purchase.dirty.add("vendor_number")
    yield from unread(purchase, _UNREADABLE)
    for sku, unclear in sorted(purchase.without_account.items()):
        yield no_account(sku, unclear, "purchase")
    for account in sorted(purchase.unknown_accounts):
        yield unknown_account(account)
    if purchase.canceled:
        yield Problem(
            Cause.NO_LONGER_PENDING,
            "It was canceled in ServiceTitan, yet receipts or bills name it.",
            "Take the receipts or bills back in ServiceTitan, or reopen the order.",
        )
    day = purchase.document.business_date
    if kind is not _ORDER:
        yield from check_date(day, PAYABLE, reference)
    elif day is None:
        yield Problem(Cause.DATE_MISSING, "It has no date.", PAYABLE.correct)
    yield from _check_lines(purchase)
    if kind is _BILL and purchase.amounts_read:
        yield from _check_total(purchase)


def check_expenses(lines: DataFrame, findings: Findings) -> None:
    """Lines of a bill take no receivable or payable account."""
    spent = lines["part"].isin([GOODS, EXPENSE, ROLE]) & lines["a_type"].isin(list(SUBLEDGERS))
    for doc, account, name, target, kind in each(
        lines[spent], "doc", "account", "account_name", "a_label", "a_type"
    ):
        findings.add(doc, refused(account, name, target, kind, ON_BILLS))


def no_order(order: str) -> Problem:
    """The order that a receipt or bill names is not to be had."""
    return Problem(
        Cause.PARENT_BLOCKED,
        f"It belongs to purchase order {order}, which ServiceTitan does not show.",
        "Check the purchase order in ServiceTitan; this document then goes on by itself.",
        order,
        order,
    )


def not_on_order(code: str, order: str) -> Problem:
    """The order was read without a line of the receipt: one of the two changed meanwhile."""
    return Problem(
        Cause.PARENT_BLOCKED,
        f"Its purchase order {order} did not show the line of {code} when it was read.",
        "Nothing to do: the next run reads both again.",
        f"{order}:{code}",
        order,
    )


def other_vendor(purchase: Purchase, order: str) -> Problem:
    """The order is of another vendor."""
    return Problem(
        Cause.VENDOR_MISSING,
        f"This {purchase.noun} names another vendor than its purchase order {order}.",
        f"Give the {purchase.noun} the order's vendor in ServiceTitan, or link both to one vendor.",
        f"order:{order}",
        order,
    )


def other_subsidiary(
    purchase: Purchase, order: str, reference: ReferenceFrames, at: str
) -> Problem:
    """The order is of another subsidiary, `at`."""
    place = reference.subsidiary_label(at)
    return Problem(
        Cause.SEVERAL_SUBSIDIARIES,
        f"Its purchase order {order} belongs to subsidiary {place}, this {purchase.noun} does not.",
        "Map their business units to one subsidiary, or give both the same business unit.",
        f"order:{order}",
        order,
    )


def _check_lines(purchase: Purchase) -> Iterator[Problem]:
    kind = purchase.document.type
    if not purchase.bought and not purchase.dirty & {"header", "lines", "line", "amount"}:
        nothing = {_ORDER: "It has no lines.", _RECEIPT: "Nothing was received."}
        sentence = nothing.get(kind, "It has no lines.")
        yield Problem(Cause.NO_LINES, sentence, purchase.correct, kind, purchase.noun)
    if kind is _BILL and purchase.order is None:
        return
    for code in sorted({line.code for line in purchase.bought if not _sendable(line)}):
        yield Problem(
            Cause.TOO_MANY_DECIMALS,
            f"The quantity or cost of {code} has more digits than can be sent to NetSuite exactly.",
            purchase.correct,
            f"digits:{code}",
            code,
        )
    if kind is _BILL:
        return
    for code in sorted({line.code for line in purchase.bought if line.quantity < 0}):
        yield Problem(
            Cause.DIRTY_DATA,
            f"This {purchase.noun} cannot be read: the quantity of {code} is negative.",
            purchase.correct,
            f"negative:{code}",
            code,
        )


def _sendable(line: Bought) -> bool:
    """Whether JSON's numbers hold quantity and cost exactly, the quantity also when added up."""
    quantity = line.quantity
    fits = abs(quantity) < _MOST and quantity == round(quantity, _DECIMALS)
    return fits and Decimal(repr(float(line.cost))) == line.cost


def _check_total(purchase: Purchase) -> Iterator[Problem]:
    """To the cent lines, tax and shipping come to the total that ServiceTitan shows."""
    if not purchase.bought or purchase.without_account:
        return
    assert purchase.total is not None
    total = to_cents(purchase.total)
    if total < 0:
        yield Problem(
            Cause.TYPE_NOT_ALLOWED,
            f"Its total is {total}, and NetSuite takes no bill of less than nothing.",
            "Enter it in ServiceTitan as a vendor credit instead of a negative bill.",
            "negative_total",
            "negative total",
        )
    yield from off_total(purchase, purchase.total, "lines, tax and shipping")


def unknown_account(account: str) -> Problem:
    """The number of an account is not that of exactly one account of ServiceTitan's."""
    return Problem(
        Cause.ACCOUNT_NOT_MAPPED,
        f"A line names account {account}, which is not exactly one account of ServiceTitan's.",
        "Give the account a number of its own in ServiceTitan.",
        f"number:{account}",
        account,
    )
