"""Sale items that invoices need: one an account, found by link or created on first use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from servicetitan_netsuite.documents import DocumentType, Draft, Json, external_id
from servicetitan_netsuite.ledger.verdicts import NewParent, add_parents
from servicetitan_netsuite.netsuite import item as item_record
from servicetitan_netsuite.plans.entities import ItemPlan
from servicetitan_netsuite.steps.work import Work


@dataclass(slots=True)
class Items:
    """`refs` holds, by NetSuite account id, the item a line on that account goes through.

    An item is NetSuite's own id where it is linked, an external id while it is to be created.
    """

    work: Work
    refs: dict[str, str]
    accounts: Mapping[str, Json]
    subsidiaries: tuple[str, ...]

    async def prepare(self, accounts: Iterable[str]) -> None:
        """Plan the items that are missing for these NetSuite account ids."""
        parents = []
        for account in sorted(set(accounts) - set(self.refs)):
            name = external_id(self.work.tenant_id, DocumentType.ITEM, account)
            self.refs[account] = name
            plan = self._plan(name, account)
            draft = Draft(item_record.PATH, item_record.body(plan), item_record.canonical(plan))
            parents.append(NewParent(DocumentType.ITEM, account, plan.name, name, draft))
        if parents:
            await self.work.writer.done(add_parents(self.work.run, parents))

    def _plan(self, name: str, account: str) -> ItemPlan:
        """An item for every subsidiary that may use its account."""
        row = self.accounts[account]
        first, *others = row["subsidiaries"] or self.subsidiaries or (None,)
        short_name = self.work.context.tenant.short_name
        label = f"{row['number'] or ''} {row['name']}".strip()
        return ItemPlan(name, f"ServiceTitan {label} - {short_name}", account, first, tuple(others))
