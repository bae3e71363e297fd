"""What must become of each document, judged from what ServiceTitan shows of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from sandbox.seed.documents import judging_money, judging_purchases, judging_receivables
from sandbox.seed.documents.doc import Body
from sandbox.seed.documents.papers import Papers
from sandbox.seed.documents.rules import Rules, Unfit, Verdict, number

if TYPE_CHECKING:
    from sandbox.seed.books import Books
    from sandbox.seed.documents.tenant import DocumentTenant

Judging = Callable[[Papers, Body, Body], Verdict]


class Shown(Protocol):
    """A document as stored."""

    @property
    def type(self) -> str:
        """Its type."""
        ...

    @property
    def body(self) -> Body:
        """What ServiceTitan shows."""
        ...

    @property
    def hidden(self) -> Body:
        """What only ServiceTitan knows."""
        ...

    @property
    def held(self) -> str:
        """Why nobody batches it."""
        ...


JUDGES: dict[str, Judging] = {
    "invoice": judging_receivables.invoice,
    "credit_memo": judging_receivables.credit_memo,
    "payment": judging_money.payment,
    "bank_deposit": judging_money.bank_deposit,
    "purchase_order": judging_purchases.purchase_order,
    "receipt": judging_purchases.receipt,
    "ap_bill": judging_purchases.ap_bill,
    "return": judging_purchases.vendor_return,
    "ap_credit": judging_purchases.ap_credit,
    "adjustment": judging_purchases.adjustment,
}
AMOUNTS = {
    "invoice": "total",
    "credit_memo": "total",
    "payment": "total",
    "bank_deposit": "grossAmount",
    "purchase_order": "total",
    "receipt": "receiptAmount",
    "ap_bill": "billAmount",
    "return": "returnAmount",
    "ap_credit": "amount",
    "ap_payment": "amount",
}


class DocumentJudge:
    """Judges all documents of one tenant at once, since some wait for others."""

    def __init__(self, tenant: DocumentTenant, books: Books) -> None:
        vendors = {one.id: one.row for one in tenant.vendors}
        skus = {one.id: one for one in tenant.skus}
        self._rules = Rules(tenant.base, vendors, skus, books)

    def verdicts(self, shown: Iterable[Shown]) -> dict[tuple[str, int], Verdict]:
        """A verdict for each type and id, whatever the sync statuses are."""
        papers = Papers(self._rules, _judge, shown)
        return {key: papers.verdict(*key) for key in papers.keys}


def _amount(kind: str, body: Body) -> str:
    try:
        return f"{abs(number(body.get(AMOUNTS.get(kind, ''), 0), 'amount')):.2f}"
    except Unfit:
        return "0.00"


def _judge(papers: Papers, one: Shown) -> Verdict:
    amount = _amount(one.type, one.body)
    if one.held:
        return Verdict(False, one.held, amount)
    try:
        if one.body.get("active") is False:
            raise Unfit("not_pending: deleted")
        return JUDGES[one.type](papers, one.body, one.hidden)
    except Unfit as error:
        return Verdict(False, str(error), amount)
