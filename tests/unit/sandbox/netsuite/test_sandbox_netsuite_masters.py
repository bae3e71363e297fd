"""Items, contacts, vendors and terms: their rules, and how SuiteQL shows them."""

from __future__ import annotations

from typing import Any

import pytest
from documents_site import (
    COGS,
    CUSTOMER,
    EXPENSE,
    NET30,
    SALE,
    VENDOR,
    held,
    invoice,
    on_site,
    patched,
    refused,
    shown,
    sold,
)
from netsuite_site import EAST, INACTIVE, INCOME, RECEIVABLE, RECORD, WEST_ONLY, Site

from sandbox.seed import netsuite_books

SALE_TYPE, PURCHASE_TYPE = "nonInventorySaleItem", "nonInventoryPurchaseItem"
RESALE_TYPE = "nonInventoryResaleItem"


def item(**more: Any) -> dict[str, Any]:
    body = {"itemId": "New", "subsidiary": {"items": [{"id": EAST}]}} | more
    return {name: value for name, value in body.items() if value is not None}


def income(account: str = INCOME) -> dict[str, Any]:
    return {"incomeAccount": {"id": account}}


def expense(account: str = COGS) -> dict[str, Any]:
    return {"expenseAccount": {"id": account}}


def test_items_of_three_kinds_show_in_suiteql_with_their_accounts() -> None:
    async def check(site: Site) -> None:
        bodies = {
            SALE_TYPE: item(itemId="A", externalId="a", **income()),
            PURCHASE_TYPE: item(itemId="B", **expense()),
            RESALE_TYPE: item(itemId="C", **income(), **expense(EXPENSE)),
        }
        made = [(await site.post(kind, body)).id for kind, body in bodies.items()]
        rows = await site.rows(
            "SELECT itemid, itemtype, subtype, incomeaccount, expenseaccount, isinactive "
            f"FROM item WHERE id IN ({', '.join(made)}) ORDER BY itemid"
        )
        shared = {"itemtype": "NonInvtPart", "isinactive": "F"}
        assert rows == [
            {"itemid": "A", "subtype": "Sale", "incomeaccount": INCOME, **shared},
            {"itemid": "B", "subtype": "Purchase", "expenseaccount": COGS, **shared},
            {"itemid": "C", "subtype": "Resale", "incomeaccount": INCOME,
             "expenseaccount": EXPENSE, **shared},
        ]  # fmt: skip
        document = (await site.get(f"{SALE_TYPE}/eid:A")).json
        assert (document["isFulfillable"], document["itemId"]) == (True, "A")

    on_site(check)


@pytest.mark.parametrize(
    ("kind", "body", "words", "code"),
    [
        (SALE_TYPE, item(itemId=None, **income()), "Item Name/Number", "USER_ERROR"),
        (SALE_TYPE, item(itemId="x" * 251, **income()), "The field itemid", "USER_ERROR"),
        (SALE_TYPE, item(itemId="st-4000", **income()), "Uniqueness error", "USER_ERROR"),
        (SALE_TYPE, item(subsidiary=None, **income()), "Subsidiary", "USER_ERROR"),
        (SALE_TYPE, item(), "value(s) for: Income Account.", "USER_ERROR"),
        (PURCHASE_TYPE, item(), "value(s) for: Expense Account.", "USER_ERROR"),
        (SALE_TYPE, item(**income(RECEIVABLE)), "incomeaccount", "INVALID_CONTENT"),
        (SALE_TYPE, item(**income(INACTIVE)), "account", "INVALID_CONTENT"),
        (PURCHASE_TYPE, item(**expense(INCOME)), "expenseaccount", "INVALID_CONTENT"),
        (SALE_TYPE, item(**income(WEST_ONLY)), "for subsidiary 2.", "USER_ERROR"),
    ],
)
def test_an_item_is_refused_for(kind: str, body: Any, words: str, code: str) -> None:
    async def check(site: Site) -> None:
        await refused(await site.post(kind, body), words, code)

    on_site(check)


def test_all_kinds_of_items_share_their_external_ids_and_nobody_elses() -> None:
    async def check(site: Site) -> None:
        await site.post(SALE_TYPE, item(itemId="A", externalId="st-1", **income()))
        again = await site.post(PURCHASE_TYPE, item(itemId="B", externalId="ST-1", **expense()))
        await refused(again, "This record already exists.")
        assert (await site.post("invoice", invoice(externalId="st-1"))).status == 204

    on_site(check)


def test_an_item_in_use_keeps_its_account_and_stays() -> None:
    async def check(site: Site) -> None:
        await site.post("invoice", invoice(sold()))
        other = {"acctName": "More Income", "acctType": {"id": "Income"}, "acctNumber": "4009"}
        account = (await site.post("account", other)).id
        moved = await patched(site, f"{SALE_TYPE}/{SALE}", income(account))
        await refused(moved, "that transactions use.")
        gone = await site.call("DELETE", f"{RECORD}/{SALE_TYPE}/{SALE}")
        await refused(gone, "dependent records")

    on_site(check)


