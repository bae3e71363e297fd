"""Sale items that invoices need: one an account, found by link or created on first use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servicetitan_netsuite.documents import DocumentType, Draft, ItemPlan, external_id
from servicetitan_netsuite.ledger.verdicts import NewParent, add_parents
from servicetitan_netsuite.netsuite import item as item_record
from servicetitan_netsuite.steps.work import Work


@dataclass(slots=True)
class Items:
    """`refs` holds, by NetSuite account id, the item a line on that account goes through.

    An item is NetSuite's own id where it is linked, an external id while it is to be created.
    """

    work: Work
    refs: dict[str, str]
    account_names: dict[str, str]

    async def prepare(self, accounts: Iterable[tuple[str, str | None]]) -> None:
        """Plan the missing items of (account id, subsidiary of the first document to need it)."""
        parents = []
        for account, subsidiary in sorted(set(accounts)):
            if account in self.refs:
                continue
            name = external_id(self.work.tenant_id, DocumentType.ITEM, account)
            self.refs[account] = name
            plan = ItemPlan(name, self._name(account), account, subsidiary)
            draft = Draft(item_record.PATH, item_record.body(plan), item_record.canonical(plan))
            parents.append(NewParent(DocumentType.ITEM, account, plan.name, name, draft))
        if parents:
            await self.work.writer.done(add_parents(self.work.run, parents))

    def _name(self, account: str) -> str:
        short_name = self.work.context.tenant.short_name
        return f"ServiceTitan {self.account_names.get(account, account)} - {short_name}"
