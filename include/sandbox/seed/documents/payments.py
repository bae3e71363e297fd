"""Payments, their applications and refunds, and bank deposits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.seed.documents.doc import ZERO, Body, Doc, midnight, money
from sandbox.seed.documents.invoices import reduce_balance
from sandbox.seed.documents.shop import Shop

RECEIVE, JOURNAL = "ReceivePayment", "JournalEntry"


@dataclass(frozen=True, slots=True)
class PaymentType:
    """A payment type, the account it books to and how it exports."""

    id: int
    name: str
    account: str
    exports_as: str = RECEIVE


TYPES = {
    one.name: one
    for one in (
        PaymentType(77, "Check", "1250"),
        PaymentType(78, "Credit Card", "1250"),
        PaymentType(79, "Cash", "1250"),
        PaymentType(80, "ACH", "1000"),
        PaymentType(81, "Bad Debt", "6050", JOURNAL),
        PaymentType(82, "Applied Credit", "1250"),
        PaymentType(83, "Refund Check", "1000"),
        PaymentType(84, "Financing Fee", "6000", JOURNAL),
    )
}
DEPOSITED = ("Check", "Credit Card", "Credit Card", "Cash")


def payment(
    shop: Shop,
    of: Doc,
    total: Decimal,
    *,
    kind: str | None = None,
    case: str = "payment",
    day: date | None = None,
    held: str = "",
    **changes: Any,
) -> Doc:
    """Money from the customer and business unit of another document, applied to nothing yet."""
    chosen = TYPES[kind or shop.rng.choice(DEPOSITED)]
    number, day = shop.id(), day or day_of(shop, of)
    check = chosen.name == "Check"
    body = {
        "id": number,
        "syncStatus": "Pending",
        "referenceNumber": f"P-{number % 1_000_000}",
        "date": midnight(day),
        "type": chosen.name,
        "typeId": str(chosen.id),
        "total": money(total),
        "unappliedAmount": money(total),
        "memo": None,
        "customer": of.body["customer"],
        "businessUnit": of.body["businessUnit"],
        "deposit": None,
        "batch": None,
        "createdBy": "admin",
        "generalLedgerAccount": shop.account(chosen.account),
        "appliedTo": [],
        "customFields": [],
        "authCode": None,
        "checkNumber": str(1000 + number % 9000) if check else None,
        "refundedPaymentId": None,
        **shop.audit(day),
        "active": True,
    }
    hidden = {"transactionType": chosen.exports_as, "was_deposit": False, "later": []}
    return shop.add(Doc("payment", case, body | changes, hidden, held))


def day_of(shop: Shop, doc: Doc) -> date:
    """Some day on or after a document's own."""
    text = str(doc.body.get("invoiceDate") or doc.body.get("date"))
    return shop.later(date.fromisoformat(text[:10]))


def apply(shop: Shop, paid: Doc, target: Doc, amount: Decimal) -> None:
    """Use so much of a payment on an invoice, or (below zero) take so much from a credit."""
    paid.body["appliedTo"].append(
        {
            "appliedId": shop.id(),
            "appliedTo": target.id,
            "appliedAmount": money(amount),
            "appliedOn": paid.body["date"],
            "appliedBy": "admin",
            "appliedToReferenceNumber": target.body["referenceNumber"],
        }
    )
    left = Decimal(paid.body["unappliedAmount"]) - amount
    paid.body["unappliedAmount"] = money(left)
    if target.type == "invoice":
        reduce_balance(target, amount, date.fromisoformat(paid.body["date"][:10]))


def pay(shop: Shop, *targets: Doc, share: Decimal | None = None, **words: Any) -> Doc:
    """One payment over all the invoices: what is owed on each, or `share` on the only one."""
    amounts = [share or Decimal(one.body["balance"]) for one in targets]
    last = max(targets, key=lambda one: str(one.body["invoiceDate"]))
    made = payment(shop, last, sum(amounts, ZERO), **words)
    for target, amount in zip(targets, amounts, strict=True):
        apply(shop, made, target, amount)
    return made


def refund(shop: Shop, paid: Doc, amount: Decimal, **words: Any) -> Doc:
    """Money back of a payment: the invoice it paid is owed again, or less is left unapplied."""
    made = payment(shop, paid, -amount, refundedPaymentId=paid.id, **words)
    applied = paid.body["appliedTo"]
    if applied:
        number = applied[0]["appliedTo"]
        target = next(one for one in shop.made if one.type == "invoice" and one.id == number)
        apply(shop, made, target, -amount)
    else:
        made.body["unappliedAmount"] = "0.00"
        paid.body["unappliedAmount"] = money(Decimal(paid.body["unappliedAmount"]) - amount)
    return made


def refund_credit(shop: Shop, credit: Doc, amount: Decimal, **words: Any) -> Doc:
    """Money back of a credit memo, or of an invoice below zero."""
    made = payment(shop, credit, -amount, **words)
    apply(shop, made, credit, -amount)
    if credit.type == "credit_memo":
        credit.body["balance"] -= amount
    return made


def bank_deposit(
    shop: Shop,
    paid: Sequence[Doc],
    *,
    fees: Decimal = ZERO,
    case: str = "deposit",
    day: date | None = None,
    held: str = "",
    **changes: Any,
) -> Doc:
    """Payments brought to the bank together; each of them then names the deposit."""
    day = day or max(date.fromisoformat(one.body["date"][:10]) for one in paid)
    gross = sum((Decimal(one.body["total"]) for one in paid), ZERO)
    name = f"Deposit {day:%m/%d/%Y}"
    number, audit = shop.id(), shop.audit(day, 60)
    body: Body = {
        "id": number,
        "name": name,
        "depositStatus": "Deposited",
        "syncStatus": "Pending",
        "batch": None,
        "createdOn": audit["createdOn"],
        "createdBy": "admin",
        "modifiedOn": audit["modifiedOn"],
        "active": True,
        "importId": None,
        "depositDate": midnight(day),
        "reviewStatus": "Reviewed",
        "reviewedOn": audit["modifiedOn"],
        "grossAmount": gross,
        "netAmount": gross - fees,
        "fees": fees if fees else None,
        "bankAccount": shop.account("1000"),
        "feeAccount": shop.account("6000") if fees else None,
    }
    for one in paid:
        one.body["deposit"] = {"id": number, "name": name}
    return shop.add(Doc("bank_deposit", case, body | changes, held=held))
