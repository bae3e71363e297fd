"""Items that invoices and orders need: one an account, found by link or created on first use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from servicetitan_netsuite.documents import DocumentType, Draft, Json, external_id
from servicetitan_netsuite.ledger.verdicts import NewParent, add_parents
from servicetitan_netsuite.mapping.item_rules import item_note
from servicetitan_netsuite.netsuite import item as item_record
from servicetitan_netsuite.plans.entities import ItemPlan
from servicetitan_netsuite.steps.parents import as_known
from servicetitan_netsuite.steps.work import Work


@dataclass(slots=True)
class Items:
    """`refs` holds, by NetSuite account id, the item a line on that account goes through.

    An item is NetSuite's own id where it is linked, an external id while it is to be created.
    `entities` holds the reference to use of an item that a person had posted again, by the
    external id it would have had. `kind` tells whether these are sale or purchase items.
    """

    work: Work
    refs: dict[str, str]
    accounts: Mapping[str, Json]
    subsidiaries: tuple[str, ...]
    entities: dict[str, Json] = field(default_factory=dict)
    kind: DocumentType = DocumentType.ITEM

    async def prepare(self, accounts: Iterable[str]) -> None:
        """Plan the items that are missing for these NetSuite account ids."""
        parents = []
        for account in sorted(set(accounts) - set(self.refs)):
            name = external_id(self.work.tenant_id, self.kind, account)
            plan = self._plan(name, account)
            draft = Draft(
                item_record.path(plan), item_record.body(plan), item_record.canonical(plan)
            )
            note = item_note(self.kind, self.accounts[account])
            parents.append(NewParent(self.kind, account, plan.name, name, draft, note))
        if parents:
            known = await as_known(self.work, parents)
            for planned, parent in zip(parents, known, strict=True):
                self.refs[parent.source_id] = parent.external_id
                if parent.external_id != planned.external_id:
                    self.entities[planned.external_id] = {"externalId": parent.external_id}
            retry = self.work.context.params.retry_rejected
            change = add_parents(self.work.run, known, retry_rejected=retry)
            await self.work.writer.done(change)

    def _plan(self, name: str, account: str) -> ItemPlan:
        """An item for every subsidiary that may use its account."""
        row = self.accounts[account]
        first, *others = row["subsidiaries"] or self.subsidiaries or (None,)
        short_name = self.work.context.tenant.short_name
        bought = " purchases" if self.kind is DocumentType.PURCHASE_ITEM else ""
        label = f"ServiceTitan{bought} {row['number'] or ''} {row['name']}"
        made = item_record.named(label, f" - {short_name}")
        return ItemPlan(name, made, account, first, tuple(others), self.kind)
