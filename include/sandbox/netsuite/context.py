"""What a business rule may ask: the account's features, its settings and what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from sandbox.netsuite.custom_fields import KINDS, fields_of
from sandbox.netsuite.settings import Settings
from sandbox.netsuite.shapes import Shape, shape
from sandbox.netsuite.store import Document, Store
from sandbox.seed.books import Preferences

ENTITIES = ("customer", "vendor")
ITEMS = ("nonInventorySaleItem", "nonInventoryPurchaseItem", "nonInventoryResaleItem")
FAMILIES = {"customer": ENTITIES, "item": ITEMS}


@dataclass(slots=True)
class Context:
    """One account, as rules see it."""

    store: Store
    preferences: Preferences
    settings: Settings = field(default_factory=Settings)
    groups: dict[str, str] = field(default_factory=dict)  # external-id group by record type
    touched: set[str] = field(default_factory=set)  # transactions whose links have changed

    @property
    def one_world(self) -> bool:
        """Whether the account has subsidiaries."""
        return self.preferences.one_world

    def shape(self, record_type: str) -> Shape:
        """The fields a record of this type has in this account."""
        group = self.groups.get(record_type, record_type)
        own = fields_of(self.settings.custom_fields, group)
        kinds = tuple((name, KINDS[kind][0]) for name, kind in own.items())
        return shape(record_type, self.preferences, kinds)

    @staticmethod
    def now() -> str:
        """The moment, as records keep it: UTC to the second."""
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @staticmethod
    def today() -> str:
        """Today's date, ISO."""
        return date.today().isoformat()  # noqa: DTZ011 - the server's own calendar

    def resolve(self, target: str, record_id: str, external_id: str | None) -> str | None:
        """The internal id a reference means, None when nothing is there."""
        if target == "transaction":
            return self._transaction_id(record_id, external_id)
        types = FAMILIES.get(target, (target,))
        if types[0] not in self.groups and target != "currency":
            return record_id or None
        for name in types:
            if external_id is not None:
                found = self.store.find(self.groups.get(name, name), external_id)
                if found is not None and found.type in types:
                    return found.id
            elif self.store.get(name, record_id) is not None:
                return record_id
        return None

    def _transaction_id(self, record_id: str, external_id: str | None) -> str | None:
        if external_id is not None:
            found = self.store.find("Transactions", external_id)
            return found.id if found else None
        return record_id if self.transaction(record_id) is not None else None

    def entity(self, record_id: str) -> tuple[str, Document] | None:
        """A customer or vendor with its type."""
        return self._among(ENTITIES, record_id)

    def item(self, record_id: str) -> tuple[str, Document] | None:
        """An item with its type."""
        return self._among(ITEMS, record_id)

    def _among(self, types: tuple[str, ...], record_id: str) -> tuple[str, Document] | None:
        for name in types:
            document = self.store.get(name, record_id)
            if document is not None:
                return name, document
        return None

    def transaction(self, record_id: str) -> tuple[str, Document] | None:
        """A transaction with its type."""
        if not record_id.isdecimal() or len(record_id) > 18:
            return None
        row = self.store.db.execute(
            "SELECT recordtype FROM p_transaction WHERE id = ?", (int(record_id),)
        ).fetchone()
        name = next((n for n in self.groups if row and n.lower() == row[0]), None)
        document = self.store.get(name, record_id) if name else None
        return (str(name), document) if document is not None else None

    def referred(self, target: str, record_id: str) -> tuple[str, Document] | None:
        """What a reference of a type points at, with the record's own type."""
        if target == "transaction":
            return self.transaction(record_id)
        return self._among(FAMILIES.get(target, (target,)), record_id)

    def taken(self, record_id: str, without: str = "0") -> Decimal:
        """How much other transactions apply to one, `without` left out of account."""
        rows = self.store.db.execute(
            """SELECT foreignamount FROM p_nexttransactionlinelink
               WHERE previousdoc = ? AND nextdoc <> ? AND linktype IN ('Payment', 'DepAppl')""",
            (int(record_id), int(without)),
        )
        return sum((Decimal(str(amount)) for (amount,) in rows), Decimal(0))

    def is_linked(self, record_id: str) -> bool:
        """Whether later transactions refer to this one."""
        row = self.store.db.execute(
            "SELECT 1 FROM p_nexttransactionlinelink WHERE previousdoc = ? LIMIT 1",
            (int(record_id),),
        ).fetchone()
        return row is not None

    def special(self, name: str, subsidiary: str | None) -> Document | None:
        """NetSuite's own account for a purpose: AcctRec, AcctPay, UndepFunds, CustDep ..."""
        for account in self.store.all("account").values():
            if account.get("sSpecAcct") == name and self.shares(account, subsidiary):
                return account
        return None

    def shares(self, document: Document, subsidiary: str | None) -> bool:
        """Whether a listed record (account, department ...) may be used in a subsidiary."""
        allowed = document.get("subsidiary") or []
        return not self.one_world or not allowed or subsidiary in allowed

    def subsidiaries(self) -> list[str]:
        """Every subsidiary's id."""
        return list(self.store.all("subsidiary"))

    def entity_subsidiaries(self, record_id: str, document: Document) -> set[str]:
        """The subsidiaries an entity may trade in: its own and those it is related to."""
        rows = self.store.db.execute(
            """SELECT subsidiary FROM p_customersubsidiaryrelationship WHERE entity = ?1
               UNION SELECT subsidiary FROM p_vendorsubsidiaryrelationship WHERE entity = ?1""",
            (int(record_id),),
        )
        return {str(row[0]) for row in rows} | {str(document.get("subsidiary"))}
