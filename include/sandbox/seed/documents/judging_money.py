"""What must become of payments and bank deposits."""

from __future__ import annotations

from decimal import Decimal

from sandbox.seed.documents.doc import ZERO, Body
from sandbox.seed.documents.judging_receivables import applied
from sandbox.seed.documents.papers import Key, Papers
from sandbox.seed.documents.rules import (
    DEPOSITS,
    RECEIVABLE,
    Posting,
    Unfit,
    Verdict,
    day_of,
    in_cents,
)


def payment(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """A payment for the cash, a deposit, a journal entry or a refund."""
    rules = papers.rules
    day = day_of(body.get("date"), "date")
    journal = hidden.get("transactionType") == "JournalEntry"
    total = in_cents(body.get("total"), "total")
    rules.open(day, *(() if journal else ("ar_locked",)))
    subsidiary = rules.subsidiary(body.get("businessUnit"))
    customer = rules.customer(body.get("customer"), subsidiary)
    account = rules.account(body.get("generalLedgerAccount"), subsidiary, "the payment")
    parents = applied(papers, body, subsidiary, customer, "credit_memo")
    if total < 0:
        becomes, gl, more = _refund(papers, body, -total, account, parents)
        parents = (*more, *parents)
    else:
        becomes, gl = _received(body, hidden, total, account, journal, bool(parents))
    kept = rules.balanced(gl, "the payment")
    return Verdict(
        True, "", f"{abs(total):.2f}", becomes, kept, (), day.isoformat(), subsidiary, parents
    )


def _received(
    body: Body, hidden: Body, total: Decimal, account: str, journal: bool, used: bool
) -> tuple[str, list[Posting]]:
    shares = [
        in_cents(one.get("appliedAmount"), "appliedAmount") for one in body["appliedTo"] or []
    ]
    open_ = in_cents(body.get("unappliedAmount"), "unappliedAmount")
    if not total:
        if not used:
            raise Unfit("zero_amount: a payment of nothing, applied to nothing")
        return "application", []
    if journal:
        return "journalEntry", [(account, total), (RECEIVABLE, -total)]
    if used and sum(shares, open_) != total:
        raise Unfit(f"not_balanced: applied and open parts are off by {sum(shares, open_) - total}")
    if hidden.get("was_deposit"):
        taken = sum(shares, ZERO)
        gl = [(account, total), (RECEIVABLE, -taken), (DEPOSITS, taken - total)]
        return "customerDeposit", gl
    if not used:
        return "customerDeposit", [(account, total), (DEPOSITS, -total)]
    return "customerPayment", [(account, total), (RECEIVABLE, -total)]


def _refund(
    papers: Papers, body: Body, amount: Decimal, account: str, credits: tuple[Key, ...]
) -> tuple[str, list[Posting], tuple[Key, ...]]:
    """Of a deposit or an open credit memo natively, else a journal entry debiting receivables."""
    paid = body.get("refundedPaymentId")
    if paid is not None:
        key, verdict = papers.parent(paid, "payment")
        if verdict.becomes == "customerDeposit":
            return "customerRefund", [(DEPOSITS, amount), (account, -amount)], (key,)
        return "journalEntry", [(RECEIVABLE, amount), (account, -amount)], (key,)
    if not credits:
        raise Unfit("parent_missing: the refund names neither a payment nor a credit")
    if any(papers.verdict(*key).becomes != "creditMemo" for key in credits):
        raise Unfit("parent_missing: the refund is applied to what is no credit")
    return "customerRefund", [(RECEIVABLE, amount), (account, -amount)], ()


def bank_deposit(papers: Papers, body: Body, hidden: Body) -> Verdict:
    """A journal entry: bank and fees against the accounts of what was deposited."""
    rules = papers.rules
    day = day_of(body.get("depositDate"), "depositDate")
    rules.open(day)
    taken = [
        one
        for one, _ in papers.bodies("payment")
        if isinstance(one.get("deposit"), dict) and one["deposit"]["id"] == body["id"]
    ]
    if not taken:
        raise Unfit("no_lines: nothing was deposited")
    subsidiary = rules.subsidiary(taken[0].get("businessUnit"))
    gl: list[Posting] = []
    for one in taken:
        rules.same(one.get("businessUnit"), subsidiary)
        account = rules.account(one.get("generalLedgerAccount"), subsidiary, "a payment")
        gl.append((account, -in_cents(one.get("total"), "a payment's total")))
    net = in_cents(body.get("netAmount"), "netAmount")
    fees = in_cents(body.get("fees") or 0, "fees")
    gross = in_cents(body.get("grossAmount"), "grossAmount")
    gl.append((rules.account(body.get("bankAccount"), subsidiary, "the bank"), net))
    if fees:
        gl.append((rules.account(body.get("feeAccount"), subsidiary, "the fees"), fees))
    kept = rules.balanced(gl, "the deposit")
    if gross != net + fees:
        raise Unfit(f"not_balanced: gross is off by {gross - net - fees}")
    return Verdict(True, "", f"{gross:.2f}", "journalEntry", kept, (), day.isoformat(), subsidiary)
