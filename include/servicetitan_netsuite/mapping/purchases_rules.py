"""Rules about an order, receipt or bill as a whole, and about the accounts it may reach.

NetSuite's orders have no account lines that could be received: an amount reaches an account through
a purchase item. Items take expense accounts in every NetSuite account; cost of goods sold and
balance sheet accounts only where the preference Expand Account Lists is on. That preference cannot
be read over REST, so such an item is tried, and where NetSuite refuses it, the note names what to
change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import CENT, Cause, DocumentType, Problem, to_cents
from servicetitan_netsuite.mapping.date_rules import PAYABLE, check_date
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.plan import TRAN_ID_LENGTH
from servicetitan_netsuite.mapping.purchases_content import (
    EXPENSE,
    GOODS,
    OWN,
    ROLE,
    Bought,
    Purchase,
)
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.sales_rules import no_account

if TYPE_CHECKING:
    from pandas import DataFrame

Missing = dict[int, set[str]]
_ORDER, _RECEIPT, _BILL = (
    DocumentType.PURCHASE_ORDER,
    DocumentType.RECEIPT,
    DocumentType.VENDOR_BILL,
)
_NEVER = ("AcctRec", "UnbilledRec", "AcctPay", "Bank", "CredCard")
_MOST, _DECIMALS = 10**8, 6
"""Of quantities, so that sums of them are exact in JSON's numbers too."""
_NO_EXPENSE = ("AcctRec", "AcctPay")
_UNREADABLE = {
    "header": "its header is missing",
    "lines": "its lines are missing",
    "line": "one of its lines is not a line",
    "amount": "a quantity, cost or amount of a line is missing or not a number",
    "total": "its total is missing or not an amount of money",
    "tax": "its tax is not an amount of money",
    "shipping": "its shipping is not an amount of money",
    "account": "a line names no account, or names it without a valid id",
    "business_unit": "it or a line names the business unit without a valid id",
    "vendor": "it names its vendor without a valid id",
    "order": "it names its purchase order without a valid id",
    "memo": "its summary or the description of a line is not text",
    "due_date": "its due date is not a date",
    "number": "its number is missing, or longer than NetSuite takes with the prefix",
    "vendor_number": "the vendor's invoice number is longer than NetSuite takes",
    "id": "its id holds characters that NetSuite's external ids do not take",
}


def reason_to_skip(purchase: Purchase, from_: date) -> Problem | None:
    """Why nothing of this document is posted, or None where it has to be."""
    day = purchase.document.business_date
    if day is not None and day < from_:
        return Problem(
            Cause.BEFORE_GO_LIVE,
            f"It is dated before go-live, {from_.isoformat()}.",
            "Nothing to do: documents from before go-live stay in ServiceTitan. What NetSuite "
            "holds already is linked as an opening document.",
        )
    if purchase.nothing_to_post:
        return Problem(
            Cause.ZERO_AMOUNT,
            "Its total is zero, and so is what each account would take.",
            "Nothing to do: nothing is posted.",
        )
    return None


def since_posted(purchase: Purchase, reason: Problem) -> Problem:
    """What a reason to skip means for a document whose record is in NetSuite."""
    return Problem(
        Cause.UPDATE_NOT_POSSIBLE,
        f"This {purchase.noun} was synced before, and now: {reason.sentence}",
        "Correct or delete the record in NetSuite by hand, or undo the change in ServiceTitan.",
    )


def check_purchase(purchase: Purchase, reference: ReferenceFrames) -> Iterator[Problem]:
    """All that is wrong with the document as a whole, but for its vendor and its order."""
    kind = purchase.document.type
    if len(purchase.vendor_number) > TRAN_ID_LENGTH:
        purchase.dirty.add("vendor_number")
    for part in sorted(purchase.dirty):
        sentence = f"This {purchase.noun} cannot be read: {_UNREADABLE[part]}."
        yield Problem(Cause.DIRTY_DATA, sentence, _correct(purchase), part, part)
    for sku, unclear in sorted(purchase.without_account.items()):
        yield no_account(sku, unclear, "purchase")
    for account in sorted(purchase.unknown_accounts):
        yield _unknown_account(account)
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


