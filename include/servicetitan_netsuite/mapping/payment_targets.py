"""What a payment refers to: found among what the ledger knows, and fit for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from servicetitan_netsuite.documents import (
    DEPOSIT,
    Cause,
    DocumentType,
    Problem,
    stopped_parent,
)
from servicetitan_netsuite.mapping.payment_content import Paid, Role, Share
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.plans.payments import MoneyRecord, Target

CREDIT_MEMO, INVOICE = "creditMemo", "invoice"
_APPLIED_TO = (DocumentType.INVOICE, DocumentType.CREDIT_MEMO)


class Targets:
    """Documents by type, ServiceTitan's id and part."""

    def __init__(self, known: Iterable[Target]) -> None:
        self._known = {(one.type, one.source_id, one.part): one for one in known}

    def with_more(self, more: Iterable[Target]) -> Targets:
        """These and others, which count where both know a document."""
        return Targets([*self._known.values(), *more])

    def applied(self, id_: str) -> Target | None:
        """The invoice or credit memo of this id."""
        found = (self._known.get((kind, id_, "")) for kind in _APPLIED_TO)
        return next((one for one in found if one), None)

    def payment(self, id_: str, part: str = "") -> Target | None:
        """The payment of this id, or one of its further records."""
        return self._known.get((DocumentType.PAYMENT, id_, part))


@dataclass(frozen=True, slots=True)
class Referred:
    """What one document of a payment refers to, all found.

    `shares` are the documents it is applied to, by ServiceTitan's id. `source` is the deposit that
    is used or paid back; `paid` the payment that is paid back, whatever it became.
    """

    shares: Mapping[str, Target]
    source: Target | None = None
    paid: Target | None = None

    @property
    def all(self) -> tuple[Target, ...]:
        """Every document that must be in NetSuite first, once each."""
        named = (self.source, self.paid, *self.shares.values())
        return tuple({one.external_id: one for one in named if one}.values())


def refer(paid: Paid, targets: Targets) -> tuple[Referred, list[Problem]]:
    """What `paid` refers to, and what of it is missing or not in NetSuite's reach."""
    problems: list[Problem] = []
    shares: dict[str, Target] = {}
    for share in paid.shares:
        found = targets.applied(share.to)
        if found is None:
            problems.append(_missing(share))
        else:
            shares[share.to] = found
    source, refunded = None, None
    own = paid.document.source_id
    if paid.role is Role.APPLIED:
        source = _deposit(targets, own)
        if source is None:
            problems.append(_no_deposit(paid))
    elif paid.document.part:
        refunded = targets.payment(own)  # the payment itself comes first
    elif paid.role is Role.REFUND and paid.refunded:
        refunded = targets.payment(paid.refunded)
        if refunded is None:
            problems.append(_not_seen(paid.refunded))
        elif not shares:
            source = _deposit(targets, paid.refunded)
    referred = Referred(shares, source, refunded)
    needed = [one for one in referred.all if one is not refunded or paid.role is Role.REFUND]
    waits = [problem for one in needed if one.form is None for problem in _waits(one)]
    return referred, problems + list({problem.key: problem for problem in waits}.values())


def check_shares(paid: Paid, referred: Referred) -> Iterator[Problem]:
    """What is applied to is an invoice, what is taken from is a credit."""
    for share in paid.shares:
        target = referred.shares.get(share.to)
        if target is None or not target.record:
            continue
        taken = share.amount < 0
        credit = target.record == CREDIT_MEMO
        if taken and paid.refunded and paid.role is Role.REFUND:
            continue  # the invoice it had paid is owed again
        if taken and not credit:
            yield _wrong(share, "is taken from", "which is no credit")
        elif not taken and target.record != INVOICE:
            yield _wrong(share, "is applied to", "which is no invoice that is owed")


