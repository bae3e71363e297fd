"""How receipts and bills hang on the lines of a purchase order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.store import Document

RECEIVED, BILLED = "ShipRcpt", "OrdBill"


@dataclass(frozen=True, slots=True)
class Done:
    """How much of an order's lines has been received or billed, by line id."""

    quantities: dict[int, Decimal]
    amounts: dict[int, Decimal]

    def quantity(self, line: Document) -> Decimal:
        """The quantity done of a line."""
        return self.quantities.get(int(line["line"]), Decimal(0))

    def amount(self, line: Document) -> Decimal:
        """The amount done of a line."""
        return self.amounts.get(int(line["line"]), Decimal(0))


def done(context: Context, order: str, link_type: str, without: str = "0") -> Done:
    """What has been done on an order, `without` one transaction."""
    rows = context.store.db.execute(
        """SELECT previousline, quantity, foreignamount FROM p_nexttransactionlinelink
           WHERE previousdoc = ? AND linktype = ? AND nextdoc <> ?""",
        (int(order), link_type, int(without)),
    )
    found = Done({}, {})
    for line, quantity, amount in rows:
        found.quantities[line] = found.quantities.get(line, Decimal(0)) + Decimal(
            str(quantity or 0)
        )
        found.amounts[line] = found.amounts.get(line, Decimal(0)) + Decimal(str(amount or 0))
    return found


def order_line(order: Document, line_id: object) -> Document | None:
    """A line of an order by its id."""
    lines = [line for name in ("item", "expense") for line in order.get(name) or []]
    return next((line for line in lines if str(line["line"]) == str(line_id)), None)
