"""Accounts, business units and customers of the stand-in ServiceTitan."""

from __future__ import annotations

from titan_site import ACCOUNTS, CUSTOMERS, UNITS, Site, on_site

from sandbox.seed.judge import LEGACY_GUID, LEGACY_KEY

OWN_GUID = "11111111-2222-4333-8444-555555555555"


def test_accounts_are_found_by_number_name_and_type() -> None:
    async def check(site: Site) -> None:
        async def found(**query: object) -> list[str]:
            page = await site.get(ACCOUNTS, pageSize=500, **query)
            return [one["number"] for one in page["data"]]

        assert await found(numbers="1200,4000") == ["1200", "4000"]
        assert await found(names="Suspense") == ["6999"]
        assert set(await found(subtypes="SalesOfProductIncome")) > {"4000", "4010"}
        assert await found(source="PublicApi") == []
        assert await found(active="False") == []
        assert await found(isIntacctGroup="true") == []
        assert len(await found()) == len(await found(active="Any")) > 300
        assert (await site.call("GET", ACCOUNTS, active="Perhaps")).status == 400

    on_site(check)


def test_an_account_is_created_once_for_its_name() -> None:
    async def check(site: Site) -> None:
        body = {"name": "New Income", "number": "4700", "type": "Income", "colour": "blue"}
        created = await site.call("POST", ACCOUNTS, body=body)
        assert created.status == 201
        assert created.json["source"] == "PublicApi"
        assert (await site.get(f"{ACCOUNTS}/{created.json['id']}"))["number"] == "4700"
        again = await site.call("POST", ACCOUNTS, body=body | {"name": "NEW income"})
        assert again.status == 409
        for wrong, field in (
            ({"number": "1"}, "name"),
            ({"name": "X", "number": 5}, "number"),
            ({"name": "X", "type": "Weather"}, "type"),
        ):
            answer = await site.call("POST", ACCOUNTS, body=wrong)
            assert (answer.status, list(answer.json["errors"])) == (400, [field])

    on_site(check)


def test_an_account_is_updated_and_one_in_use_is_not_deactivated() -> None:
    async def check(site: Site) -> None:
        (receivable,) = (await site.get(ACCOUNTS, numbers="1200"))["data"]
        path = f"{ACCOUNTS}/{receivable['id']}"
        assert (await site.call("PATCH", path, body={"active": False})).status == 409
        (fuel,) = (await site.get(ACCOUNTS, numbers="6020"))["data"]
        path = f"{ACCOUNTS}/{fuel['id']}"
        changed = await site.call("PATCH", path, body={"description": "Petrol", "active": False})
        assert (changed.json["description"], changed.json["active"]) == ("Petrol", False)
        assert (await site.call("GET", path)).status == 404
        taken = await site.call("PATCH", path, body={"name": "Advertising"})
        assert taken.status == 409

    on_site(check)


def test_account_types_name_their_parents() -> None:
    async def check(site: Site) -> None:
        rows = (await site.get(f"{ACCOUNTS}/types", pageSize=500, includeTotal="true"))["data"]
        parents = {row["id"] for row in rows if row["parentTypeId"] is None}
        assert {row["parentTypeId"] for row in rows} == parents | {None}
        assert [r["name"] for r in (await site.get(f"{ACCOUNTS}/types", names="Income"))["data"]]
        assert (await site.get(f"{ACCOUNTS}/types", active="False"))["data"] == []

    on_site(check)


def test_business_units_are_found_by_part_of_their_name() -> None:
    async def check(site: Site) -> None:
        page = await site.get(UNITS, name="PLUMB", includeTotal="true")
        assert [one["name"] for one in page["data"]] == ["Albany Plumbing", "Plumbing Maintenance"]
        one = page["data"][0]
        assert await site.get(f"{UNITS}/{one['id']}") == one
        assert (await site.call("GET", f"{UNITS}/1")).status == 404
        assert (await site.call("GET", UNITS, ids=",".join(["1"] * 51))).status == 400

    on_site(check)


