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


def _named(value: Reference | None) -> str:
    return dumps({"id": value[0], "name": value[1]}) if value else "null"


def _account(account: GlAccount) -> str:
    return dumps(
        {
            "id": account.id,
            "number": account.number,
            "name": account.name,
            "type": account.type,
            "subtype": account.subtype,
        }
    )


def _activity(line: JournalLine) -> str:
    """The part of a line's text that its transaction tells."""
    moved, customer = line.transaction, line.customer
    if moved is None:
        return (
            '"transaction":null,"job":null,"paymentType":null,"transactionDate":null,'
            '"customerLocation":null'
        )
    number = dumps(moved.ref_number)
    job = f'{{"id":{moved.id + 1},"number":{number}}}' if customer else "null"
    paid = '{"id":77,"name":"Check"}' if moved.type == "Payment" else "null"
    return (
        f'"transaction":{{"id":{moved.id},"type":"{moved.type}","refNumber":{number}}},'
        f'"job":{job},"paymentType":{paid},"transactionDate":"{moved.day.isoformat()}",'
        f'"customerLocation":{_named(customer and (customer[0] + 1, customer[1]))}'
    )


class LineWriter:
    """Writes the lines of one tenant's entries; knows its accounts and business units.

    Texts are put together from prepared pieces: a seed writes hundreds of thousands of lines.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._accounts = {account.id: _account(account) for account in tenant.gl_accounts}
        self._units: dict[int | None, str] = {None: "null"}
        self._units |= {unit.id: _named((unit.id, unit.name)) for unit in tenant.business_units}

    def _head(self, line: JournalLine, post_date: date) -> str:
        return (
            f'{{"postDate":"{midnight(post_date)}","account":{self._accounts[line.account]},'
            f'"credit":{line.credit:f},"debit":{line.debit:f},"memo":{dumps(line.memo)},'
            f'"businessUnit":{self._units[line.business_unit]}'
        )

    def summary(self, lines: Sequence[JournalLine], post_date: date) -> list[str]:
        """JSON texts of the lines summed by account and business unit."""
        return [f"{self._head(row, post_date)}}}" for row in aggregate(lines)]

    def detail(self, line: JournalLine, post_date: date) -> str:
        """JSON text of one line."""
        sku = line.sku and {"id": line.sku[0], "type": line.sku[1], "code": line.sku[2]}
        unit_amount = line.credit if line.quantity else None
        return (
            f"{self._head(line, post_date)},{_activity(line)},"
            f'"quantity":{dumps(line.quantity)},"unitAmount":{dumps(unit_amount)},'
            f'"customer":{_named(line.customer)},"vendor":{_named(line.vendor)},'
            f'"sku":{dumps(sku)},"externalObjects":[],"inventoryLocation":null,"project":null,'
            '"serviceAgreement":null,"appliedTo":null,"budgetCodeId":null}'
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
