"""The part of an invoice that is its cost of sales: only what it needs, none where none is due."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest
from receivables_fake import account, invoice, item

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.cost_of_sales import cost_of_sales
from servicetitan_netsuite.servicetitan.receivable import INVOICES, document


def stocked(id_: int, cost: str, **changes: Any) -> dict[str, Any]:
    accounts = {"costOfSaleAccount": account(5000), "assetAccount": account(1300)}
    return item(id_, inventory=True, totalCost=cost, **accounts, **changes)


def read(*items: dict[str, Any], **changes: Any) -> SourceDocument:
    return document(INVOICES, invoice(items=list(items), **changes), list(items), UTC)


def test_the_part_holds_the_inventory_lines_with_a_cost_and_their_sum() -> None:
    sold = read(stocked(1, "7.15"), item(2, totalCost="9.00"), stocked(3, "0.00"))
    part = cost_of_sales(sold)
    assert part is not None
    assert (part.source_id, part.part, part.type) == (sold.source_id, "cogs", sold.type)
    assert (part.number, part.amount) == (f"{sold.number}-COGS", Decimal("7.15"))
    assert part.business_date == sold.business_date
    (line,) = part.content["lines"]
    assert (line["id"], line["total_cost"]) == ("1", "7.15")
    assert line["cost_of_sale_account"]["number"] == "5000"


@pytest.mark.parametrize("cost", ["7.15", "-7.15"])
def test_the_cost_of_a_negative_quantity_is_taken_back_however_it_is_written(cost: str) -> None:
    part = cost_of_sales(read(stocked(1, cost, quantity="-2.0")))
    assert part is not None
    assert (part.amount, part.content["lines"][0]["total_cost"]) == (Decimal("-7.15"), "-7.15")


@pytest.mark.parametrize("items", [[], [item(1, totalCost="9.00")], [stocked(1, "0.00")]])
def test_an_invoice_without_cost_of_inventory_has_no_part(items: list[dict[str, Any]]) -> None:
    assert cost_of_sales(read(*items)) is None


def test_a_new_price_or_memo_is_no_new_version_of_the_cost_and_a_new_cost_is() -> None:
    before = cost_of_sales(read(stocked(1, "7.15")))
    priced = cost_of_sales(read(stocked(1, "7.15", total="55.00"), summary="Later", total="55.00"))
    dearer = cost_of_sales(read(stocked(1, "7.16")))
    assert before is not None
    assert priced is not None
    assert dearer is not None
    assert before.version == priced.version != dearer.version


def test_costs_too_large_to_be_are_kept_for_the_rules_to_refuse() -> None:
    huge = [stocked(n, "999999999999999.00") for n in range(1, 20)]
    part = cost_of_sales(read(*huge))
    assert part is not None
    assert (len(part.content["lines"]), part.amount) == (19, Decimal(0))
