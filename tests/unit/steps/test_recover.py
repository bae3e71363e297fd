"""What NetSuite holds and the ledger does not know: which of it is linked, and how it is read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from servicetitan_netsuite.netsuite.ours import Named, named
from servicetitan_netsuite.netsuite.suiteql import PAGE
from servicetitan_netsuite.steps.recover import _link

GUID = "4608b9ae-b9f4-4258-8b8e-92365bae95ba"


def linked(name: str) -> tuple[str, str] | None:
    row = _link(Named("77", name, "invoice", "DEN-1"))
    return (row.kind, row.source_key) if row else None


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("st-1004-invoice-5", ("opening_invoice", "5")),
        ("st-1004-credit_memo-5", ("opening_credit_memo", "5")),
        ("st-1004-payment-5", ("opening_payment", "5")),
        ("st-1004-vendor_bill-5", ("opening_vendor_bill", "5")),
        ("st-1004-customer-5", ("customer", "5")),
        ("st-1004-invoice-5-r2", ("opening_invoice", "5")),
    ],
)
def test_what_others_name_is_linked(name: str, link: tuple[str, str]) -> None:
    assert linked(name) == link


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("st-1004-receipt-5-r2", ("opening_receipt", "5")),
        (f"st-1004-journal_entry-{GUID}-r3", ("opening_journal_entry", GUID)),
        ("st-1004-vendor_credit-credit_5-r2", ("opening_vendor_credit", "credit_5")),
    ],
)
def test_what_was_posted_again_is_linked_so_that_its_old_name_is_not_used(
    name: str, link: tuple[str, str]
) -> None:
    assert linked(name) == link


@pytest.mark.parametrize(
    "name",
    [
        "st-1004-receipt-5",
        "st-1004-purchase_order-5",
        f"st-1004-journal_entry-{GUID}",
        "st-1004-invoice-5-cogs",
        "st-1004-payment-5-application-7",
        "st-1004-payment-5-deposit",
        "st-1004-something_else-5",
        "st-1004-invoice-",
    ],
)
def test_what_comes_again_by_itself_or_is_named_by_nobody_is_not_linked(name: str) -> None:
    assert linked(name) is None


class _NetSuite:
    """Answers the query for what is named as ours, page by page, from internal ids."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids
        self.asked: list[list[str]] = []

    async def read(self, method: str, path: str, **asked: Any) -> dict[str, Any]:
        assert asked["params"] == {"limit": str(PAGE), "offset": "0"}
        self.asked.append(asked["body"]["params"])
        after = int(asked["body"]["params"][1])
        rows = [
            {"id": str(n), "externalid": f"st-1-invoice-{n}", "recordtype": "Invoice"}
            for n in self.ids
            if n > after
        ]
        return {"items": rows[:PAGE], "hasMore": len(rows) > PAGE, "totalResults": len(rows)}


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
def test_however_many_there_are_each_is_read_once(count: int) -> None:
    client = _NetSuite(list(range(11, 11 + count)))

    async def read() -> list[str]:
        pages = named(client, "1", after=10)  # type: ignore[arg-type]
        return [one.netsuite_id async for page in pages for one in page]

    assert asyncio.run(read()) == [str(n) for n in client.ids]
    assert client.asked[0] == ["st-1-%", "10"]
    assert len(client.asked) == count // PAGE + 1
