"""Rules about an invoice or credit memo as a whole: skipped, readable, equal to its total, applied.

Those about its accounts are in `item_rules`, those about units and days shared with journals.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from servicetitan_netsuite.documents import (
    NO_PRICEBOOK,
    AccountProfile,
    Cause,
    DocumentType,
    Problem,
    to_cents,
)
from servicetitan_netsuite.mapping.date_rules import RECEIVABLE, check_date
from servicetitan_netsuite.mapping.document_rules import (
    UNREADABLE,
    before_go_live,
    off_total,
    unread,
)
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.sales_content import Sale

_UNREADABLE = UNREADABLE | {
    "amount": "the total of a line is missing or not an amount of money",
    "total": "its total is missing or not an amount of money",
    "sales_tax": "its sales tax is not an amount of money",
    "account": "a line names its account without a valid id",
    "customer": "it names its customer without a valid id",
    "memo": "its summary or the description of a line is not text",
    "due_date": "its due date is not a date",
    "applied_to": "what it is applied to is not a list of invoices and amounts",
}


def reason_to_skip(sale: Sale, from_: date) -> Problem | None:
    """Why nothing of this document is posted, or None where it has to be."""
    early = before_go_live(sale, from_)
    if early or not sale.nothing_to_post:
        return early
    return Problem(
        Cause.ZERO_AMOUNT,
        "Its total is zero, and so is what each account would take.",
        "Nothing to do: nothing is posted.",
    )


def check_sale(sale: Sale, reference: ReferenceFrames) -> Iterator[Problem]:
    """All that is wrong with the document as a whole."""
    yield from unread(sale, _UNREADABLE)
    for sku, unclear in sorted(sale.without_account.items()):
        yield no_account(sku, unclear)
    if sale.customer is None and "customer" not in sale.dirty:
        yield Problem(Cause.CUSTOMER_MISSING, "It names no customer.", sale.correct)
    yield from check_date(sale.document.business_date, RECEIVABLE, reference)
    if sale.amounts_read:
        yield from _check_total(sale)
        yield from _check_applications(sale)


def check_currency(
    sale: Sale, subsidiary: str | None, profile: AccountProfile, reference: ReferenceFrames
) -> Iterator[Problem]:
    """The business unit's currency is the subsidiary's, where both are known."""
    if subsidiary is None or not sale.currency:
        return
    own = reference.subsidiary_by_id.get(subsidiary, {}).get("currency")
    symbol = profile.currencies.get(str(own), "")
    if symbol and symbol != sale.currency:
        place = reference.subsidiary_label(subsidiary)
        yield Problem(
            Cause.CURRENCY_DIFFERS,
            f"It is in {sale.currency}, but subsidiary {place} keeps its books in {symbol}.",
            "Map its business unit to a subsidiary of its currency.",
            f"{sale.currency}:{subsidiary}",
            f"{sale.currency} in {place}",
        )


def _check_total(sale: Sale) -> Iterator[Problem]:
    """To the cent the lines and the tax come to the total that ServiceTitan shows."""
    assert sale.total is not None
    total = to_cents(sale.total)
    if sale.document.type is DocumentType.CREDIT_MEMO and total < 0:
        yield Problem(
            Cause.DIRTY_DATA,
            f"This credit memo cannot be read: its total is negative, {total}.",
            sale.correct,
            "negative_total",
            "negative total",
        )
    yield from off_total(sale, sale.total, "lines and sales tax")


def _check_applications(sale: Sale) -> Iterator[Problem]:
    assert sale.total is not None
    amounts = list(sale.applied.values())
    if any(amount < 0 for amount in amounts):
        yield Problem(
            Cause.DIRTY_DATA,
            f"This {sale.noun} cannot be read: it is applied to an invoice with less than nothing.",
            sale.correct,
            "applied_negative",
            "applied_to",
        )
    if any(amount != to_cents(amount) for amount in amounts):
        yield Problem(
            Cause.TOO_MANY_DECIMALS,
            "An amount it is applied with has more than two decimals.",
            sale.correct,
            "applied_to",
        )
    applied = sum(map(to_cents, amounts), Decimal(0))
    if amounts and applied > to_cents(sale.total):
        yield Problem(
            Cause.NOT_BALANCED,
            f"It is applied to invoices with {applied}, more than its total of "
            f"{to_cents(sale.total)}.",
            sale.correct,
            "applied_to",
        )


def no_account(sku: str, unclear: str = "", what: str = "general ledger") -> Problem:
    """Neither a line nor the pricebook names an account for `sku`.

    `unclear` is what the pricebook names instead of one account; `what` the kind of account.
    """
    if unclear == NO_PRICEBOOK:
        return Problem(
            Cause.ACCOUNT_NOT_MAPPED,
            f"A line of SKU {sku} names no {what} account, and ServiceTitan does not let the app "
            "read the pricebook, which may name it.",
            "Grant the app the pricebook's read scopes and let the tenant's admin accept its new "
            "version; the next run takes the document up by itself.",
            "pricebook",
            "the pricebook's scopes",
        )
    said = (
        f"its pricebook entry names {unclear!r}, which is not exactly one account"
        if unclear
        else "neither does its pricebook entry"
    )
    return Problem(
        Cause.ACCOUNT_NOT_MAPPED,
        f"A line of SKU {sku} names no {what} account, and {said}.",
        f"Give {sku} its {what} account in ServiceTitan's pricebook; "
        "the next run takes the document up by itself.",
        f"sku:{sku}",
        f"SKU {sku}",
    )
