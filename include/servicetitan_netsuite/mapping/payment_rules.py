"""Rules about a payment as a whole: skipped, readable, amounts in agreement, accounts fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from servicetitan_netsuite.documents import CENT, DEPOSIT, Cause, Problem, to_cents
from servicetitan_netsuite.mapping.date_rules import RECEIVABLE, Dated, check_date
from servicetitan_netsuite.mapping.document_rules import UNREADABLE, before_go_live, unread
from servicetitan_netsuite.mapping.payment_content import Paid, Role, allocated, sum_of
from servicetitan_netsuite.mapping.reference import ReferenceFrames, Row, label
from servicetitan_netsuite.mapping.values import MOST_MONEY

MONEY_TYPES = ("Bank", "CredCard", "OthCurrAsset")
"""Types of NetSuite's accounts on which customers' money may come in or go out."""
UNDEPOSITED, CUSTOMER_DEPOSITS = "UndepFunds", "CustDep"
"""What NetSuite calls its own accounts for undeposited funds and for customer deposits."""

_ZERO = Decimal(0)
_AS_JOURNAL = Dated("date", "Give it a date in ServiceTitan.")
_UNREADABLE = UNREADABLE | {
    "total": "its total is missing or not an amount of money",
    "unapplied": "its unapplied amount is missing or not an amount of money",
    "applied_to": "what it is applied to is not a list of documents and amounts",
    "account": "it names its account without a valid id",
    "business_unit": "it names the business unit without a valid id",
    "customer": "it names its customer without a valid id",
    "exports_as": "ServiceTitan lists it neither as a payment nor as a journal entry",
}


def reason_to_skip(paid: Paid, from_: date) -> Problem | None:
    """Why nothing of this payment is posted, or None where it has to be."""
    early = before_go_live(paid, from_)
    if early or paid.dirty or paid.shares or moves_money(paid):
        return early
    return Problem(
        Cause.ZERO_AMOUNT,
        "It is a payment of nothing, applied to nothing.",
        "Nothing to do: nothing is posted.",
    )


def check_payment(
    paid: Paid,
    used: Mapping[str, Mapping[str, Decimal]],
    reference: ReferenceFrames,
) -> Iterator[Problem]:
    """All that is wrong with the payment as a whole.

    `used` is what ServiceTitan says each credit is used for by now, by the ids of both.
    """
    yield from unread(paid, _UNREADABLE)
    if paid.customer is None and "customer" not in paid.dirty:
        yield Problem(Cause.CUSTOMER_MISSING, "It names no customer.", paid.correct)
    if moves_money(paid) and paid.account is None and "account" not in paid.dirty:
        yield _no_account()
    dated = _AS_JOURNAL if paid.role is Role.JOURNAL else RECEIVABLE
    yield from check_date(paid.document.business_date, dated, reference)
    if not paid.dirty & {"total", "unapplied", "applied_to", "header"}:
        yield from _AMOUNTS[paid.role](paid)
        if paid.role is Role.REFUND:
            yield from _names_what_it_pays_back(paid)
        if paid.role is Role.CREDIT:
            yield from _as_servicetitan_says(paid, used)


def moves_money(paid: Paid) -> bool:
    """Whether the document takes or gives money; the others only say what it is for."""
    return paid.role not in (Role.CREDIT, Role.APPLIED)


def check_money_account(account: Row, name: str) -> Iterator[Problem]:
    """NetSuite takes customers' money on an account of this type."""
    if account.get("type") in MONEY_TYPES:
        return
    yield Problem(
        Cause.ACCOUNT_NOT_POSTABLE,
        f"ServiceTitan account {name} is mapped to NetSuite account {label(account)} of type "
        f"{account.get('type')}, on which no customer's money can come in or go out.",
        "Map it to a bank, a card or another current asset, or let the payment type export as "
        "journal entry in ServiceTitan.",
        f"{account.get('id')}:money",
        label(account),
    )


def own_account(special: str, subsidiary: str | None, reference: ReferenceFrames) -> Row | None:
    """NetSuite's own account for a purpose, where it shows just one that `subsidiary` may use."""
    found = [
        row
        for row in reference.accounts
        if row.get("special") == special
        and not row.get("inactive")
        and (not subsidiary or not row.get("subsidiaries") or subsidiary in row["subsidiaries"])
    ]
    return found[0] if len(found) == 1 else None


def no_deposits_account() -> Problem:
    """NetSuite keeps deposits on an account of its own, which it does not show."""
    return Problem(
        Cause.ACCOUNT_MISSING,
        "NetSuite shows no account of its own for customer deposits.",
        "Let the integration's role see the account Customer Deposits, active and allowed in the "
        "payment's subsidiary.",
        CUSTOMER_DEPOSITS,
        "Customer Deposits",
    )