def test_a_contact_takes_its_name_from_its_parts_and_must_not_share_it() -> None:
    async def check(site: Site) -> None:
        body = {"firstName": "Ada", "lastName": "Poe", "subsidiary": {"id": EAST},
                "company": {"id": CUSTOMER}, "externalId": "ct-1"}  # fmt: skip
        record = (await site.post("contact", body)).id
        assert await site.rows("SELECT id, entityid, company FROM contact") == [
            {"id": record, "entityid": "Ada Poe", "company": CUSTOMER}
        ]
        again = await site.post("contact", body | {"externalId": "ct-2"})
        await refused(again, "A contact record with this name already exists.")
        taken = {"companyName": "New", "subsidiary": {"id": EAST}, "externalId": "ct-1"}
        await refused(await site.post("customer", taken), "This entity already exists.")

    on_site(check)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"firstName": None, "lastName": None}, "Contact Name"),
        ({"subsidiary": None}, "Subsidiary"),
        ({"email": "nobody"}, "valid email"),
        ({"firstName": "x" * 33}, "The field firstname"),
    ],
)
def test_a_contact_is_refused_for(change: dict[str, Any], words: str) -> None:
    async def check(site: Site) -> None:
        body = {"firstName": "Ada", "lastName": "Poe", "subsidiary": {"id": EAST}} | change
        await refused(await site.post("contact", body), words)

    on_site(check)


def test_an_attached_contact_belongs_to_the_customer() -> None:
    async def check(site: Site) -> None:
        body = {"firstName": "Ada", "lastName": "Poe", "subsidiary": {"id": EAST}}
        record = (await site.post("contact", body)).id
        path = f"{RECORD}/customer/{CUSTOMER}/!attach/contact/{record}"
        assert (await site.call("POST", path, {"role": {"id": "1"}})).status == 204
        assert (await site.get(f"contact/{record}")).json["company"]["id"] == CUSTOMER

    on_site(check)


def test_a_vendor_feed_tells_terms_addresses_and_the_accounts_own_check_box() -> None:
    async def check(site: Site) -> None:
        address = {"addr1": "1 St", "city": "Albany", "state": "NY", "country": {"id": "US"}}
        body = {
            "terms": {"id": NET30},
            "custentity_st_available": True,
            "addressBook": {"items": [{"defaultBilling": True, "addressBookAddress": address}]},
        }
        assert (await patched(site, f"vendor/{VENDOR}", body)).status == 204
        rows = await site.rows(
            "SELECT v.id, BUILTIN.DF(v.terms) terms, v.custentity_st_available flag, a.city "
            "FROM vendor v JOIN vendoraddressbook b ON b.entity = v.id "
            "JOIN entityaddress a ON a.nkey = b.addressbookaddress WHERE b.defaultbilling = 'T'"
        )
        assert rows == [{"id": VENDOR, "terms": "Net 30", "flag": "T", "city": "Albany"}]
        assert (await site.get(f"vendor/{VENDOR}")).json["custentity_st_available"] is True

    on_site(check)


def test_a_vendors_further_subsidiaries_show_as_relations() -> None:
    async def check(site: Site) -> None:
        rows = await site.rows(
            "SELECT subsidiary, isprimarysub FROM vendorsubsidiaryrelationship "
            f"WHERE entity = {VENDOR} ORDER BY subsidiary"
        )
        assert rows == [
            {"subsidiary": "1", "isprimarysub": "F"},
            {"subsidiary": EAST, "isprimarysub": "T"},
        ]

    on_site(check)


def test_terms_are_listed_with_their_days() -> None:
    async def check(site: Site) -> None:
        assert await site.rows("SELECT name, daysuntilnetdue FROM term ORDER BY id") == [
            {"name": "Net 30", "daysuntilnetdue": "30"},
            {"name": "Due on receipt", "daysuntilnetdue": "0"},
        ]
        assert (await shown(site, f"term/{NET30}"))["daysUntilNetDue"] == 30

    on_site(check)


def test_own_fields_must_have_netsuites_kind_of_name() -> None:
    async def check(site: Site) -> None:
        for name in ("memo", "custbody_", "custbody_x:money", "custcol_x"):
            answer = await site.call("POST", "/sandbox/settings", {"custom_fields": [name]})
            assert answer.status == 400

    on_site(check)


def test_the_seed_has_vendors_terms_items_and_netsuites_own_accounts() -> None:
    one_world, single = netsuite_books(1)
    assert {vendor.id for vendor in one_world.vendors} >= {"3101", "3113"}
    assert any(vendor.is_inactive for vendor in one_world.vendors)
    flags = {dict(vendor.fields)["custentity_st_available"] for vendor in one_world.vendors}
    assert flags == {True, False}
    special = {account.special for account in one_world.accounts}
    assert special >= {"AcctRec", "AcctPay", "UndepFunds", "CustDep", "RecvNotBill", "SalesTaxPay"}
    assert len({account.id for account in one_world.accounts}) == len(one_world.accounts)
    assert [term.days for term in single.terms] == [15, 30, 0]

    async def check(site: Site) -> None:
        rows = await site.rows(
            "SELECT COUNT(*) n FROM account WHERE custrecord_st_available = 'T' AND acctnumber "
            "= '9000'"
        )
        assert rows == [{"n": "1"}]
        assert (await held(site, "3101"))["type"] == "vendor"

    on_site(check, one_world)