def test_external_data_is_namespaced_merged_and_replaced() -> None:
    async def check(site: Site) -> None:
        (unit, *_) = (await site.get(UNITS))["data"]
        path = f"{UNITS}/{unit['id']}"

        async def write(mode: str | None, **pairs: str | None) -> list[dict[str, str]]:
            change = {
                "applicationGuid": OWN_GUID,
                "externalData": [{"key": k, "value": v} for k, v in pairs.items()],
            } | ({"patchMode": mode} if mode else {})
            answer = await site.call("PATCH", path, body={"externalData": change})
            assert (answer.status, answer.json) == (200, {"id": unit["id"]})
            read = await site.get(path, externalDataApplicationGuid=OWN_GUID)
            found: list[dict[str, str]] = read["externalData"]
            return found

        assert await write("Merge", a="1", b="2") == [
            {"key": "a", "value": "1"},
            {"key": "b", "value": "2"},
        ]
        assert await write("Merge", b=None, c="3") == [
            {"key": "a", "value": "1"},
            {"key": "c", "value": "3"},
        ]
        assert await write(None, d="4") == [{"key": "d", "value": "4"}]
        assert (await site.get(path))["externalData"] == []

    on_site(check)


def test_wrong_external_data_is_refused_and_changes_nothing() -> None:
    async def check(site: Site) -> None:
        (customer, *_) = (await site.get(CUSTOMERS))["data"]
        path = f"{CUSTOMERS}/{customer['id']}"
        for change, field in (
            ({"externalData": []}, "externalData.applicationGuid"),
            ({"applicationGuid": OWN_GUID}, "externalData.externalData"),
            ({"applicationGuid": OWN_GUID, "externalData": [{"key": "k", "value": 1}]},
             "externalData.externalData[0].value"),
            ({"applicationGuid": OWN_GUID, "externalData": [], "patchMode": "Add"},
             "externalData.patchMode"),
        ):  # fmt: skip
            answer = await site.call("PATCH", path, body={"name": "X", "externalData": change})
            assert answer.status == 400
            assert field in answer.json["errors"]
        assert (await site.get(path))["name"] == customer["name"]

    on_site(check)


def test_customers_are_found_by_their_external_data() -> None:
    async def check(site: Site) -> None:
        query = {
            "externalDataApplicationGuid": LEGACY_GUID,
            "externalDataKey": LEGACY_KEY,
            "externalDataValues": "2001,2002",
        }
        page = await site.get(CUSTOMERS, **query)
        assert [one["externalData"][0]["value"] for one in page["data"]] == ["2001", "2002"]
        one = await site.get(f"{CUSTOMERS}/{page['data'][0]['id']}")
        assert one["externalData"] == []
        refused = await site.call("GET", CUSTOMERS, externalDataKey=LEGACY_KEY)
        assert refused.status == 400

    on_site(check, tenant=1002)


def test_merged_customers_are_inactive_and_name_who_took_them_in() -> None:
    async def check(site: Site) -> None:
        assert (await site.get(CUSTOMERS, name="Merged"))["data"] == []
        page = await site.get(CUSTOMERS, name="Merged", active="Any", sort="-Id")
        twice, once = page["data"]
        assert twice["mergedToId"] == once["id"]
        survivor = await site.get(f"{CUSTOMERS}/{once['mergedToId']}")
        assert (survivor["name"], survivor["active"]) == ("Survivor Holdings", True)

    on_site(check, tenant=1002)


def test_contacts_belong_to_their_customer() -> None:
    async def check(site: Site) -> None:
        page = await site.get(CUSTOMERS, pageSize=500)
        kinds: set[str] = set()
        for one in page["data"]:
            contacts = (await site.get(f"{CUSTOMERS}/{one['id']}/contacts"))["data"]
            kinds |= {contact["type"] for contact in contacts}
            phones = [c["value"] for c in contacts if c["type"] == "Phone"]
            if phones:
                found = await site.get(CUSTOMERS, phone=phones[0], pageSize=500)
                assert one["id"] in {c["id"] for c in found["data"]}
        assert kinds == {"Phone", "Email", "Fax", "MobilePhone"}
        assert (await site.call("GET", f"{CUSTOMERS}/1/contacts")).status == 404

    on_site(check, tenant=1002)


def test_a_customer_is_updated_field_by_field() -> None:
    async def check(site: Site) -> None:
        (customer, *_) = (await site.get(CUSTOMERS))["data"]
        path = f"{CUSTOMERS}/{customer['id']}"
        body = {"name": "Renamed", "doNotMail": True, "address": {"city": "Troy"}}
        after = (await site.call("PATCH", path, body=body)).json
        assert (after["name"], after["doNotMail"]) == ("Renamed", True)
        assert after["address"] == customer["address"] | {"city": "Troy"}
        wrong = await site.call("PATCH", path, body={"address": {"zip": 12345}})
        assert (wrong.status, list(wrong.json["errors"])) == (400, ["address.zip"])

    on_site(check)