def _received(paid: Paid) -> Iterator[Problem]:
    """What is applied and what is left come to the total, to the cent."""
    told = sum_of(paid.shares) + paid.open
    if sum_of(paid.shares) < 0:
        yield Problem(
            Cause.NOT_BALANCED,
            f"It takes {-sum_of(paid.shares)} more from credits than it is applied to.",
            paid.correct,
            "credits",
            "credits",
        )
    if paid.open < 0 or told != paid.total:
        if paid.open >= 0 and abs(paid.exact + paid.open - paid.total) < CENT:
            yield Problem(
                Cause.TOO_MANY_DECIMALS,
                "What it is applied to has more than two decimals; rounded to the cent it no "
                f"longer comes to its total of {paid.total}.",
                paid.correct,
            )
            return
        yield Problem(
            Cause.NOT_BALANCED,
            f"It is applied with {sum_of(paid.shares)} and has {paid.open} left, which is not its "
            f"total of {paid.total}.",
            paid.correct,
        )


def _kept(paid: Paid) -> Iterator[Problem]:
    if paid.document.part != DEPOSIT:
        return
    left = to_cents(paid.document.amount)
    if left <= 0:
        yield Problem(
            Cause.ZERO_AMOUNT, "Nothing is left of the payment.", "Nothing to do.", DEPOSIT
        )
    elif left > paid.total:
        told = f"{left} are left of it, which is more than its total of {paid.total}."
        yield Problem(Cause.NOT_BALANCED, told, paid.correct, DEPOSIT)


def _anything(paid: Paid) -> Iterator[Problem]:
    return iter(())


def _credit(paid: Paid) -> Iterator[Problem]:
    """What is taken from credits is all used."""
    if not paid.credits or (not paid.total and sum_of(paid.shares)):
        yield Problem(
            Cause.NOT_BALANCED,
            f"It is a payment of {paid.total}, but what it takes from credits and what it is "
            f"applied to differ by {abs(sum_of(paid.shares))}.",
            paid.correct,
        )


def _refund(paid: Paid) -> Iterator[Problem]:
    """A refund of credits is taken from them and from nothing else."""
    taken = sum_of(paid.shares)
    if any(share.amount > 0 for share in paid.shares) or (
        paid.shares and not paid.refunded and taken != paid.total
    ):
        yield Problem(
            Cause.NOT_BALANCED,
            f"It pays back {-paid.total}, but takes {-taken} from the credits it names.",
            paid.correct,
        )


def _later(paid: Paid) -> Iterator[Problem]:
    if sum_of(paid.shares) <= 0:
        yield Problem(
            Cause.DIRTY_DATA,
            "This payment cannot be read: it was applied later with less than nothing.",
            paid.correct,
            "applied_negative",
            "applied_to",
        )


def _names_what_it_pays_back(paid: Paid) -> Iterator[Problem]:
    if not paid.refunded and not paid.shares:
        yield Problem(
            Cause.PARENT_BLOCKED,
            "It pays money back, but names neither a payment nor a credit that it pays back.",
            "Name the payment or the credit in ServiceTitan, and post the refund there again.",
            "refund",
            "refund",
        )


def _as_servicetitan_says(
    paid: Paid, used: Mapping[str, Mapping[str, Decimal]]
) -> Iterator[Problem]:
    """The credit itself is used on the invoice with no less than the payment says."""
    own = credit_of(paid)
    if own is None:
        return
    for to, amount in allocated(paid.shares).get(own, {}).items():
        shown = to_cents(used.get(own, {}).get(to, _ZERO))
        if shown >= MOST_MONEY:
            yield Problem(
                Cause.DIRTY_DATA,
                f"ServiceTitan shows a credit (id {own}) used with {shown}, which is no amount.",
                "Correct the credit in ServiceTitan.",
                f"{own}:{to}",
                own,
            )
        elif shown < amount:
            yield Problem(
                Cause.NOT_BALANCED,
                f"It uses {amount} of a credit (id {own}) on the document with id {to}, but "
                f"ServiceTitan shows the credit used there with {shown}.",
                paid.correct,
                f"{own}:{to}",
                own,
            )


def credit_of(paid: Paid) -> str | None:
    """ServiceTitan's id of the credit whose use this document is; the first of several."""
    lines = paid.credits
    if paid.credit:
        lines = [share for share in lines if share.id == paid.credit]
    return lines[0].to if lines else None


def _no_account() -> Problem:
    return Problem(
        Cause.ACCOUNT_NOT_MAPPED,
        "The payment names no general ledger account.",
        "Give its payment type an account in ServiceTitan, and the payment as well.",
        "no_account",
        "payment without account",
    )


_AMOUNTS = {
    Role.RECEIVED: _received,
    Role.KEPT: _kept,
    Role.JOURNAL: _anything,
    Role.REFUND: _refund,
    Role.CREDIT: _credit,
    Role.APPLIED: _later,
}
