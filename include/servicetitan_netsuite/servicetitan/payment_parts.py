"""The records one payment becomes: money, what is left of it, later applications, credits used.

The payment itself is the document without a part. What ServiceTitan adds to a payment after its
money has become a deposit is no change of the deposit: each later application is a document of its
own, and the deposit keeps the content it was posted with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from servicetitan_netsuite.documents import (
    DEPOSIT,
    Json,
    SourceDocument,
    application,
    to_cents,
)
from servicetitan_netsuite.servicetitan.shape import version_of

_ZERO = Decimal(0)


def records_of(payment: SourceDocument, *, remainder_is_deposit: bool) -> Iterator[SourceDocument]:
    """The documents of a payment of which nothing is in NetSuite yet, itself first.

    Credits it uses besides its money, or beyond the first where it has no money, are parts; so is
    what is left of money that is applied, where that is to be a deposit. A journal books all of the
    money, so nothing is left of it.
    """
    yield payment
    lines = payment.content["lines"]
    total = to_cents(payment.amount)
    if total < 0:
        return
    credits = [line for line in lines if Decimal(line["amount"]) < 0]
    for line in credits[0 if total else 1 :]:
        yield _credit_used(payment, line)
    left = Decimal(payment.content["header"]["unapplied"] or 0)
    journal = payment.content["header"]["exports_as"] == "journal"
    if remainder_is_deposit and not journal and lines and total > 0 and to_cents(left) > 0:
        yield _remainder(payment, left)


def records_since(
    payment: SourceDocument, posted: Json, parts: Collection[str]
) -> Iterator[SourceDocument]:
    """The documents of a payment that is in NetSuite with the content `posted`, itself first.

    `parts` are those the ledger knows. Of a deposit the payment itself comes as it was posted, as
    far as ServiceTitan still shows it, and what was applied since comes as parts; an application
    that has gone comes with nothing applied. Any other payment comes as it is now. How it exports
    is a setting of its type, which a payment asked for by id does not show: it stays as posted.
    """
    header = {**payment.content["header"], "exports_as": posted["header"]["exports_as"]}
    payment = _made(
        payment, "", {"header": header, "lines": payment.content["lines"]}, payment.amount
    )
    if not _is_deposit(posted, parts):
        yield payment
        kept = payment.content["lines"]
        yield from _credits(payment, kept, parts)
        return
    own = {line["id"] for line in posted["lines"]}
    lines = payment.content["lines"]
    kept = [line for line in lines if line["id"] in own]
    header = {**payment.content["header"], "unapplied": posted["header"]["unapplied"]}
    itself = _made(payment, "", {"header": header, "lines": kept}, payment.amount)
    yield itself
    if DEPOSIT in parts:
        yield _remainder(itself, Decimal(posted["header"]["unapplied"] or 0))
    yield from _credits(itself, kept, parts)
    for line in lines:
        if line["id"] not in own:
            yield _application(payment, line)
    known = {application(line["id"]) for line in lines}
    for part in sorted(set(parts) - known - {DEPOSIT}):
        yield _gone(payment, part)


def _is_deposit(posted: Json, parts: Collection[str]) -> bool:
    """Whether some of the money became a deposit, which may be applied later."""
    header = posted["header"]
    received = header["exports_as"] != "journal" and to_cents(Decimal(header["total"])) > 0
    return DEPOSIT in parts or (received and not posted["lines"])


def _credits(
    payment: SourceDocument, lines: Iterable[Json], parts: Collection[str]
) -> Iterator[SourceDocument]:
    return (_credit_used(payment, line) for line in lines if application(line["id"]) in parts)


def _remainder(payment: SourceDocument, left: Decimal) -> SourceDocument:
    return _part(payment, DEPOSIT, [], left)


def _application(payment: SourceDocument, line: Json) -> SourceDocument:
    """A later application of the deposit, on the day it was made."""
    made = _part(payment, application(line["id"]), [line], Decimal(line["amount"]))
    day = date.fromisoformat(line["date"]) if line["date"] else None
    return replace(made, business_date=day)


def _gone(payment: SourceDocument, part: str) -> SourceDocument:
    return _part(payment, part, [], _ZERO)


def _credit_used(payment: SourceDocument, line: Json) -> SourceDocument:
    """The use of a credit; all lines tell which invoices it may be used on."""
    made = _part(
        payment, application(line["id"]), payment.content["lines"], -Decimal(line["amount"])
    )
    header = {**made.content["header"], "credit": line["id"]}
    return _made(made, made.part, {**made.content, "header": header}, made.amount)


def _part(payment: SourceDocument, part: str, lines: list[Json], amount: Decimal) -> SourceDocument:
    """A further record: nothing of the payment that may change besides is in its content."""
    header = {**payment.content["header"], "unapplied": None, "memo": None, "account": None}
    if part == DEPOSIT:
        header["account"] = payment.content["header"]["account"]
    return _made(payment, part, {"header": header, "lines": lines}, amount)


def _made(payment: SourceDocument, part: str, content: Json, amount: Decimal) -> SourceDocument:
    return replace(payment, part=part, content=content, amount=amount, version=version_of(content))
