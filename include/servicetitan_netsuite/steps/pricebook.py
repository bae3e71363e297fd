"""The pricebook's accounts of SKUs, asked for when a line names none; kept for the run.

They are looked up when documents are judged and never put into a document's content: an edit of the
pricebook does not change the documents that ServiceTitan shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from servicetitan_netsuite.documents import SkuAccounts
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.pricebook import Chart, sku_accounts


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
            self.skus.update(await sku_accounts(self.servicetitan, new, self.chart))
            self._asked.update(new)
