"""The pricebook's accounts of SKUs, asked for when a line names none; kept for the run.

They are looked up when documents are judged and never put into a document's content: an edit of the
pricebook does not change the documents that ServiceTitan shows. Where the app may not read it, what
it would name is unclear: that stops the documents which need it, and no others.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from servicetitan_netsuite.documents import NO_PRICEBOOK, SkuAccounts
from servicetitan_netsuite.servicetitan.client import NotAllowed, ServiceTitan
from servicetitan_netsuite.servicetitan.pricebook import Chart, sku_accounts

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pricebook:
    """`skus` holds the accounts of the SKUs that were asked for and found, by ServiceTitan's id."""

    servicetitan: ServiceTitan
    chart: Chart
    skus: dict[str, SkuAccounts] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    async def prepare(self, ids: Iterable[str]) -> None:
        """Ask for those of the SKUs `ids` that were not asked for yet."""
        new = sorted(set(ids) - self._asked)
        if new:
            self.skus.update(await self._accounts(new))
            self._asked.update(new)

    async def _accounts(self, ids: Sequence[str]) -> dict[str, SkuAccounts]:
        try:
            return await sku_accounts(self.servicetitan, ids, self.chart)
        except NotAllowed as error:
            log.warning("Documents whose lines name no account are blocked: %s", error)
            unclear = dict.fromkeys(("income", "purchase", "cost_of_sale", "asset"), NO_PRICEBOOK)
            return {id_: SkuAccounts(id_, unclear=unclear) for id_ in ids}
