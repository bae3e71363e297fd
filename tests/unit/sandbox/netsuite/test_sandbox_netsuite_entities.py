"""The rules a customer must keep."""

from __future__ import annotations

from typing import Any

import pytest
from netsuite_site import EAST, ELIMINATION, RECORD, SINGLE, Site, journal, line, on_site

PREFIX = "Error while accessing a resource. "


def company(**more: Any) -> dict[str, Any]:
    body = {"companyName": "New Co", "subsidiary": {"id": EAST}} | more
    return {name: value for name, value in body.items() if value is not None}


def address(**more: Any) -> dict[str, Any]:
    return {
        "addressBook": {
            "items": [
                {
                    "defaultBilling": True,
                    "label": "Main",
                    "addressBookAddress": {
                        "addr1": "1 St",
                        "city": "Albany",
                        "state": "NY",
                        "zip": "12203",
                        "country": {"id": "US"},
                    }
                    | more,
                }
            ]
        }
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (company(subsidiary=None), "Please enter value(s) for: Primary Subsidiary."),
        (company(companyName=None), "Please enter value(s) for: Company Name."),
        (company(isPerson=True), "Please enter value(s) for: First Name, Last Name."),
        (company(isPerson=True, firstName="Cher"), "Please enter value(s) for: Last Name."),
        (company(entityId="cust50"), "This entity already exists."),
        (company(email="nobody"), "valid email address"),
        (company(phone="12345"), "seven digits or more"),
        (company(companyName="x" * 84), "The field companyname contained more than"),
        (company(addressBook={"items": [{"label": "Main"}]}), "value(s) for: Address."),
    ],
)
def test_a_broken_rule_is_refused(body: Any, words: str) -> None:
    async def check(site: Site) -> None:
        before = len((await site.truth())["records"])
        answer = await site.post("customer", body)
        assert (answer.status, answer.code) == (400, "USER_ERROR")
        assert answer.detail.startswith(PREFIX)
        assert words in answer.detail
        assert len((await site.truth())["records"]) == before

    on_site(check)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (company(subsidiary={"id": ELIMINATION}), "subsidiary"),
        (company(emailPreference={"id": "SMOKE"}), "emailPreference"),
        (company(isPerson="yes"), "isPerson"),
        (company(**address(country="US")), "country"),
        (company(**address(country={"id": "ZZ"})), "country"),
    ],
)
def test_a_value_that_cannot_be_is_refused(body: Any, field: str) -> None:
    async def check(site: Site) -> None:
        answer = await site.post("customer", body)
        assert (answer.status, answer.code) == (400, "INVALID_CONTENT")
        assert answer.detail.endswith(field)

    on_site(check)


def test_customers_get_a_number_unless_they_bring_one() -> None:
    async def check(site: Site) -> None:
        first = await site.post("customer", company(externalId="a"))
        second = await site.post("customer", company(entityId="Jane Roe ALB"))
        third = await site.post("customer", company())
        rows = await site.rows(
            f"SELECT entityid FROM customer WHERE id IN ({first.id}, {second.id}, {third.id}) "
            "ORDER BY id"
        )
        names = [row["entityid"] for row in rows]
        assert names[1] == "Jane Roe ALB"
        assert len(set(names)) == 3

    on_site(check)


def test_a_second_customer_with_the_same_external_id_is_refused() -> None:
    async def check(site: Site) -> None:
        await site.post("customer", company(externalId="st-c-1"))
        answer = await site.post("customer", company(externalId="ST-C-1", companyName="Other"))
        assert answer.detail == PREFIX + "This entity already exists."
        assert (await site.get("customer/eid:st-c-1")).json["companyName"] == "New Co"

    on_site(check)


def test_entities_and_transactions_have_external_ids_of_their_own() -> None:
    async def check(site: Site) -> None:
        assert (await site.post("customer", company(externalId="same"))).status == 204
        assert (await site.post("journalEntry", journal(externalId="same"))).status == 204

    on_site(check)


def test_a_person_is_shown_with_name_contacts_and_address() -> None:
    async def check(site: Site) -> None:
        body = {
            "isPerson": True,
            "firstName": "Zoë",
            "lastName": "O'Neil, Jr.",
            "email": "zoe@example.com",
            "phone": "(518) 555-0100",
            "subsidiary": {"id": EAST},
        } | address()
        created = await site.post("customer", body)
        shown = (await site.get(f"customer/{created.id}?expandSubResources=true")).json
        assert (shown["firstName"], shown["lastName"]) == ("Zoë", "O'Neil, Jr.")
        assert shown["subsidiary"]["refName"] == "East"
        [entry] = shown["addressBook"]["items"]
        assert entry["addressBookAddress"]["country"] == {"id": "US", "refName": "United States"}
        [row] = await site.rows(f"SELECT altname, isperson FROM customer WHERE id = {created.id}")
        assert row["altname"] == "Zoë O'Neil, Jr."
        assert row["isperson"] == "T"

    on_site(check)


def test_a_patched_address_is_added_unless_replaced() -> None:
    async def check(site: Site) -> None:
        created = await site.post("customer", company(**address()))
        path = f"{RECORD}/customer/{created.id}"
        await site.call("PATCH", path, address())
        shown = (await site.get(f"customer/{created.id}/addressBook")).json
        assert shown["totalResults"] == 2
        await site.call("PATCH", path + "?replace=addressBook", address())
        shown = (await site.get(f"customer/{created.id}/addressBook")).json
        assert shown["totalResults"] == 1

    on_site(check)


def test_a_customer_on_a_transaction_cannot_be_deleted() -> None:
    async def check(site: Site) -> None:
        named = line("2", debit=5, entity={"id": "50"})
        await site.post("journalEntry", journal(named, line(credit=5)))
        answer = await site.call("DELETE", f"{RECORD}/customer/50")
        assert "dependent records" in answer.detail
        assert (await site.call("DELETE", f"{RECORD}/customer/51")).status == 204

    on_site(check)


def test_a_single_subsidiary_account_asks_for_no_subsidiary() -> None:
    async def check(site: Site) -> None:
        answer = await site.post(
            "customer", company(subsidiary=None), X_NetSuite_PropertyNameValidation="Error"
        )
        assert answer.status == 204

    on_site(check, SINGLE)
