"""All documents of the tenant: the awkward ones first, then ordinary days until enough."""

from __future__ import annotations

from sandbox.seed.documents import receivables
from sandbox.seed.documents.shop import Shop

AWKWARD_FROM = 300


def make(shop: Shop, count: int) -> None:
    """Fill the shop with about `count` documents; chains are never cut in two.

    A tenant of less than `AWKWARD_FROM` documents has ordinary ones only.
    """
    if count >= AWKWARD_FROM:
        receivables.awkward(shop)
    while len(shop.made) < count:
        receivables.plain_invoice(shop)