def check_payable(lines: DataFrame, findings: Findings) -> None:
    """The payable role leads to an accounts payable account."""
    wrong = lines["part"].eq(OWN) & lines["a_type"].notna() & lines["a_type"].ne("AcctPay")
    for doc, role, target in each(lines[wrong], "doc", "account", "a_label"):
        findings.add(
            doc,
            Problem(
                Cause.ACCOUNT_NOT_POSTABLE,
                f"The role {role} is mapped to NetSuite account {target}, "
                "which is not an accounts payable account.",
                "Map the role to the account on which NetSuite keeps payables.",
                f"{role}:type",
                f"role {role}",
            ),
        )


def check_expenses(lines: DataFrame, findings: Findings) -> None:
    """Lines of a bill take no receivable or payable account."""
    spent = lines["part"].isin([GOODS, EXPENSE, ROLE]) & lines["a_type"].isin(list(_NO_EXPENSE))
    for doc, account, name, target, kind in each(
        lines[spent], "doc", "account", "account_name", "a_label", "a_type"
    ):
        findings.add(doc, _refused(account, name, target, kind, "A line of a bill"))


def check_items(lines: DataFrame, items: Mapping[str, str], findings: Findings) -> Missing:
    """By document, the accounts whose purchase item is still to be created."""
    bought = lines[lines["part"].eq(GOODS) & lines["a_type"].notna()]
    new = bought[~bought["target"].isin(list(items))]
    missing: Missing = defaultdict(set)
    for doc, account, name, target, shown, kind in each(
        new, "doc", "account", "account_name", "target", "a_label", "a_type"
    ):
        if kind in _NEVER:
            findings.add(doc, _refused(account, name, shown, kind, "An item of an order"))
            continue
        missing[doc].add(target)
    return missing


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
    if not purchase.lines and not purchase.dirty & {"header", "lines", "line", "amount"}:
        nothing = {_ORDER: "It has no lines.", _RECEIPT: "Nothing was received."}
        sentence = nothing.get(kind, "It has no lines.")
        yield Problem(Cause.NO_LINES, sentence, _correct(purchase), kind, purchase.noun)
    if kind is _BILL and purchase.order is None:
        return
    for code in sorted({line.code for line in purchase.lines if not _sendable(line)}):
        yield Problem(
            Cause.TOO_MANY_DECIMALS,
            f"The quantity or cost of {code} has more digits than can be sent to NetSuite exactly.",
            _correct(purchase),
            f"digits:{code}",
            code,
        )
    if kind is _BILL:
        return
    for code in sorted({line.code for line in purchase.lines if line.quantity < 0}):
        yield Problem(
            Cause.DIRTY_DATA,
            f"This {purchase.noun} cannot be read: the quantity of {code} is negative.",
            _correct(purchase),
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
    if not purchase.lines or purchase.without_account:
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
    if purchase.rounded == total:
        return
    if abs(purchase.exact - purchase.total) < CENT:
        yield Problem(
            Cause.TOO_MANY_DECIMALS,
            "Its lines have more than two decimals; rounded to the cent they no longer come to "
            f"its total of {total}.",
            _correct(purchase),
        )
        return
    yield Problem(
        Cause.NOT_BALANCED,
        f"Its lines, tax and shipping come to {purchase.rounded}, but its total is {total}.",
        _correct(purchase),
    )


def _unknown_account(account: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_NOT_MAPPED,
        f"A line names account {account}, which is not exactly one account of ServiceTitan's.",
        "Give the account a number of its own in ServiceTitan.",
        f"number:{account}",
        account,
    )


def _refused(account: str, name: str, target: str, kind: str, what: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_NOT_POSTABLE,
        f"ServiceTitan account {name} is mapped to NetSuite account {target} of type {kind}. "
        f"{what} takes no account of that type.",
        "Map it to an expense account in the tenant's mappings, "
        "or give the line or SKU another account in ServiceTitan.",
        account,
        name,
    )


def _correct(purchase: Purchase) -> str:
    return f"Correct the {purchase.noun} in ServiceTitan, and post it there again."
