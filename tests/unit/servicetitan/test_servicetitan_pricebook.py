"""The pricebook's accounts of SKUs: asked for in bulk, names led back to accounts."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from servicetitan_fake import answer, page, with_client

from servicetitan_netsuite.servicetitan.pricebook import Chart, sku_accounts
from servicetitan_netsuite.servicetitan.reference import GlAccount

ROWS = {
    "services": [{"id": 1, "code": "DIAG", "account": "Service Income"}],
    "materials": [
        {
            "id": 2,
            "code": "PIPE",
            "account": "Parts Income",
            "costOfSaleAccount": "Cost of Parts",
            "assetAccount": "Inventory",
            "generalLedgerAccountId": 14,
        },
        {"id": 3, "code": "ODD", "account": "Twice", "generalLedgerAccountId": 99},
    ],
    "equipment": [{"id": 4, "code": "BARE", "account": None, "assetAccount": 7}],
}


def gl(id_: str, name: str, *, active: bool = True) -> GlAccount:
    return GlAccount(id_, f"n{id_}", name, "", "", active)


CHART = Chart(
    [
        gl("11", "Service Income"),
        gl("12", "Parts Income"),
        gl("19", "Parts Income", active=False),
        gl("13", "Cost of Parts", active=False),
        gl("14", "Inventory"),
        gl("15", "Twice"),
        gl("16", "Twice"),
    ]
)


class Pricebook:
    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            return answer({"access_token": "t", "expires_in": 900})
        name = request.path.split("/")[-1]
        ids = request.query["ids"].split(",")
        assert request.query["active"] == "Any"
        assert len(ids) <= 50
        self.asked.append((name, ids))
        return answer(page([row for row in ROWS.get(name, []) if str(row["id"]) in ids]))


def read(*ids: str) -> tuple[Any, Pricebook]:
    book = Pricebook()
    found = with_client(book, lambda client: sku_accounts(client, ids, CHART))
    return found, book


def test_each_role_leads_to_the_account_of_that_name_or_id() -> None:
    found, _ = read("1", "2")
    assert found["1"].code == "DIAG"
    assert {role: row["id"] for role, row in found["1"].accounts.items()} == {"income": "11"}
    assert {role: row["id"] for role, row in found["2"].accounts.items()} == {
        "income": "12",
        "cost_of_sale": "13",
        "asset": "14",
        "purchase": "14",
    }
    assert found["2"].accounts["income"] == {"id": "12", "number": "n12", "name": "Parts Income"}


def test_a_name_of_two_accounts_or_an_unknown_id_is_told_and_never_guessed() -> None:
    found, _ = read("3")
    assert found["3"].accounts == {}
    assert found["3"].unclear == {"income": "Twice", "purchase": "99"}


def test_a_sku_without_accounts_has_none_and_an_unknown_one_is_absent() -> None:
    found, _ = read("4", "5")
    assert found["4"].accounts == {}
    assert found["4"].unclear == {}
    assert "5" not in found


def test_many_skus_are_asked_for_fifty_at_a_time_and_found_ones_not_again() -> None:
    found, book = read("1", *(str(number) for number in range(100, 160)), "1", "no number")
    assert set(found) == {"1"}
    services = [ids for name, ids in book.asked if name == "services"]
    assert sorted(map(len, services)) == [11, 50]
    assert all("1" not in ids for name, ids in book.asked if name != "services")
