"""Journal entries as the stand-in ServiceTitan lists, shows and syncs them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from titan_site import ENTRIES, Site, on_site

from sandbox.servicetitan.app import STATE
from sandbox.servicetitan.state import State

EVERYTHING = {"pageSize": 500, "empty": "Include"}


def state(site: Site) -> State:
    return site.app[STATE]


async def one(site: Site, where: str = "NOT is_empty") -> dict[str, Any]:
    """The first journal entry of the tenant that fits."""
    row = (
        state(site)
        .db.execute(
            f"SELECT id FROM journal_entry WHERE tenant_id = ? AND {where} ORDER BY number",
            (site.tenant,),
        )
        .fetchone()
    )
    found: dict[str, Any] = await site.get(f"{ENTRIES}/{row['id']}")
    return found


def test_all_pages_together_hold_every_entry_once() -> None:
    async def check(site: Site) -> None:
        seen: list[int] = []
        for page in range(1, 9):
            answer = await site.get(
                ENTRIES,
                page=page,
                pageSize=40,
                sort="+Number",
                includeTotal="true",
                empty="Include",
            )
            seen += [entry["number"] for entry in answer["data"]]
            assert answer["totalCount"] == 250
            assert answer["hasMore"] is (page < 7)
        assert seen == list(range(3001, 3251))
        assert (await site.get(ENTRIES))["pageSize"] == 50
        assert (await site.get(ENTRIES))["totalCount"] is None

    on_site(check)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"pageSize": 501}, "pageSize"),
        ({"pageSize": 0}, "pageSize"),
        ({"page": 0}, "page"),
        ({"page": "first"}, "page"),
        ({"syncStatuses": "Pending"}, "syncStatuses"),
        ({"ids": "12"}, "ids"),
        ({"ids": ",".join(["7b0c8f0e-5f0a-4a39-9a7e-2f6f5a1f1c11"] * 51)}, "ids"),
        ({"modifiedBefore": "yesterday"}, "modifiedBefore"),
        ({"numberFrom": "x"}, "numberFrom"),
        ({"sort": "+Colour"}, "sort"),
        ({"empty": "Maybe"}, "empty"),
        ({"includeTotal": "perhaps"}, "includeTotal"),
        ({"name": "n" * 256}, "name"),
        ({f"customField.f{i}": "x" for i in range(6)}, "customField"),
    ],
)
def test_a_wrong_query_is_400_naming_the_parameter(query: dict[str, Any], field: str) -> None:
    async def check(site: Site) -> None:
        answer = await site.call("GET", ENTRIES, **query)
        assert answer.status == 400
        assert list(answer.json["errors"]) == [field]

    on_site(check)


def test_an_unknown_query_parameter_is_ignored() -> None:
    async def check(site: Site) -> None:
        assert (await site.call("GET", ENTRIES, colour="blue")).status == 200

    on_site(check)


def test_each_filter_finds_exactly_what_it_names() -> None:
    async def check(site: Site) -> None:
        every = (await site.get(ENTRIES, **EVERYTHING))["data"]

        async def found(**query: object) -> set[int]:
            page = await site.get(ENTRIES, **(EVERYTHING | query))
            return {entry["number"] for entry in page["data"]}

        def those(fits: Any) -> set[int]:
            return {entry["number"] for entry in every if fits(entry)}

        for query, fits in (
            ({"numberFrom": 3010, "numberTo": 3020}, lambda e: 3010 <= e["number"] <= 3020),
            (
                {"postedFrom": "2026-10-13T15:00:00Z", "postedTo": "2026-10-14"},
                lambda e: "2026-10-13" <= e["postDate"][:10] <= "2026-10-14",
            ),
            ({"statuses": "Closed"}, lambda e: e["status"] == "Closed"),
            ({"syncStatuses": "Excluded"}, lambda e: e["syncStatus"] == "Excluded"),
            ({"name": "onmouse"}, lambda e: "onmouse" in e["name"]),
            ({"ids": every[3]["id"].upper()}, lambda e: e is every[3]),
            (
                {"modifiedOnOrAfter": every[7]["modifiedOn"]},
                lambda e: e["modifiedOn"] >= every[7]["modifiedOn"][:26],
            ),
            (
                {"createdBefore": "2026-11-02T00:00:00+00:00"},
                lambda e: e["createdOn"] < "2026-11-02",
            ),
            ({"exportedFrom": "2026-11-01T00:00:00Z"}, lambda e: e["exportedOn"]),
            ({"exportedTo": "2026-10-01T00:00:00Z"}, lambda e: False),
            ({"exportedBy": "21,22"}, lambda e: e["exportedBy"]),
            ({"empty": "Exclude"}, lambda e: not e["isEmpty"]),
        ):
            assert await found(**query) == those(fits), query
        both = "Synced", "OutOfSync"
        listed = await site.call(
            "GET", f"{ENTRIES}?pageSize=500&syncStatuses=Synced&syncStatuses=OutOfSync"
        )
        assert {e["number"] for e in listed.json["data"]} == those(
            lambda e: e["syncStatus"] in both
        )

    on_site(check)


def test_filters_on_lines_find_entries_by_what_their_lines_hold() -> None:
    async def check(site: Site) -> None:
        every = (await site.get(ENTRIES, **EVERYTHING))["data"]
        rows: dict[int, list[dict[str, Any]]] = {}
        for entry in every:
            answer = await site.get(f"{ENTRIES}/{entry['id']}/details", pageSize=500)
            rows[entry["number"]] = answer["data"]
        some = next(r for lines in rows.values() for r in lines if r["customer"])
        name, unit = some["customer"]["name"], some["businessUnit"]["id"]
        reference = some["transaction"]["refNumber"]
        day = some["transactionDate"]
        for query, fits in (
            ({"businessUnitIds": unit}, lambda r: (r["businessUnit"] or {}).get("id") == unit),
            ({"customerName": name[1:]}, lambda r: (r["customer"] or {}).get("name") == name),
            ({"locationName": name}, lambda r: (r["customerLocation"] or {}).get("name") == name),
            ({"vendorName": "Ferguson"}, lambda r: r["vendor"]),
            ({"inventoryLocationName": "x"}, lambda r: False),
            ({"serviceAgreementIds": "1"}, lambda r: False),
            (
                {"refNumber": f"{reference},zzz"},
                lambda r: (r["transaction"] or {}).get("refNumber") == reference,
            ),
            (
                {"transactionTypes": "BankDeposit"},
                lambda r: (r["transaction"] or {}).get("type") == "BankDeposit",
            ),
            ({"transactionPostedFrom": day, "transactionPostedTo": day},
             lambda r: r["transactionDate"] == day),
        ):  # fmt: skip
            found = (await site.get(ENTRIES, **(EVERYTHING | query)))["data"]
            expected = {n for n, lines in rows.items() if any(fits(r) for r in lines)}
            assert {e["number"] for e in found} == expected, query

    on_site(check, tenant=1002)


def test_an_empty_entry_never_synced_is_left_out_unless_asked_for() -> None:
    async def check(site: Site) -> None:
        empty = await one(site, "is_empty")

        async def listed(**query: object) -> bool:
            page = await site.get(ENTRIES, pageSize=500, **query)
            return empty["id"] in {entry["id"] for entry in page["data"]}

        assert not await listed()
        assert await listed(empty="Include")
        assert await listed(ids=empty["id"])
        await site.start(empty["number"])
        assert await listed()
        assert not await listed(empty="Exclude")
        assert (await site.get(f"{ENTRIES}/{empty['id']}/details"))["data"] == []

    on_site(check)


def test_days_have_no_offset_and_stamps_seven_digits() -> None:
    async def check(site: Site) -> None:
        entry = await one(site)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00", entry["postDate"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", entry["modifiedOn"])

    on_site(check)


def test_money_keeps_all_its_decimals_as_a_json_number() -> None:
    async def check(site: Site) -> None:
        entry = await one(
            site,
            """EXISTS (SELECT 1 FROM line WHERE entry_id = journal_entry.id
               AND json LIKE '%33.3333333333333333333,%')""",
        )
        for lines in ("details", "summary"):
            answer = await site.call("GET", f"{ENTRIES}/{entry['id']}/{lines}")
            assert ":33.3333333333333333333," in answer.text

    on_site(check)


def test_the_summary_adds_up_the_details_by_account_and_business_unit() -> None:
    async def check(site: Site) -> None:
        entry = await one(site, "number = 3002")
        path = f"{ENTRIES}/{entry['id']}"
        details = (await site.get(f"{path}/details", pageSize=500))["data"]
        summary = (await site.get(f"{path}/summary", pageSize=500))["data"]

        def totals(rows: list[dict[str, Any]]) -> dict[tuple[int, int], Decimal]:
            sums: dict[tuple[int, int], Decimal] = {}
            for row in rows:
                key = (row["account"]["id"], row["businessUnit"]["id"])
                sums[key] = sums.get(key, Decimal(0)) + row["debit"] - row["credit"]
            return sums

        assert totals(summary) == totals(details)
        assert len(summary) < len(details)
        assert "customer" not in summary[0]

    on_site(check)


def test_long_entries_come_in_pages_of_at_most_500_lines() -> None:
    async def check(site: Site) -> None:
        row = (
            state(site)
            .db.execute("SELECT entry_id FROM line GROUP BY entry_id HAVING count(*) = 620")
            .fetchone()
        )
        path = f"{ENTRIES}/{row['entry_id']}/details"
        first = await site.get(path, pageSize=500, includeTotal="true")
        second = await site.get(path, pageSize=500, page=2)
        assert (len(first["data"]), first["hasMore"], first["totalCount"]) == (500, True, 620)
        assert (len(second["data"]), second["hasMore"]) == (120, False)
        assert (await site.call("GET", path, pageSize=501)).status == 400

    on_site(check, tenant=1002)


def test_an_unknown_entry_is_404_another_tenants_too_and_a_bad_id_400() -> None:
    async def check(site: Site) -> None:
        missing = "7b0c8f0e-5f0a-4a39-9a7e-2f6f5a1f1c11"
        assert (await site.call("GET", f"{ENTRIES}/{missing}")).status == 404
        assert (await site.call("GET", f"{ENTRIES}/12")).status == 400
        entry = await one(site)
        site.tenant = 1002
        assert (await site.call("GET", f"{ENTRIES}/{entry['id']}")).status == 404

    on_site(check)


def test_synced_needs_the_current_version() -> None:
    async def check(site: Site) -> None:
        entry = await one(site)
        path = f"{ENTRIES}/{entry['id']}/sync"
        for body in (
            {"syncStatus": "Synced"},
            {"syncStatus": "Synced", "versionId": entry["versionId"] + 1},
            {"syncStatus": "Synced", "versionId": "1"},
            {"syncStatus": "Synced", "versionId": True},
        ):
            answer = await site.call("PATCH", path, body=body)
            assert answer.status == 400
            assert "versionId" in answer.json["errors"]
        body = {"syncStatus": "Synced", "versionId": entry["versionId"], "message": "JE-7"}
        answer = await site.call("PATCH", path, body=body | {"unheardOf": 1})
        assert answer.status == 200
        synced = answer.json
        assert synced["syncStatus"] == "Synced"
        assert synced["lastSyncVersionId"] == synced["versionId"] == entry["versionId"]
        assert synced["message"] == "JE-7"
        assert synced["exportedOn"]
        assert synced["modifiedOn"] > entry["modifiedOn"]

    on_site(check)


def test_error_carries_a_message_and_needs_no_version() -> None:
    async def check(site: Site) -> None:
        entry = await one(site)
        path = f"{ENTRIES}/{entry['id']}/sync"
        body = {"syncStatus": "Error", "message": "Account 4000 is inactive"}
        answer = (await site.call("PATCH", path, body=body)).json
        assert (answer["syncStatus"], answer["message"]) == ("Error", body["message"])
        again = (await site.call("PATCH", path, body={"syncStatus": "InProgress"})).json
        assert (again["syncStatus"], again["message"]) == ("InProgress", None)
        assert again["versionId"] == entry["versionId"]

    on_site(check)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "syncStatus"),
        ({"syncStatus": "Done"}, "syncStatus"),
        ({"syncStatus": 3}, "syncStatus"),
        ({"syncStatus": "Error", "message": 5}, "message"),
        ({"syncStatus": "Error", "customFields": {"a": 1}}, "customFields.a"),
        ({"syncStatus": "Error", "customFields": {str(i): "x" for i in range(6)}}, "customFields"),
        (b"[1]", ""),
        (b"{", ""),
    ],
)
def test_a_wrong_body_is_400_naming_the_field(body: object, field: str) -> None:
    async def check(site: Site) -> None:
        entry = await one(site)
        answer = await site.call("PATCH", f"{ENTRIES}/{entry['id']}/sync", body=body)
        assert answer.status == 400
        assert field in answer.json["errors"]
        assert (await site.get(f"{ENTRIES}/{entry['id']}")) == entry

    on_site(check)


def test_custom_fields_are_merged_five_in_all_and_can_be_searched() -> None:
    async def check(site: Site) -> None:
        entry = await one(site)
        path = f"{ENTRIES}/{entry['id']}"
        first = {"erpId": "77", "a": "1", "b": "2", "c": "3"}
        await site.call("PATCH", path, body={"customFields": first})
        body = {"syncStatus": "Error", "customFields": {"a": None, "d": "4"}}
        shown = (await site.call("PATCH", f"{path}/sync", body=body)).json["customFields"]
        assert {f["name"]: f["value"] for f in shown} == first | {"a": None, "d": "4"}
        sixth = await site.call("PATCH", path, body={"customFields": {"e": "5"}})
        assert sixth.status == 400
        found = await site.get(ENTRIES, **{"customField.erpId": "77"})
        assert [e["id"] for e in found["data"]] == [entry["id"]]
        none = await site.get(ENTRIES, **{"customField.erpId": "77", "customField.a": "1"})
        assert none["data"] == []

    on_site(check)


def test_closing_an_entry_changes_neither_content_nor_version() -> None:
    async def check(site: Site) -> None:
        entry = await one(site, "status = 'Open' AND NOT is_empty")
        answer = await site.call("PATCH", f"{ENTRIES}/{entry['id']}", body={"status": "Closed"})
        assert answer.json["status"] == "Closed"
        assert answer.json["versionId"] == entry["versionId"]
        bad = await site.call("PATCH", f"{ENTRIES}/{entry['id']}", body={"status": "Ajar"})
        assert bad.status == 400

    on_site(check)
