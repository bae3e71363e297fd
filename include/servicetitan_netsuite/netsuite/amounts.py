"""Money on the wire: JSON numbers, which is what NetSuite's schema names.

A number is written with the shortest digits that name it, so up to ten trillion every amount of
whole cents is exact in the text on the wire, in the ledger, and after reading either again; beyond
that an amount is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from servicetitan_netsuite.documents import CENT, Json


def number(amount: Decimal) -> float:
    """The JSON number of `amount`.

    Raises:
        ValueError: not whole cents, or too large to be exact.
    """
    if amount != amount.quantize(CENT):
        raise ValueError(f"{amount} is not a whole number of cents")
    made = float(amount)
    if Decimal(repr(made)) != amount:
        raise ValueError(f"{amount} is too large to be sent exactly")
    return made


def exact(value: Decimal) -> float:
    """The JSON number of a quantity or rate, which may have any decimals.

    Raises:
        ValueError: more digits than a number on the wire holds.
    """
    made = float(value)
    if Decimal(repr(made)) != value:
        raise ValueError(f"{value} has more digits than can be sent exactly")
    return made


def by_account(lines: Iterable[tuple[str, Decimal, Decimal]]) -> list[Json]:
    """Debit and credit by account, for display, in the order the accounts first appear.

    `lines` are (account, debit, credit); rows are `{"account": internal id, "debit": text,
    "credit": text}` with two decimals.
    """
    sums: dict[str, list[Decimal]] = {}
    for account, debit, credit in lines:
        pair = sums.setdefault(account, [Decimal(0), Decimal(0)])
        pair[0] += debit
        pair[1] += credit
    return [
        {"account": account, "debit": f"{debit:.2f}", "credit": f"{credit:.2f}"}
        for account, (debit, credit) in sums.items()
    ]
