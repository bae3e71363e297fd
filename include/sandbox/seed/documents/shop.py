"""Where documents are made: rising ids, the tenant's master data, days and people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sandbox.seed.documents.doc import Body, Doc
from sandbox.seed.tenant import BusinessUnit, Customer, GlAccount
from sandbox.servicetitan.stamps import stamp

MONTH = date(2026, 10, 1)
TAX_ZONES = (
    (18050, "Denver", "0.0881"),
    (18051, "Boulder County", "0.04985"),
    (18052, "None", "0"),
)
TERMS = {"Due Upon Receipt": 0, "Net 15": 15, "Net 30": 30}


class Shop:
    """The tenant's desk; `made` collects every document in the order it came about."""

    def __init__(
        self,
        rng: random.Random,
        first_id: int,
        accounts: Sequence[GlAccount],
        units: Sequence[BusinessUnit],
        customers: Sequence[Customer],
        vendors: dict[str, int],
    ) -> None:
        self.rng = rng
        self.made: list[Doc] = []
        self._next = first_id
        self._accounts = {one.number or "": one for one in accounts}
        self.units = {one.name: one for one in units}
        self.special = {one.name: one for one in customers}
        self._pools: dict[str, list[Customer]] = {}
        self.vendors = vendors

    def pool(self, unit: str, customers: Sequence[Customer]) -> None:
        """Say which customers a business unit serves: one subsidiary each."""
        self._pools[unit] = list(customers)

    def id(self) -> int:
        """A new id; all kinds of documents draw from one sequence."""
        self._next += 1
        return self._next

    def add(self, doc: Doc) -> Doc:
        """Keep a document."""
        self.made.append(doc)
        return doc

    def day(self) -> date:
        """A day of the month, early enough for what follows from it to lie in it too."""
        return MONTH + timedelta(days=self.rng.randrange(22))

    def later(self, day: date, most: int = 8) -> date:
        """A few days later."""
        return day + timedelta(days=self.rng.randrange(most + 1))

    def unit(self) -> BusinessUnit:
        """A business unit that the first fill maps; most work is done by the larger."""
        name = "Boulder Electric" if self.rng.random() < 0.2 else "Denver Home Services"
        return self.units[name]

    def parties(self, doc: Doc) -> tuple[BusinessUnit, str]:
        """The business unit of an order or return, and the vendor's name."""
        unit = next(u for u in self.units.values() if u.id == doc.body["businessUnitId"])
        vendor = next(n for n, i in self.vendors.items() if i == doc.body["vendorId"])
        return unit, vendor

    def customer(self, unit: BusinessUnit) -> Customer:
        """A customer of that unit."""
        return self.rng.choice(self._pools[unit.name])

    def account(self, number: str | None) -> Body | None:
        """The account as documents show it."""
        if number is None:
            return None
        one = self._accounts[number]
        return {
            "id": one.id,
            "name": one.name,
            "number": one.number,
            "type": one.type,
            "detailType": one.subtype,
        }

    def audit(self, day: date, minutes: int = 25) -> Body:
        """createdOn and modifiedOn of something made on that day."""
        second = self.rng.randrange(8 * 3600)
        born = datetime.combine(day, time(14, 0), UTC) + timedelta(
            seconds=second, microseconds=self.rng.randrange(10**6)
        )
        return {
            "createdOn": stamp(born),
            "modifiedOn": stamp(born + timedelta(minutes=minutes, microseconds=1)),
        }

    def cash(self, low: int = 20, high: int = 900) -> Decimal:
        """An amount in cents, `low` to `high` dollars."""
        return Decimal(self.rng.randrange(low * 100, high * 100)) / 100


def named(one: BusinessUnit | Customer | None) -> Body | None:
    """Id and name, as documents refer to master data."""
    return None if one is None else {"id": one.id, "name": one.name}


def address(one: Customer) -> Body:
    """A customer's address as documents show it."""
    return {
        "street": one.street,
        "unit": one.unit,
        "city": one.city,
        "state": one.state,
        "zip": one.zip,
        "country": "USA",
    }
