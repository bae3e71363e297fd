from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from servicetitan_fake import answer, page, problem, with_client

from servicetitan_netsuite.documents import Cause
from servicetitan_netsuite.errors import Blocked
from servicetitan_netsuite.servicetitan.customers import Customer, customer
from servicetitan_netsuite.servicetitan.reference import (
    BusinessUnit,
    GlAccount,
    business_units,
    check,
    gl_accounts,
)
from servicetitan_netsuite.tenants import LegacyId

GUID = "1f0c0a52-0e5b-4f37-9a55-6f1f6f0e7b11"
ADDRESS = {
    "street": "1 Main St",
    "unit": None,
    "city": "Austin",
    "state": "TX",
    "zip": "78701",
    "country": "USA",
    "latitude": 30.2,
}


class Crm:
    """Customers, their contacts and their external data."""

    def __init__(self) -> None:
        self.customers: dict[str, dict[str, Any]] = {}
        self.contacts: dict[str, list[Any]] = {}
        self.external: dict[str, list[Any]] = {}

    def add(self, id_: int, **changes: Any) -> None:
        row = {"id": id_, "active": True, "name": "Acme LLC", "type": "Commercial"}
        row |= {"address": ADDRESS, "mergedToId": None, "externalData": []}
        self.customers[str(id_)] = row | changes

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            return answer({"access_token": "t1", "expires_in": 900})
        parts = request.path.split("/crm/v2/tenant/1001/customers")[1].strip("/").split("/")
        if parts == [""]:
            wanted = request.query.get("externalDataApplicationGuid") == GUID
            rows = [self.customers[i] for i in request.query["ids"].split(",")]
            rows = [r for r in rows if r["active"] or request.query["active"] == "Any"]
            known = self.external if wanted else {}
            return answer(page([r | {"externalData": known.get(str(r["id"]), [])} for r in rows]))
        if parts[0] not in self.customers:
            return problem(404, "Customer not found")
        if parts[1:] == ["contacts"]:
            return answer(page(self.contacts.get(parts[0], [])))
        return answer(self.customers[parts[0]])


def read(crm: Crm, id_: str, legacy: LegacyId | None = None) -> Customer:
    found: Customer = with_client(crm, lambda client: customer(client, id_, legacy))
    return found


def contact(kind: str, value: Any, **changes: Any) -> dict[str, Any]:
    return {"id": 1, "type": kind, "value": value, **changes}


def test_a_customer_comes_with_its_first_active_phone_and_e_mail() -> None:
    crm = Crm()
    crm.add(5)
    crm.contacts["5"] = [
        contact("MobilePhone", "1"),
        contact("Phone", "2", active=False),
        contact("Phone", " "),
        contact("Phone", "512 555 0100"),
        contact("Phone", "4"),
        "nonsense",
        contact("Email", "a@example.com", active=True),
    ]
    found = read(crm, "5")
    assert found == Customer(
        source_id="5",
        merged_from=None,
        name="Acme LLC",
        is_company=True,
        address={
            "street": "1 Main St",
            "unit": "",
            "city": "Austin",
            "state": "TX",
            "zip": "78701",
            "country": "USA",
        },
        phone="512 555 0100",
        email="a@example.com",
        legacy_id=None,
    )


def test_merges_are_followed_to_the_survivor() -> None:
    crm = Crm()
    crm.add(1, mergedToId=2, active=False)
    crm.add(2, mergedToId=3, active=False)
    crm.add(3, name="Survivor", type="Residential")
    found = read(crm, "1")
    assert (found.source_id, found.merged_from, found.name) == ("3", "1", "Survivor")
    assert not found.is_company


def test_merges_in_a_circle_are_told_with_the_circle() -> None:
    crm = Crm()
    crm.add(1, mergedToId=2)
    crm.add(2, mergedToId=1)
    with pytest.raises(Blocked, match="1 > 2 > 1") as error:
        read(crm, "1")
    assert error.value.cause == Cause.DIRTY_DATA


def test_a_customer_that_does_not_exist_blocks_by_its_id() -> None:
    with pytest.raises(Blocked, match="no customer 77") as error:
        read(Crm(), "77")
    assert error.value.cause == Cause.CUSTOMER_MISSING


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"type": "Other"}, {"address": "x"}, {"mergedToId": {}}]
)
def test_a_customer_of_another_shape_blocks_naming_the_field(change: dict[str, Any]) -> None:
    crm = Crm()
    crm.add(5, **change)
    with pytest.raises(Blocked, match=next(iter(change))):
        read(crm, "5")


@pytest.mark.parametrize("id_", ["Acme LLC", "4 2", -1, True])
def test_a_customer_whose_own_id_is_none_blocks_itself_alone(id_: Any) -> None:
    crm = Crm()
    crm.add(42)
    crm.customers["42"]["id"] = id_
    with pytest.raises(Blocked, match="id is"):
        read(crm, "42")


@pytest.mark.parametrize("path", ["contacts", ""])
def test_a_customer_whose_contacts_or_data_servicetitan_refuses_blocks_itself_alone(
    path: str,
) -> None:
    class Refusing(Crm):
        async def __call__(self, request: web.Request) -> web.StreamResponse:
            end = request.path.rsplit("/", 1)[-1]
            if end == (path or "customers"):
                return problem(400, "Customer 42 cannot be shown")
            return await super().__call__(request)

    crm = Refusing()
    crm.add(42)
    with pytest.raises(Blocked, match="cannot be shown") as found:
        read(crm, "42", LegacyId(application_guid=GUID, key="netsuite_id"))
    assert found.value.cause == Cause.DIRTY_DATA


@pytest.mark.parametrize("id_", ["../gl-accounts", "", "5?x=1"])
def test_an_id_that_is_no_number_reaches_no_address(id_: str) -> None:
    with pytest.raises(Blocked, match="its id"):
        read(Crm(), id_)


def test_the_legacy_id_is_the_survivors_external_data_of_that_app_and_key() -> None:
    crm = Crm()
    crm.add(1, mergedToId=2, active=False)
    crm.add(2, active=False)
    crm.external["2"] = [{"key": "other", "value": "1"}, {"key": "netsuite_id", "value": " 4711 "}]
    assert read(crm, "1", LegacyId(application_guid=GUID, key="netsuite_id")).legacy_id == "4711"
    assert read(crm, "1", LegacyId(application_guid=GUID, key="absent")).legacy_id is None


def test_accounts_and_business_units_come_whole_and_once() -> None:
    account = {"id": 1, "number": "4000", "name": " Sales ", "type": "Income", "subtype": None}
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            return answer({"access_token": "t1", "expires_in": 900})
        seen.append(request.query["active"])
        number = int(request.query["page"])
        if request.path.endswith("/business-units"):
            rows = [{"id": 9, "name": "Residential", "currency": "USD", "active": False}]
            return answer(page(rows))
        rows = [account | {"active": True}, {"id": number + 1}, "nonsense", {"id": None}]
        return answer(page(rows, number=number, more=number == 1))

    assert with_client(handler, gl_accounts) == [
        GlAccount("1", "4000", "Sales", "Income", "", True),
        GlAccount("2", "", "", "", "", False),
        GlAccount("3", "", "", "", "", False),
    ]
    assert with_client(handler, business_units) == [BusinessUnit("9", "Residential", "USD", False)]
    assert set(seen) == {"Any"}


def test_the_test_button_reads_once_and_says_what_works() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            return answer({"access_token": "t1", "expires_in": 900})
        assert request.query["pageSize"] == "1"
        return answer(page([]))

    assert "tenant 1001" in with_client(handler, check)
