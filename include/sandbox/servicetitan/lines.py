"""Journal lines as ServiceTitan shows them, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.seed.judge import aggregate
from sandbox.seed.tenant import GlAccount, JournalLine, Reference, Tenant, Transaction
from sandbox.servicetitan.exact import dumps, loads
from sandbox.servicetitan.stamps import midnight, parse_day

Json = dict[str, Any]
LineRow = tuple[str, int, str, int | None, str | None, str | None, str | None, str | None,
                str | None, str | None]  # fmt: skip


def _named(value: Reference | None) -> Json | None:
    return {"id": value[0], "name": value[1]} if value else None


def _account(account: GlAccount) -> Json:
    return {
        "id": account.id,
        "number": account.number,
        "name": account.name,
        "type": account.type,
        "subtype": account.subtype,
    }


class LineWriter:
    """Writes the lines of one tenant's entries; knows its accounts and business units."""

    def __init__(self, tenant: Tenant) -> None:
        self._accounts = {account.id: _account(account) for account in tenant.gl_accounts}
        self._units = {unit.id: unit.name for unit in tenant.business_units}

    def _head(self, line: JournalLine, post_date: date) -> Json:
        unit = line.business_unit
        return {
            "postDate": midnight(post_date),
            "account": self._accounts[line.account],
            "credit": line.credit,
            "debit": line.debit,
            "memo": line.memo,
            "businessUnit": _named((unit, self._units[unit]) if unit is not None else None),
        }

    def summary(self, lines: Sequence[JournalLine], post_date: date) -> list[str]:
        """JSON texts of the lines summed by account and business unit."""
        return [dumps(self._head(row, post_date)) for row in aggregate(lines)]

    def detail(self, line: JournalLine, post_date: date) -> str:
        """JSON text of one line."""
        moved, sku, customer = line.transaction, line.sku, line.customer
        job = {"id": moved.id + 1, "number": moved.ref_number} if moved and customer else None
        paid = moved is not None and moved.type == "Payment"
        return dumps(
            self._head(line, post_date)
            | {
                "quantity": line.quantity,
                "unitAmount": line.credit if line.quantity else None,
                "externalObjects": [],
                "transaction": moved
                and {"id": moved.id, "type": moved.type, "refNumber": moved.ref_number},
                "customer": _named(customer),
                "vendor": _named(line.vendor),
                "inventoryLocation": None,
                "job": job,
                "customerLocation": _named(customer and (customer[0] + 1, customer[1])),
                "paymentType": _named((77, "Check")) if paid else None,
                "project": None,
                "serviceAgreement": None,
                "appliedTo": None,
                "sku": sku and {"id": sku[0], "type": sku[1], "code": sku[2]},
                "transactionDate": moved and moved.day.isoformat(),
                "budgetCodeId": None,
            }
        )

    def rows(self, entry: str, lines: Iterable[JournalLine], post_date: date) -> list[LineRow]:
        """Rows of the table `line`: the JSON text and what the list's filters look for."""
        return [self._row(entry, n, line, post_date) for n, line in enumerate(lines)]

    def _row(self, entry: str, n: int, line: JournalLine, post_date: date) -> LineRow:
        customer = line.customer[1] if line.customer else None
        vendor = line.vendor[1] if line.vendor else None
        moved = line.transaction
        activity = (moved.ref_number, moved.type, moved.day.isoformat()) if moved else (None,) * 3
        text = self.detail(line, post_date)
        return (entry, n, text, line.business_unit, customer, customer, vendor, *activity)


def _reference(value: Json | None) -> Reference | None:
    return (value["id"], value["name"]) if value else None


def read_line(text: str) -> JournalLine:
    """The line whose JSON text that is."""
    data = loads(text)
    moved, sku, unit = data["transaction"], data["sku"], data["businessUnit"]
    return JournalLine(
        account=data["account"]["id"],
        debit=Decimal(data["debit"]),
        credit=Decimal(data["credit"]),
        memo=data["memo"],
        business_unit=unit and unit["id"],
        customer=_reference(data["customer"]),
        vendor=_reference(data["vendor"]),
        transaction=moved
        and Transaction(
            moved["id"], moved["type"], moved["refNumber"], parse_day(data["transactionDate"])
        ),
        sku=sku and (sku["id"], sku["type"], sku["code"]),
        quantity=None if data["quantity"] is None else Decimal(data["quantity"]),
    )
