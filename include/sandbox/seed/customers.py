"""A tenant's customers: ordinary ones, and the names that trip a splitter."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sandbox.seed.judge import LEGACY_GUID, LEGACY_KEY
from sandbox.seed.netsuite import FOREIGN_LEGACY_CUSTOMER, LEGACY_CUSTOMERS
from sandbox.seed.tenant import Contact, Customer

OTHER_GUID = "c0ffee00-1d5a-4f0e-8b77-90d1f2a3b4c5"
_FIRST = (
    "James", "Mary", "Robert", "Linda", "Miguel", "Aisha", "Wei", "Sofia", "Daniel", "Grace",
    "Noah", "Emma", "Lucas", "Olivia", "Ethan", "Chloe", "Hassan", "Nora", "Victor", "Elena",
)  # fmt: skip
_LAST = (
    "Smith", "Johnson", "Nguyen", "Garcia", "Miller", "Davis", "Kowalski", "Patel", "Wilson",
    "Moore", "Okafor", "Thomas", "Petrov", "Jackson", "White", "Harris", "Clark", "Lewis",
)  # fmt: skip
_TRADES = ("Bakery", "Dental", "Storage", "Apartments", "Coffee", "Hardware", "Clinic", "Books")
_STREETS = ("Main St", "Elm Ave", "Lark Blvd", "2nd St", "Mill Rd", "Orchard Ln")

SPECIAL_NAMES: tuple[tuple[str, str], ...] = (
    ("Cher", "Residential"),
    ("Lovelace, Ada", "Residential"),
    ("van der Berg, Anna-Maria", "Residential"),
    ("Jean  Luc   Picard", "Residential"),
    ("  Padded Spaces  ", "Residential"),
    ("Zoë Ångström-Łukasiewicz", "Residential"),
    ("李 小龍", "Residential"),
    ("محمد علي", "Residential"),
    ("Maria Lopez", "Residential"),
    ("O'Brien & Söhne <b>GmbH</b>", "Commercial"),
    ('=HYPERLINK("http://example.com","Pay")', "Commercial"),
    ("Acme, Inc.", "Commercial"),
)


def _contacts(rng: random.Random, first_id: int, name: str) -> tuple[Contact, ...]:
    word = "".join(c for c in name.lower() if c.isascii() and c.isalnum()) or "customer"
    made = [Contact(first_id, "MobilePhone", f"555-01{rng.randrange(100):02d}")]
    if rng.random() < 0.85:
        made.append(Contact(first_id + 1, "Phone", f"(555) 201-{rng.randrange(10000):04d}"))
    if rng.random() < 0.75:
        made.append(Contact(first_id + 2, "Email", f"{word[:30]}@example.com"))
    if rng.random() < 0.15:
        made.append(Contact(first_id + 3, "Fax", f"555-03{rng.randrange(100):02d}"))
    rng.shuffle(made)
    return tuple(made)


def _names(rng: random.Random, count: int) -> Iterator[tuple[str, str]]:
    seen: set[str] = {name for name, _ in SPECIAL_NAMES}
    while count:
        if rng.random() < 0.25:
            name, kind = f"{rng.choice(_LAST)} {rng.choice(_TRADES)} LLC", "Commercial"
        else:
            name, kind = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}", "Residential"
        if name not in seen:
            seen.add(name)
            count -= 1
            yield name, kind


class CustomerMaker:
    """Makes the customers of one tenant with rising ids."""

    def __init__(self, rng: random.Random, base: int, city: str, state: str) -> None:
        self._rng = rng
        self._next = base
        self._city, self._state = city, state

    def one(
        self,
        name: str,
        kind: str = "Residential",
        *,
        active: bool = True,
        merged_to: int | None = None,
        external_data: tuple[tuple[str, str, str], ...] = (),
    ) -> Customer:
        """One more customer."""
        rng, number = self._rng, self._next
        self._next += 10
        return Customer(
            id=number,
            name=name,
            type=kind,
            street=f"{rng.randrange(1, 9999)} {rng.choice(_STREETS)}",
            unit=f"Apt {rng.randrange(1, 40)}" if rng.random() < 0.2 else None,
            city=self._city,
            state=self._state,
            zip=f"{rng.randrange(10000, 99999)}",
            active=active,
            merged_to=merged_to,
            contacts=_contacts(rng, number * 10, name),
            external_data=external_data,
        )

    def ordinary(self, count: int) -> list[Customer]:
        """Customers of unlike names; every seventh carries another application's data."""
        return [
            self.one(
                name, kind, external_data=((OTHER_GUID, "crm", f"x{i}"),) if i % 7 == 0 else ()
            )
            for i, (name, kind) in enumerate(_names(self._rng, count))
        ]

    def special(self) -> list[Customer]:
        """Customers whose names are hard to split, write or escape."""
        return [self.one(name, kind) for name, kind in SPECIAL_NAMES]

    def legacy(self) -> list[Customer]:
        """Customers that NetSuite held before, each with its internal id there."""
        return [
            self.one(f"Legacy Customer {n}", external_data=((LEGACY_GUID, LEGACY_KEY, str(n)),))
            for n in LEGACY_CUSTOMERS
        ]

    def foreign(self) -> Customer:
        """A customer whose NetSuite record belongs to a subsidiary of another tenant."""
        data = ((LEGACY_GUID, LEGACY_KEY, FOREIGN_LEGACY_CUSTOMER),)
        return self.one("Hudson Diner", "Commercial", external_data=data)

    def merged(self) -> list[Customer]:
        """A survivor, one merged into it, and one merged into that one."""
        survivor = self.one("Survivor Holdings", "Commercial")
        middle = self.one("Merged Once", active=False, merged_to=survivor.id)
        return [survivor, middle, self.one("Merged Twice", active=False, merged_to=middle.id)]
