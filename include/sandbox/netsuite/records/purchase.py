"""Orders, bills and credits of vendors: what their lines have in common."""

from __future__ import annotations

from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.records.base import cents, money
from sandbox.netsuite.records.item_lines import PURCHASE, complete_lines
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.records.taxes import complete_tax, tax_entry
from sandbox.netsuite.records.transaction import Transaction, set_total
from sandbox.netsuite.store import Document


class Purchase(Transaction):
    """A vendor's document; `sign` is +1 where its lines are debited."""

    entity_type = "vendor"
    lists = ("item", "expense")
    locks = ("apLocked",)
    sign = 1

    def _lines(self, context: Context, document: Document, old: Document | None) -> None:
        total = complete_lines(context, document, old, PURCHASE, self.lists)
        for line in document.get("item") or []:
            line["ledgerAccount"] = line["account"]
        tax = complete_tax(context, document, is_sale=False)
        set_total(document, cents(total + tax))

    def _line_entries(self, document: Document, posting: bool = True) -> list[Entry]:
        entries = []
        for name in self.lists:
            for line in document.get(name) or []:
                account = line["ledgerAccount"] if name == "item" else line["account"]
                more = {"createdfrom": line.get("orderDoc"), "expenseaccount": line["account"]}
                for column, key in (("quantityshiprecv", "quantityReceived"),
                                    ("quantitybilled", "quantityBilled")):  # fmt: skip
                    if line.get(key) is not None:
                        more[column] = float(money(line[key]))
                quantity = money(line["quantity"]) * self.sign if name == "item" else None
                entries.append(
                    Entry(
                        line["line"],
                        account,
                        self.sign * money(line["amount"]) if posting else Decimal(0),
                        line,
                        quantity=quantity,
                        more=more | ({} if posting else {"foreignamount": _float(line)}),
                    )
                )
        following = 1 + max(entry.line for entry in entries)
        return entries + (tax_entry(document, following, self.sign) if posting else [])


def _float(line: Document) -> float:
    return float(money(line["amount"]))
