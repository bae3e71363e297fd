"""The seed: the same number makes the same data, and knows what must become of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from sandbox.seed import netsuite_books, servicetitan_tenants
from sandbox.seed.judge import Judge, aggregate
from sandbox.seed.tenant import JournalEntry, Tenant
from sandbox.seed.tenants import entry_count


@cache
def tenants() -> dict[str, Tenant]:
    return {one.short_name: one for one in servicetitan_tenants(1, "small")}


def judge(tenant: Tenant) -> Judge:
    books = {one.account_id: one for one in netsuite_books(1)}
    return Judge(tenant, books[tenant.account_id])


def cases(tenant: str) -> dict[str, list[JournalEntry]]:
    found: dict[str, list[JournalEntry]] = {}
    for entry in tenants()[tenant].journal_entries:
        found.setdefault(entry.case, []).append(entry)
    return found


def test_the_same_seed_makes_the_same_data_and_another_seed_other_data() -> None:
    again = {one.short_name: one for one in servicetitan_tenants(1, "small")}
    assert again == tenants()
    assert netsuite_books(1) == netsuite_books(1)
    assert servicetitan_tenants(2, "small")[0].journal_entries != tenants()["ALB"].journal_entries


def test_a_size_is_small_month_or_a_number() -> None:
    assert {len(t.journal_entries) for t in tenants().values()} == {250}
    assert entry_count("month") == 3000
    assert {len(t.journal_entries) for t in servicetitan_tenants(1, "7")} == {7}
    with pytest.raises(ValueError, match="small, month"):
        servicetitan_tenants(1, "huge")


def test_three_tenants_of_unlike_layout_keep_their_books_in_two_accounts() -> None:
    one_world, single = netsuite_books(1)
    assert one_world.account_id == "1234567_SB1"
    assert (one_world.preferences.one_world, single.preferences.one_world) == (True, False)
    assert single.subsidiaries == ()
    layout = {t.short_name: (t.tenant_id, t.detailed, t.account_id) for t in tenants().values()}
    assert layout == {
        "ALB": (1001, False, one_world.account_id),
        "AUS": (1002, True, one_world.account_id),
        "BOI": (1003, False, single.account_id),
    }


def test_most_accounts_share_their_number_with_netsuite_and_a_few_do_not() -> None:
    numbers = {account.number for account in netsuite_books(1)[0].accounts}
    unlike = [a.name for a in tenants()["ALB"].gl_accounts if a.number not in numbers]
    assert unlike == ["Suspense", "Warranty Reserve", "Unnumbered Clearing"]


def test_some_business_units_are_called_as_subsidiaries_and_some_are_not() -> None:
    names = {one.name for one in netsuite_books(1)[0].subsidiaries}
    for tenant in ("ALB", "AUS"):
        alike = Counter(unit.name in names for unit in tenants()[tenant].business_units)
        assert alike[True] >= 1
        assert alike[False] == 2


@pytest.mark.parametrize(
    ("tenant", "case", "why"),
    [
        ("ALB", "account_not_mapped", "account_not_mapped"),
        ("ALB", "account_inactive", "account_inactive"),
        ("ALB", "account_not_postable", "account_not_postable"),
        ("ALB", "account_not_in_subsidiary", "account_not_in_subsidiary"),
        ("ALB", "two_subsidiaries", "several_subsidiaries"),
        ("ALB", "business_unit_not_mapped", "business_unit_not_mapped"),
        ("ALB", "business_unit_missing", "business_unit_missing"),
        ("ALB", "period_closed", "period_closed: Feb 2026"),
        ("ALB", "period_locked", "period_closed: Mar 2026"),
        ("ALB", "period_missing", "period_missing"),
        ("ALB", "before_go_live", "before_go_live"),
        ("ALB", "zero_amount", "zero_amount"),
        ("ALB", "no_lines", "no_lines"),
        ("ALB", "unbalanced_by_a_cent", "not_balanced"),
        ("ALB", "decimals_unbalanced", "too_many_decimals"),
        ("ALB", "receivable_in_summary", "account_needs_entity"),
        ("ALB", "payable_in_summary", "account_needs_entity"),
        ("ALB", "status_Excluded", "not_pending"),
        ("ALB", "status_Synced", "not_pending"),
        ("AUS", "receivable_without_customer", "customer_missing"),
        ("AUS", "customer_deleted", "customer_missing"),
        ("AUS", "customer_Hudson Diner", "subsidiary_invalid"),
        ("AUS", "payable_without_vendor", "vendor_missing"),
        ("AUS", "payable_with_vendor", "vendor_missing"),
        ("AUS", "too_many_lines", "too_many_lines"),
        ("BOI", "receivable_in_summary", "account_needs_entity"),
        ("BOI", "period_closed", "period_closed"),
    ],
)
def test_what_must_not_post_says_why(tenant: str, case: str, why: str) -> None:
    for entry in cases(tenant)[case]:
        assert not entry.valid
        assert entry.why.startswith(why)


@pytest.mark.parametrize(
    ("tenant", "case"),
    [
        ("ALB", "plain"),
        ("ALB", "lines_300"),
        ("ALB", "zero_lines_among_others"),
        ("ALB", "negative_debit"),
        ("ALB", "negative_credit"),
        ("ALB", "decimals_balanced"),
        ("ALB", "on_go_live_day"),
        ("ALB", "account_in_its_subsidiary"),
        ("ALB", "unicode_memo"),
        ("ALB", "html_memo"),
        ("ALB", "very_long_memo"),
        ("AUS", "plain"),
        ("AUS", "lines_620"),
        ("AUS", "merged_customer"),
        ("AUS", "customer_Cher"),
        ("AUS", "customer_Lovelace, Ada"),
        ("AUS", "customer_Jean  Luc   Picard"),
        ("AUS", "customer_李 小龍"),
        ("BOI", "plain"),
    ],
)
def test_what_must_post_is_valid(tenant: str, case: str) -> None:
    for entry in cases(tenant)[case]:
        assert (entry.valid, entry.why) == (True, "")


def test_the_amount_is_the_debit_side_in_cents() -> None:
    for entry in tenants()["AUS"].journal_entries:
        if entry.valid:
            cents = [(x.debit - x.credit).quantize(Decimal("0.01")) for x in entry.lines]
            assert Decimal(entry.amount) == sum(c for c in cents if c > 0)
            assert sum(cents) == 0


def test_a_verdict_follows_the_content() -> None:
    tenant = tenants()["ALB"]
    entry = cases("ALB")["unbalanced_by_a_cent"][0]
    cent = replace(entry.lines[1], credit=entry.lines[1].credit - Decimal("0.01"))
    mended = judge(tenant).verdict(entry.post_date, (entry.lines[0], cent))
    assert mended.valid
    assert not judge(tenant).verdict(date(2026, 2, 2), (entry.lines[0], cent)).valid


def test_summing_keeps_both_sides_and_every_digit() -> None:
    for entry in cases("ALB")["lines_300"] + cases("ALB")["plain"][:40]:
        rows = aggregate(entry.lines)
        assert sum(r.debit for r in rows) == sum(x.debit for x in entry.lines)
        assert sum(r.credit for r in rows) == sum(x.credit for x in entry.lines)
        assert len({(r.account, r.business_unit, bool(r.credit)) for r in rows}) == len(rows)


def test_numbers_and_ids_are_unique() -> None:
    entries = [e for t in tenants().values() for e in t.journal_entries]
    assert len({e.id for e in entries}) == len(entries)
    for tenant in tenants().values():
        numbers = [e.number for e in tenant.journal_entries]
        assert len(set(numbers)) == len(numbers)