def check_places(
    referred: Referred, subsidiary: str | None, currency: str | None, reference: ReferenceFrames
) -> Iterator[Problem]:
    """All of one subsidiary and one currency: NetSuite applies nothing between companies."""
    for one in referred.all:
        theirs = one.form.get("subsidiary") if one.form else None
        if subsidiary and theirs and theirs != subsidiary:
            own, place = map(reference.subsidiary_label, (subsidiary, theirs))
            yield Problem(
                Cause.SEVERAL_SUBSIDIARIES,
                f"It belongs to subsidiary {own}, but {_called(one)} to {place}.",
                "Give both business units of one subsidiary in ServiceTitan. Nothing is applied "
                "between companies.",
                f"{one.external_id}:{theirs}",
                one.number,
            )
        theirs = one.form.get("currency") if one.form else None
        if currency and theirs and theirs != currency:
            yield Problem(
                Cause.CURRENCY_DIFFERS,
                f"It is not in the currency of {_called(one)}.",
                "Map both business units to subsidiaries of one currency.",
                one.external_id,
                one.number,
            )


def receivables(targets: Iterable[Target], reference: ReferenceFrames) -> set[str]:
    """The accounts on which these documents are owed."""
    return {
        line[0]
        for one in targets
        for line in (one.form or {}).get("lines", ())
        if reference.account_by_id.get(line[0], {}).get("type") == "AcctRec"
    }


def several_receivables(targets: Iterable[Target]) -> Problem:
    """NetSuite applies a payment to documents on one receivable account only."""
    named = ", ".join(sorted(one.number for one in targets))
    return Problem(
        Cause.ACCOUNT_NOT_POSTABLE,
        f"What it is applied to ({named}) is on different receivable accounts in NetSuite.",
        "Apply the payment by hand in NetSuite, or move these documents to one account there.",
        "receivables",
        "receivable accounts",
    )


def another_customer(target: Target) -> Problem:
    """The document that is referred to belongs to somebody else."""
    return Problem(
        Cause.CUSTOMER_MISSING,
        f"It belongs to another customer of NetSuite than {_called(target)}.",
        "Correct the customer in ServiceTitan, or link both customers to one of NetSuite.",
        target.external_id,
        target.number,
    )


def _deposit(targets: Targets, id_: str) -> Target | None:
    """The deposit a payment's money became, wholly or in part."""
    found = (targets.payment(id_), targets.payment(id_, DEPOSIT))
    return next((one for one in found if one and one.record == MoneyRecord.DEPOSIT.value), None)


def _called(target: Target) -> str:
    return f"{target.type.value.replace('_', ' ')} {target.number}"


def _missing(share: Share) -> Problem:
    return Problem(
        Cause.PARENT_BLOCKED,
        f"It is applied to {share.number} (id {share.to}), which this sync has not seen.",
        "Post its batch in ServiceTitan and sync it, or link it as an opening document "
        "(`servicetitan-netsuite mappings import`); this payment then goes on by itself.",
        share.to,
        share.number,
    )


def _not_seen(id_: str) -> Problem:
    return Problem(
        Cause.PARENT_BLOCKED,
        f"It pays back payment {id_}, which this sync has not seen.",
        "Post its batch in ServiceTitan and sync it, or link it as an opening document "
        "(`servicetitan-netsuite mappings import`); this refund then goes on by itself.",
        id_,
        id_,
    )


def _no_deposit(paid: Paid) -> Problem:
    return Problem(
        Cause.PARENT_BLOCKED,
        f"The deposit of payment {paid.document.number} is not in NetSuite.",
        f"Put payment {paid.document.number} right first; this then goes on by itself.",
        paid.document.source_id,
        paid.document.number,
    )


def _waits(target: Target) -> tuple[Problem, ...]:
    """Why it cannot go before `target`, at the root of it."""
    stopped = stopped_parent(
        target.type, target.number, target.external_id, target.state, target.cause, target.sentence
    )
    return target.waits or (stopped,)


def _wrong(share: Share, how: str, what: str) -> Problem:
    return Problem(
        Cause.PARENT_BLOCKED,
        f"It {how} {share.number} (id {share.to}), {what} in NetSuite.",
        "Correct what the payment is applied to in ServiceTitan, and post it there again.",
        share.to,
        share.number,
    )
