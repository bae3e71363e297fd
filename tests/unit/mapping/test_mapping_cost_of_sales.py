"""What becomes of the cost of an invoice's inventory lines: a balanced journal, or a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapping_books import DAY, ONE_WORLD, tenant
from sales_books import FRAMES, ROWS

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    MappingRow,
    SkuAccounts,
    SourceDocument,
    State,
)
from servicetitan_netsuite.mapping.cost_of_sales import (
    skus_without_cost_account,
    validate_cost_of_sales,
)
from servicetitan_netsuite.netsuite import canonical, journal

COST, STOCK = {"id": "500", "number": "5000", "name": "Costs"}, {"id": "119", "name": "Stock"}
MAPPED = (
    *ROWS,
    MappingRow("gl_account", "500", "Costs", "65"),
    MappingRow("account_role", "Inventory", "Inventory", "12"),
)
JOURNAL = tenant(method="documents", cost_of_sales="journal")


def line(cost: str = "7.15", **changes: Any) -> dict[str, Any]:
    made = {
        "id": "1",
        "sku": {"id": "70101", "code": "CU-34"},
        "total_cost": cost,
        "cost_of_sale_account": COST,
        "asset_account": STOCK,
        "business_unit": None,
    }
    return made | changes


def part(*lines: Any, **changes: Any) -> SourceDocument:
    header = {"id": "303", "date": DAY.isoformat(), "invoice": "680-1"}
    header |= {"business_unit": {"id": "1", "name": "Unit 1"}} | changes
    content = {"header": header, "lines": list(lines)}
    kind = DocumentType.INVOICE
    return SourceDocument(kind, "303", "680-1-COGS", 1, DAY, Decimal(0), content, "cogs")


def judge(document: SourceDocument, own: Any = JOURNAL, rows: Any = MAPPED, **more: Any) -> Any:
    more = {"skus": {}, **more}
    (verdict,) = validate_cost_of_sales([document], rows, FRAMES, own, ONE_WORLD, **more)
    return verdict


def amounts(verdict: Any) -> list[tuple[str, Decimal]]:
    return [(each.account, each.amount) for each in verdict.plan.lines]


def test_cost_of_sale_is_debited_and_the_asset_credited() -> None:
    verdict = judge(part(line("7.15"), line("2.00")))
    assert verdict.state is State.READY
    plan = verdict.plan
    assert plan.external_id == "st-1001-invoice-303-cogs"
    assert (plan.tran_id, plan.memo) == ("ALB-680-1-COGS", "Cost of sales of invoice 680-1")
    assert (plan.date, plan.subsidiary, plan.lines[0].department) == (DAY, "2", "21")
    assert amounts(verdict) == [
        ("65", Decimal("7.15")),
        ("12", Decimal("-7.15")),
        ("65", Decimal("2.00")),
        ("12", Decimal("-2.00")),
    ]


def test_a_negative_cost_is_posted_the_other_way_round() -> None:
    assert amounts(judge(part(line("-7.15")))) == [
        ("65", Decimal("-7.15")),
        ("12", Decimal("7.15")),
    ]


def test_a_line_without_accounts_takes_its_skus_and_the_inventory_of_the_role() -> None:
    bare = part(line(cost_of_sale_account=None, asset_account=None))
    assert list(skus_without_cost_account(bare)) == ["70101"]
    assert list(skus_without_cost_account(part(line()))) == []
    skus = {"70101": SkuAccounts("CU-34", {"cost_of_sale": COST})}
    assert amounts(judge(bare, skus=skus)) == [("65", Decimal("7.15")), ("12", Decimal("-7.15"))]


def test_a_sku_without_an_account_of_cost_of_sales_is_named() -> None:
    verdict = judge(part(line(cost_of_sale_account=None)))
    (problem,) = verdict.problems
    assert (verdict.state, problem.cause) == (State.BLOCKED, Cause.ACCOUNT_NOT_MAPPED)
    assert "SKU CU-34 names no cost of sale account" in problem.sentence


def test_an_asset_account_that_the_pricebook_names_unclearly_is_never_the_role() -> None:
    skus = {"70101": SkuAccounts("CU-34", {"cost_of_sale": COST}, {"asset": "Stock twice"})}
    verdict = judge(part(line(asset_account=None)), skus=skus)
    (problem,) = verdict.problems
    assert "'Stock twice', which is not exactly one account" in problem.sentence


def test_where_it_is_not_posted_it_is_skipped_unless_it_is_in_netsuite_already() -> None:
    none = tenant(method="documents", cost_of_sales="none")
    verdict = judge(part(line()), none)
    assert (verdict.state, verdict.problems[0].cause) == (State.SKIPPED, Cause.COST_NOT_POSTED)
    assert judge(part(line()), none, posted={"303"}).state is State.READY


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"header": None, "lines": None},
        {"header": {}, "lines": "none"},
        {"header": {}, "lines": [None, {}, {"sku": 7, "total_cost": "a lot"}]},
        {"header": {"business_unit": 3}, "lines": [line(asset_account=4)]},
        {"header": {}, "lines": [line("999999999999999.00")]},
    ],
)
def test_dirty_content_is_blocked_and_never_raises(content: Any) -> None:
    kind = DocumentType.INVOICE
    made = SourceDocument(kind, "303", "680-1", 1, DAY, Decimal(0), content, "cogs")
    list(skus_without_cost_account(made))
    assert judge(made).state is State.BLOCKED


@settings(max_examples=40, deadline=None)
@given(st.lists(st.decimals(-10_000, 10_000, places=4, allow_nan=False), min_size=1, max_size=8))
def test_the_journal_balances_whatever_the_costs_are(costs: list[Decimal]) -> None:
    verdict = judge(part(*(line(str(cost)) for cost in costs)))
    if verdict.state is State.SKIPPED:
        assert verdict.problems[0].cause is Cause.ZERO_AMOUNT
        return
    assert verdict.state is State.READY
    form = canonical.journal(journal.body(verdict.plan))
    assert sum(Decimal(each[-1]) for each in form["lines"]) == 0
