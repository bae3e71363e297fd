"""Ordinary journal entries: a day's invoices, payments, materials used, fees and purchases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from sandbox.seed.drafting import Desk, Draft
from sandbox.seed.tenant import BusinessUnit, JournalLine

CENT = Decimal("0.01")
_REVENUE = ("4000", "4010", "4020", "4030")
_SKUS = (
    (70001, "Service", "DIAG-1"),
    (70002, "Service", "TUNE-UP"),
    (70003, "Material", "CU-34"),
    (70004, "Equipment", "HP-3TON"),
)


def _invoice(desk: Desk, unit: BusinessUnit, day: date) -> Iterator[JournalLine]:
    transaction, customer = desk.transaction("Invoice", day), desk.customer()
    memo = f"Invoice {transaction.ref_number}"
    amounts = [desk.money() for _ in range(desk.rng.randrange(1, 4))]
    tax = (sum(amounts) * Decimal("0.0825")).quantize(CENT)
    common = {"unit": unit, "customer": customer, "transaction": transaction}
    total = sum(amounts) + tax
    yield desk.line(desk.receivable, total, memo=memo, **common)  # type: ignore[arg-type]
    for number, amount in zip(desk.rng.sample(_REVENUE, len(amounts)), amounts, strict=True):
        yield desk.line(
            number,
            credit=amount,
            sku=desk.rng.choice(_SKUS),
            **common,  # type: ignore[arg-type]
        )
    yield desk.line("2200", credit=tax, memo="Sales tax", **common)  # type: ignore[arg-type]


def _payment(desk: Desk, unit: BusinessUnit, day: date) -> Iterator[JournalLine]:
    transaction, customer, amount = desk.transaction("Payment", day), desk.customer(), desk.money()
    memo = f"Payment {transaction.ref_number}"
    yield desk.line(
        "1250", amount, unit=unit, customer=customer, memo=memo, transaction=transaction
    )
    yield desk.line(
        desk.receivable,
        credit=amount,
        unit=unit,
        customer=customer,
        memo=memo,
        transaction=transaction,
    )


def _two_sided(
    desk: Desk, unit: BusinessUnit, day: date, kind: str, sides: tuple[str, str]
) -> Iterator[JournalLine]:
    transaction, amount = desk.transaction(kind, day), desk.money(2, 900)
    debit, credit = sides
    yield desk.line(debit, amount, unit=unit, transaction=transaction)
    yield desk.line(credit, credit=amount, unit=unit, transaction=transaction)


def activity(desk: Desk, unit: BusinessUnit, day: date) -> list[JournalLine]:
    """The balanced lines of one transaction."""
    dice = desk.rng.random()
    if dice < 0.45:
        return list(_invoice(desk, unit, day))
    if dice < 0.70:
        return list(_payment(desk, unit, day))
    if dice < 0.88:
        return list(_two_sided(desk, unit, day, "ItemConsumption", ("5000", "1300")))
    if dice < 0.95:
        return list(_two_sided(desk, unit, day, "BankDeposit", ("1000", "1250")))
    return list(_two_sided(desk, unit, day, "InventoryAdjustment", ("5010", "1300")))


def draft(desk: Desk, units: Sequence[BusinessUnit] | None = None, case: str = "plain") -> Draft:
    """One ordinary entry: one to four transactions of units that may stand together."""
    chosen = units or desk.rng.choice(desk.groups)
    day = desk.day()
    lines: list[JournalLine] = []
    for _ in range(desk.rng.choice((1, 1, 2, 2, 3, 4))):
        lines += activity(desk, desk.rng.choice(chosen), day)
    status = "Closed" if desk.rng.random() < 0.03 else "Open"
    return Draft(case, day, tuple(lines), status=status)
