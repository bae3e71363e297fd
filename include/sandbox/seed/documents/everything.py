"""All documents of the tenant: the awkward ones first, then ordinary days until enough."""

from __future__ import annotations

from sandbox.seed.documents import dirty, money_cases, purchase_cases, receivables
from sandbox.seed.documents.doc import Doc
from sandbox.seed.documents.shop import Shop

AWKWARD_FROM = 300


def make(shop: Shop, count: int) -> None:
    """Fill the shop with about `count` documents; chains are never cut in two.

    A tenant of less than `AWKWARD_FROM` documents has ordinary ones only.
    """
    if count >= AWKWARD_FROM:
        receivables.awkward(shop)
        money_cases.awkward(shop)
        purchase_cases.awkward(shop)
        dirty.awkward(shop)
    while len(shop.made) < count:
        _job(shop)
        if shop.rng.random() < 0.35:
            purchase_cases.plain_purchase(shop)
    money_cases.plain_deposits(shop)


def _job(shop: Shop) -> None:
    """An invoice and what is paid on it, now and then together with others of the customer."""
    sold = receivables.plain_invoice(shop)
    if shop.rng.random() < 0.06:
        receivables.plain_credit(shop, sold)
        return
    same: list[Doc] = []
    if shop.rng.random() < 0.1:
        same = [receivables.plain_invoice(shop, like=sold) for _ in range(2)]
    money_cases.plain_money(shop, sold, [one for one in same if float(one.body["total"]) > 0])
