"""Read payments as ServiceTitan sent them: what is odd is named, never raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from servicetitan_netsuite.documents import DEPOSIT, SourceDocument, to_cents
from servicetitan_netsuite.mapping.reading import Reading
from servicetitan_netsuite.mapping.values import identifier, reference, text

_ZERO = Decimal(0)


class Role(StrEnum):
    """What one document of a payment is."""

    RECEIVED = "payment"
    """Money applied to something."""
    KEPT = "deposit"
    """Money applied to nothing yet, or what is left of it."""
    JOURNAL = "journal"
    """Money of a type that exports as journal entry."""
    REFUND = "refund"
    """Money paid back."""
    CREDIT = "credit"
    """A credit used, without money."""
    APPLIED = "application"
    """A deposit used later."""


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a payment applied to one document, below zero where it is taken from a credit."""

    id: str
    to: str
    number: str
    amount: Decimal


@dataclass(slots=True)
class Paid(Reading):
    """One document of a payment as read.

    `total` is the payment's, `open` what of it is applied to nothing; `shares` what it is applied
    to, each rounded to the cent, `exact` their sum before that.
    """

    total: Decimal = _ZERO
    open: Decimal = _ZERO
    shares: list[Share] = field(default_factory=list)
    account: str | None = None
    account_name: str = ""
    unit: str | None = None
    unit_name: str = ""
    customer: str | None = None
    customer_name: str = ""
    refunded: str | None = None
    credit: str | None = None
    journal: bool = False
    check_number: str | None = None

    @property
    def role(self) -> Role:
        """What the document is."""
        if self.document.part == DEPOSIT:
            return Role.KEPT
        if self.document.part:
            return Role.CREDIT if self.credit else Role.APPLIED
        if self.total < 0:
            return Role.REFUND
        if not self.total:
            return Role.CREDIT
        if self.journal:
            return Role.JOURNAL
        return Role.RECEIVED if self.shares else Role.KEPT

    @property
    def credits(self) -> list[Share]:
        """What is taken from credits."""
        return [share for share in self.shares if share.amount < 0]


def read_payment(document: SourceDocument) -> Paid:
    """The payment in `document.content`."""
    paid = Paid(document)
    header, lines = paid.header(), paid.content.get("lines")
    if not isinstance(lines, list):
        paid.dirty.add("applied_to")
        lines = []
    _read_header(paid, header)
    for line in lines:
        _read_share(paid, line)
    if not document.part and paid.total >= 0 and header.get("unapplied") is None:
        paid.dirty.add("unapplied")
    return paid


def allocated(shares: Sequence[Share]) -> dict[str, dict[str, Decimal]]:
    """How much of each credit is used on each document, by the ids of both.

    Where several credits are used on several documents ServiceTitan does not tell which on which:
    they are taken in their order.
    """
    left = {share.id: share.amount for share in shares if share.amount > 0}
    made: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for credit in (share for share in shares if share.amount < 0):
        rest = -credit.amount
        for share in shares:
            used = min(left.get(share.id, _ZERO), rest)
            if used > 0:
                made[credit.to][share.to] += used
                left[share.id] -= used
                rest -= used
    return {credit: dict(used) for credit, used in made.items()}


def in_cash(shares: Sequence[Share]) -> dict[str, Decimal]:
    """What is applied to each document once credits are used up; several shares of one add up."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for share in shares:
        if share.amount > 0:
            sums[share.to] += share.amount
    for used in allocated(shares).values():
        for to, amount in used.items():
            sums[to] -= amount
    return {to: amount for to, amount in sums.items() if amount}


def _read_header(paid: Paid, header: dict[str, Any]) -> None:
    paid.total = to_cents(paid.amount(header.get("total"), "total"))
    if header.get("unapplied") is not None:
        paid.open = to_cents(paid.amount(header["unapplied"], "unapplied"))
    paid.account, paid.account_name = reference(paid.dirty, header, "account")
    paid.unit, paid.unit_name = reference(paid.dirty, header, "business_unit")
    paid.customer, paid.customer_name = reference(paid.dirty, header, "customer")
    paid.refunded = identifier(header.get("refunded_payment"))
    paid.credit = identifier(header.get("credit"))
    if header.get("exports_as") not in ("payment", "journal"):
        paid.dirty.add("exports_as")
    paid.journal = header.get("exports_as") == "journal"
    paid.check_number = text(header.get("check_number")) or None


def _read_share(paid: Paid, raw: object) -> None:
    line: dict[str, Any] = raw if isinstance(raw, dict) else {}
    to: Any = line.get("to")
    target = identifier(to.get("id")) if isinstance(to, dict) else None
    id_ = identifier(line.get("id"))
    if target is None or id_ is None:
        paid.dirty.add("applied_to")
        return
    amount = paid.amount(line.get("amount"), "applied_to")
    paid.exact += amount
    number = text(to.get("number")) or target
    paid.shares.append(Share(id_, target, number, to_cents(amount)))


def sum_of(shares: Iterable[Share]) -> Decimal:
    """What shares come to."""
    return sum((share.amount for share in shares), _ZERO)
