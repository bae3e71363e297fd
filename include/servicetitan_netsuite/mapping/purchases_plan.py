"""Make what NetSuite is to hold from an order, receipt or bill that passed every check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from servicetitan_netsuite.documents import DocumentType, Json, external_id
from servicetitan_netsuite.mapping.purchases_content import GOODS, Bought, Purchase
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.stamps import custom_fields
from servicetitan_netsuite.mapping.values import Dirty, identifier, money, sku_id
from servicetitan_netsuite.plans.purchases import (
    BilledLine,
    BillPlan,
    ExpenseLine,
    OrderedLine,
    PurchaseOrderPlan,
    ReceiptPlan,
    ReceivedLine,
)

Plan = PurchaseOrderPlan | ReceiptPlan | BillPlan
OWN_LINE = -1
"""The place of a document's own side among its lines."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a line goes in NetSuite: its account, and the segments of its business unit."""

    account: str | None
    department: str | None
    class_: str | None
    location: str | None


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans documents whose dates lie in open periods and whose names NetSuite takes.

    `items` names purchase items by NetSuite account id, `held` orders that NetSuite holds already
    by ServiceTitan's id.
    """

    rules: Rules
    items: Mapping[str, str]
    held: Mapping[str, str]

    def plan(
        self, purchase: Purchase, placed: Mapping[int, Placed], subsidiary: str | None
    ) -> Plan:
        """The record of one document."""
        if purchase.document.type is DocumentType.PURCHASE_ORDER:
            return self._order(purchase, placed, subsidiary)
        if purchase.document.type is DocumentType.RECEIPT:
            return self._receipt(purchase, placed, subsidiary)
        return self._bill(purchase, placed, subsidiary)

    def notes(self, purchase: Purchase) -> Iterator[str]:
        """Where a bill's cost differs from its order's."""
        if self._order_of(purchase) is None or purchase.order is None:
            return
        lines = _order_lines(purchase.order)
        matched = _matched(purchase, lines)
        for line, of in zip(purchase.bought, matched, strict=True):
            ordered = lines.get(of or "")
            cost = _cost(ordered) if ordered else line.cost
            if line.part == GOODS and cost is not None and cost != line.cost:
                yield f"variance: {line.code} billed at {line.cost:f}, ordered at {cost:f}"

    def _order(
        self, purchase: Purchase, placed: Mapping[int, Placed], subsidiary: str | None
    ) -> PurchaseOrderPlan:
        lines = []
        for n, line in enumerate(purchase.bought):
            at = placed[n]
            assert at.account is not None
            assert line.of is not None
            lines.append(
                OrderedLine(
                    of=line.of,
                    account=at.account,
                    item=self.items.get(at.account) or self._item(at.account),
                    quantity=line.quantity,
                    rate=line.cost,
                    amount=line.amount,
                    description=line.memo,
                    department=at.department,
                    class_=at.class_,
                    location=self._location(line, at),
                )
            )
        return PurchaseOrderPlan(
            **self.rules.names_of(purchase.document, subsidiary),
            vendor=self._vendor(purchase),
            memo=purchase.memo,
            lines=tuple(lines),
        )

    def _receipt(
        self, purchase: Purchase, placed: Mapping[int, Placed], subsidiary: str | None
    ) -> ReceiptPlan:
        came: dict[str, ReceivedLine] = {}
        for n, line in enumerate(purchase.bought):
            assert line.of is not None
            before = came[line.of].quantity if line.of in came else Decimal(0)
            place = self._location(line, placed[n])
            came[line.of] = ReceivedLine(line.of, line.code, before + line.quantity, place)
        order = self._order_of(purchase)
        assert order is not None
        return ReceiptPlan(
            **self.rules.header_of(purchase.document, subsidiary),
            order=order,
            vendor=self._vendor(purchase),
            memo=purchase.memo,
            lines=tuple(came.values()),
        )

    def _bill(
        self, purchase: Purchase, placed: Mapping[int, Placed], subsidiary: str | None
    ) -> BillPlan:
        order = self._order_of(purchase)
        lines, expenses = self._bill_lines(purchase, placed, linked=order is not None)
        payable = placed[OWN_LINE].account
        assert payable is not None
        header = self.rules.header_of(purchase.document, subsidiary)
        return BillPlan(
            **header | {"tran_id": self._bill_number(purchase)},
            order=order,
            due_date=purchase.due_date,
            vendor=self._vendor(purchase),
            payable=payable,
            memo=purchase.memo,
            term=self._term(purchase),
            lines=tuple(lines),
            expenses=tuple(expenses),
            custom_fields=custom_fields(purchase.document.content["header"], self.rules.tenant),
        )

    def _bill_lines(
        self, purchase: Purchase, placed: Mapping[int, Placed], *, linked: bool
    ) -> tuple[list[BilledLine], list[ExpenseLine]]:
        """Lines of the order, each at most once; what has no line there is an expense."""
        ordered = _order_lines(purchase.order) if linked and purchase.order else {}
        matched = _matched(purchase, ordered)
        billed: dict[tuple[str, Placed], BilledLine] = {}
        expenses: list[ExpenseLine] = []
        for n, (line, of) in enumerate(zip(purchase.bought, matched, strict=True)):
            at = placed[n]
            assert at.account is not None
            other = any(key != (of, at) for key in billed if key[0] == of)
            if of is not None and line.quantity > 0 and not other:
                held = billed.get((of, at))
                billed[of, at] = self._billed(line, of, at, held)
            elif line.amount:
                place = self._location(line, at)
                expenses.append(
                    ExpenseLine(at.account, line.amount, line.memo, at.department, at.class_, place)
                )
        return list(billed.values()), expenses

    def _billed(self, line: Bought, of: str, at: Placed, before: BilledLine | None) -> BilledLine:
        assert at.account is not None
        same = before is None or before.rate == line.cost
        return BilledLine(
            of=of,
            code=line.code,
            account=at.account,
            quantity=line.quantity + (before.quantity if before else 0),
            rate=line.cost if same else None,
            amount=line.amount + (before.amount if before else 0),
            memo=before.memo if before else line.memo,
            department=at.department,
            class_=at.class_,
            location=before.location if before else self._location(line, at),
        )

    def _order_of(self, purchase: Purchase) -> str | None:
        """The order of a receipt or bill: NetSuite's id of an opening one, else ours."""
        order = purchase.order_id
        is_bill = purchase.document.type is DocumentType.VENDOR_BILL
        if order is None or (is_bill and not self.rules.tenant.sync.purchase_orders):
            return None
        own = self.rules.tenant.servicetitan.tenant_id
        return self.held.get(order) or external_id(own, DocumentType.PURCHASE_ORDER, order)

    def _item(self, account: str) -> str:
        own = self.rules.tenant.servicetitan.tenant_id
        return external_id(own, DocumentType.PURCHASE_ITEM, account)

    def _vendor(self, purchase: Purchase) -> str:
        row = self.rules.mappings.row("vendor", purchase.vendor or "")
        assert row is not None
        assert row.target is not None
        return row.target

    def _location(self, line: Bought, at: Placed) -> str | None:
        """The mapped warehouse or truck, else the business unit's location."""
        row = self.rules.mappings.row("inventory_location", line.place) if line.place else None
        return row.target if row and row.target and self.rules.profile.locations else at.location

    def _bill_number(self, purchase: Purchase) -> str | None:
        """The vendor's own invoice number: NetSuite gives bills none, and warns of a second one."""
        number = purchase.vendor_number
        if not number:
            return None
        sync = self.rules.tenant.sync
        prefixed = sync.prefix_bill_numbers and sync.naming
        return f"{self.rules.tenant.short_name}-{number}" if prefixed else number

    def _term(self, purchase: Purchase) -> str | None:
        row = self.rules.mappings.row("term", purchase.term) if purchase.term else None
        return row.target if row else None


def _order_lines(order: Json) -> dict[str, Json]:
    lines = order.get("lines")
    rows = lines if isinstance(lines, list) else []
    return {row["id"]: row for row in rows if isinstance(row, dict) and identifier(row.get("id"))}


def _matched(purchase: Purchase, ordered: Mapping[str, Json]) -> list[str | None]:
    """Of which line of the order each line is: as its receipt tells, else by SKU and cost."""
    found: list[str | None] = []
    for line in purchase.bought:
        of = line.of if line.of in ordered else None
        if of is None and line.part == GOODS and line.sku:
            of = _by_sku(line, ordered, [one for one in found if one])
        found.append(of)
    return found


def _by_sku(line: Bought, ordered: Mapping[str, Json], taken: Sequence[str]) -> str | None:
    """A line of the same SKU, one of the same cost and not taken yet before any other."""
    same = [key for key, row in ordered.items() if sku_id(row) == line.sku]
    same.sort(key=lambda key: (key in taken, _cost(ordered[key]) != line.cost))
    return same[0] if same else None


def _cost(row: Json) -> Decimal | None:
    try:
        return money(row.get("cost"))
    except Dirty:
        return None
