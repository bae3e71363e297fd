"""Which of the ready documents may go out at the same time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from servicetitan_netsuite.steps.posting.orders import Orders


def rows(*paths: str) -> list[Any]:
    return [SimpleNamespace(id=n, path=path) for n, path in enumerate(paths, 1)]


@pytest.mark.parametrize(
    "path",
    [
        "record/v1/creditMemo/eid:st-1-credit_memo-7",
        "record/v1/creditMemo/77",
        "record/v1/customerDeposit/eid:st-1-payment-5/!transform/depositApplication",
        "record/v1/purchaseOrder/eid:st-1-purchase_order-9/!transform/itemReceipt",
    ],
)
def test_what_changes_one_record_goes_out_one_after_the_other(path: str) -> None:
    orders = Orders(None)  # type: ignore[arg-type]
    both = rows(path, path)
    assert [row.id for row in orders.take(both)] == [1]
    assert [row.id for row in orders.take(both[1:])] == []
    orders.release(1)
    assert [row.id for row in orders.take(both[1:])] == [2]


def test_receipts_and_bills_of_one_order_wait_for_each_other() -> None:
    of = "record/v1/purchaseOrder/eid:st-1-purchase_order-9/!transform"
    both = rows(f"{of}/itemReceipt", f"{of}/vendorBill")
    assert [row.id for row in Orders(None).take(both)] == [1]  # type: ignore[arg-type]


def test_records_of_their_own_and_different_ones_go_out_side_by_side() -> None:
    paths = ("record/v1/invoice", "record/v1/invoice", "record/v1/creditMemo/77",
             "record/v1/creditMemo/78")  # fmt: skip
    assert len(Orders(None).take(rows(*paths))) == 4  # type: ignore[arg-type]
