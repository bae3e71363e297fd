"""What must become of a journal entry: the seed's own reading of the accounting rules.

Judged under the defaults of the seeded tenant files: journal entries, go-live on 2026-01-01,
mappings as the first fill makes them (accounts by number, business units by exact name of a
subsidiary), customers created on first use where the tenant is detailed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sandbox.seed.books import Account, Books, Period
from sandbox.seed.tenant import ZERO, Customer, JournalLine, Tenant

GO_LIVE = date(2026, 1, 1)
CENT = Decimal("0.01")
LEGACY_GUID = "5d1c8e0a-7f42-4c09-b0d3-2a6b9e417c11"
LEGACY_KEY = "netsuite_id"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the content must reach NetSuite, why not, and the total it would have there."""

    valid: bool
    why: str
    amount: str


def aggregate(lines: Sequence[JournalLine]) -> list[JournalLine]:
    """Lines summed by account, business unit and side, in order of first appearance.

    A memo stays where all summed lines bear the same one.
    """
    sums: dict[tuple[int, int | None, bool], JournalLine] = {}
    for line in lines:
        key = (line.account, line.business_unit, bool(line.credit))
        seen = sums.get(key)
        if seen is None:
            sums[key] = JournalLine(
                line.account, line.debit, line.credit, line.memo, line.business_unit
            )
        else:
            sums[key] = replace(
                seen,
                debit=seen.debit + line.debit,
                credit=seen.credit + line.credit,
                memo=seen.memo if seen.memo == line.memo else None,
            )
    return list(sums.values())


def _cents(line: JournalLine) -> Decimal:
    return (line.debit - line.credit).quantize(CENT, rounding=ROUND_HALF_UP)


class Judge:
    """Knows one tenant's master data and its books."""

    def __init__(self, tenant: Tenant, books: Books) -> None:
        self._detailed = tenant.detailed
        self._books = books
        self._gl = {account.id: account for account in tenant.gl_accounts}
        self._units = {unit.id: unit.name for unit in tenant.business_units}
        self._customers = {customer.id: customer for customer in tenant.customers}
        self._by_number = {account.number: account for account in books.accounts}
        self._subsidiaries = {
            s.name: s.id for s in books.subsidiaries if not s.is_inactive and not s.is_elimination
        }
        self._entities = {customer.id: customer for customer in books.customers}

    def verdict(self, post_date: date, lines: Sequence[JournalLine]) -> Verdict:
        """The verdict on one journal entry's content, whatever its sync status."""
        rows = list(lines) if self._detailed else aggregate(lines)
        amounts = [_cents(row) for row in rows]
        total = sum((a for a in amounts if a > 0), ZERO).quantize(CENT)
        kept = [row for row, amount in zip(rows, amounts, strict=True) if amount]
        why = (
            self._date(post_date)
            or self._totals(rows, amounts)
            or self._segments(kept)
            or self._accounts(kept)
            or self._entity_rules(kept)
        )
        return Verdict(not why, why or "", str(total))

    def _date(self, day: date) -> str:
        if day < GO_LIVE:
            return f"before_go_live: dated {day}"
        period = self._period(day)
        if period is None:
            return f"period_missing: no accounting period holds {day}"
        if period.closed or period.all_locked:
            return f"period_closed: {period.name}"
        return ""

    def _period(self, day: date) -> Period | None:
        for period in self._books.periods:
            base = not (period.is_year or period.is_quarter or period.is_adjust)
            if base and period.start <= day <= period.end:
                return period
        return None

    def _totals(self, rows: list[JournalLine], amounts: list[Decimal]) -> str:
        if not rows:
            return "no_lines: the entry was emptied"
        if sum(amounts):
            exact = sum((row.debit - row.credit for row in rows), ZERO)
            cause = "not_balanced" if exact else "too_many_decimals"
            return f"{cause}: off by {sum(amounts)} in cents"
        kept = sum(1 for amount in amounts if amount)
        if not kept:
            return "zero_amount: every line is zero"
        limit = self._books.preferences.max_journal_lines
        return f"too_many_lines: {kept}, the account takes {limit}" if kept > limit else ""

    def _segments(self, rows: list[JournalLine]) -> str:
        """Business units and the subsidiaries they stand for."""
        if not self._books.preferences.one_world:
            return ""
        found: dict[str, str] = {}
        units = dict.fromkeys(row.business_unit for row in rows)
        if None in units and len(units) != 2:
            return "business_unit_missing: a line names none, the others do not name just one"
        for unit in units:
            if unit is None:
                continue
            name = self._units[unit]
            if name not in self._subsidiaries:
                return f"business_unit_not_mapped: no subsidiary is called {name!r}"
            found[self._subsidiaries[name]] = name
        return f"several_subsidiaries: {', '.join(found.values())}" if len(found) > 1 else ""

    def _accounts(self, rows: list[JournalLine]) -> str:
        for row in rows:
            gl = self._gl[row.account]
            account = self._by_number.get(gl.number or "")
            if account is None:
                return f"account_not_mapped: {gl.number or 'no number'} {gl.name}"
            why = self._account(account, row)
            if why:
                return why
        return ""

    def _account(self, account: Account, row: JournalLine) -> str:
        name = f"{account.number} {account.name}"
        if account.is_inactive:
            return f"account_inactive: {name}"
        if account.is_summary:
            return f"account_not_postable: {name} is a summary account"
        if account.subsidiaries and self._subsidiary(row) not in account.subsidiaries:
            return f"account_not_in_subsidiary: {name}"
        if account.type in ("AcctRec", "AcctPay") and not self._detailed:
            return f"account_needs_entity: {name} cannot be posted in summary"
        return ""

    def _subsidiary(self, row: JournalLine) -> str | None:
        unit = self._units.get(row.business_unit or 0, "")
        return self._subsidiaries.get(unit)

    def _entity_rules(self, rows: list[JournalLine]) -> str:
        if not self._detailed:
            return ""
        for row in rows:
            kind = self._by_number[self._gl[row.account].number or ""].type
            if kind == "AcctPay":
                return "vendor_missing: no vendor is linked to NetSuite"
            if kind == "AcctRec" and row.customer is None:
                return "customer_missing: a receivable line names none"
            why = self._customer(row) if row.customer else ""
            if why:
                return why
        return ""

    def _customer(self, row: JournalLine) -> str:
        number = row.customer[0] if row.customer else 0
        customer = self._follow(number)
        if customer is None:
            return f"customer_missing: ServiceTitan does not know {number}"
        for guid, key, value in customer.external_data:
            if (guid, key) != (LEGACY_GUID, LEGACY_KEY):
                continue
            entity = self._entities.get(value)
            if entity is None or entity.subsidiary != self._subsidiary(row):
                return f"subsidiary_invalid: {customer.name} belongs to another subsidiary"
        return ""

    def _follow(self, number: int) -> Customer | None:
        customer = self._customers.get(number)
        while customer is not None and customer.merged_to is not None:
            customer = self._customers.get(customer.merged_to)
        return customer
