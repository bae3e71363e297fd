"""GET: one record, a list, a sublist, the metadata, and headers every answer carries."""

from __future__ import annotations

import pytest
from netsuite_site import BANK, INCOME, RECORD, SINGLE, SITE_PATHS, Site, journal, line, on_site


def test_a_record_shows_references_with_names_and_sublists_as_links() -> None:
    async def check(site: Site) -> None:
        created = await site.post("journalEntry", journal(externalId="st-1", tranId="A-1"))
        shown = (await site.get("journalentry/EID:ST-1")).json
        assert shown["id"] == created.id
        assert shown["externalId"] == "st-1"
        assert shown["tranDate"] == "2026-01-15"
        assert shown["subsidiary"]["id"] == "2"
        assert shown["subsidiary"]["refName"] == "East"
        assert shown["approvalStatus"] == {"id": "2", "refName": "Approved"}
        assert set(shown["line"]) == {"links"}

    on_site(check)


def test_sub_resources_expand_on_demand() -> None:
    async def check(site: Site) -> None:
        created = await site.post("journalEntry", journal())
        path = f"journalEntry/{created.id}?expandSubResources=true&simpleEnumFormat=true"
        shown = (await site.get(path)).json
        assert shown["approvalStatus"] == "2"
        first, second = shown["line"]["items"]
        assert (first["line"], first["debit"], first["account"]["refName"]) == (
            0,
            100.25,
            "1000 Bank",
        )
        assert (second["line"], second["credit"]) == (1, 100.25)
        assert "debit" not in second

    on_site(check)


def test_what_get_shows_can_be_sent_back() -> None:
    async def check(site: Site) -> None:
        created = await site.post("journalEntry", journal(externalId="st-1"))
        shown = (await site.get(f"journalEntry/{created.id}?expandSubResources=true")).json
        path = f"{RECORD}/journalEntry/{created.id}?replace=line"
        answer = await site.call("PATCH", path, shown, X_NetSuite_PropertyNameValidation="Error")
        assert answer.status == 204
        assert len((await site.journals())[0]["lines"]) == 2

    on_site(check)


def test_fields_limits_what_is_shown() -> None:
    async def check(site: Site) -> None:
        created = await site.post("journalEntry", journal(memo="m"))
        shown = (await site.get(f"journalEntry/{created.id}?fields=memo,trandate")).json
        assert {"memo", "tranDate"} <= set(shown) <= {"memo", "tranDate", "links", "id", "refName"}

    on_site(check)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["50", "51", "52"]),
        ('?q=companyName IS "acme"', ["50"]),
        ('?q=entityId START_WITH "CUST" AND isInactive IS false', ["50", "51"]),
        ('?q=lastName EMPTY_NOT OR companyName CONTAIN "on"', ["51", "52"]),
        ("?q=id ANY_OF [50, 52]", ["50", "52"]),
        ('?q=(id EQUAL 51) OR dateCreated BEFORE "1/1/2019"', ["51"]),
        ("?limit=2&offset=2", ["52"]),
    ],
)
def test_a_list_shows_the_ids_that_match(query: str, ids: list[str]) -> None:
    async def check(site: Site) -> None:
        answer = await site.get(f"customer{query}")
        assert answer.status == 200, answer.text
        assert [item["id"] for item in answer.json["items"]] == ids

    on_site(check)


@pytest.mark.parametrize(
    "query", ["?q=nope IS 1", "?q=companyName LOOKS 1", "?q=id EQUAL", "?limit=2&offset=1", "?x=1"]
)
def test_a_list_query_that_makes_no_sense_is_refused(query: str) -> None:
    async def check(site: Site) -> None:
        assert (await site.get(f"customer{query}")).code == "INVALID_PARAMETER"

    on_site(check)


def test_an_unknown_field_is_dropped_with_a_warning_by_default() -> None:
    async def check(site: Site) -> None:
        lines = [line(BANK, debit=5, colour="red"), line(INCOME, credit=5)]
        body = journal(*lines, flavour="sour")
        path = "line.items[0].colour"
        warned = await site.post("journalEntry", body)
        assert warned.status == 204
        assert set(warned.headers["X-Netsuite-Propertyvalidation"].split(", ")) == {path, "flavour"}
        ignored = await site.post("journalEntry", body, X_NetSuite_PropertyNameValidation="Ignore")
        assert ignored.status == 204
        assert "X-Netsuite-Propertyvalidation" not in ignored.headers
        refused = await site.post("journalEntry", body, X_NetSuite_PropertyNameValidation="Error")
        assert (refused.status, refused.code) == (400, "INVALID_CONTENT")
        odd = await site.post("journalEntry", body, X_NetSuite_PropertyNameValidation="Maybe")
        assert odd.code == "INVALID_HEADER"

    on_site(check)


def test_names_are_taken_whatever_their_case_and_references_in_every_form() -> None:
    async def check(site: Site) -> None:
        await site.call("PATCH", f"{RECORD}/account/{BANK}", {"externalId": "the-bank"})
        body = {
            "SUBSIDIARY": 2,
            "trandate": "2026-01-15",
            "postingperiod": "11",
            "Line": {
                "items": [
                    {"account": {"externalId": "the-bank"}, "debit": 5},
                    {"Account": "4", "credit": 5},
                ]
            },
        }
        answer = await site.post("JOURNALENTRY", body, X_NetSuite_PropertyNameValidation="Error")
        assert answer.status == 204

    on_site(check)


@pytest.mark.parametrize(("method", "path"), SITE_PATHS)
def test_every_answer_carries_an_operation_id(method: str, path: str) -> None:
    async def check(site: Site) -> None:
        body = journal() if method == "POST" else None
        first = await site.call(method, path, body)
        second = await site.call(method, path, body)
        assert first.headers["X-N-Operationid"] != second.headers["X-N-Operationid"]

    on_site(check)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{RECORD}/nonsense", 404),
        ("POST", f"{RECORD}/nonsense", 404),
        ("GET", "/services/rest/nonsense", 404),
        ("DELETE", f"{RECORD}/journalEntry/1/line", 405),
        ("GET", f"{RECORD}/journalEntry/1/line/2/3", 404),
    ],
)
def test_what_is_not_served_is_refused_in_json(method: str, path: str, status: int) -> None:
    async def check(site: Site) -> None:
        answer = await site.call(method, path, {} if method == "POST" else None)
        assert (answer.status, answer.json["status"]) == (status, status)

    on_site(check)


def test_a_body_that_is_no_json_is_refused() -> None:
    async def check(site: Site) -> None:
        for data in (b"{", b'{"memo": NaN}', b"\xff"):
            headers = {**site.headers, "Content-Type": "application/json"}
            url = f"{site.url}{RECORD}/journalEntry"
            async with site.session.post(url, data=data, headers=headers) as answer:
                assert answer.status == 400
                assert "o:errorDetails" in await answer.json(content_type=None)

    on_site(check)


def test_a_batch_or_an_asynchronous_request_is_refused() -> None:
    async def check(site: Site) -> None:
        answer = await site.post("journalEntry", journal(), Prefer="respond-async")
        assert answer.status == 400
        assert await site.journals() == []

    on_site(check)


def test_the_catalogue_tells_a_oneworld_account_from_a_single_one() -> None:
    async def one_world(site: Site) -> None:
        names = [item["name"] for item in (await site.get("metadata-catalog")).json["items"]]
        assert {"journalEntry", "customer", "subsidiary", "invoice"} <= set(names)
        schema = (await site.get("metadata-catalog/journalentry")).json
        assert "subsidiary" in schema["properties"]
        assert (
            "account" in schema["properties"]["line"]["properties"]["items"]["items"]["properties"]
        )

    async def single(site: Site) -> None:
        names = [item["name"] for item in (await site.get("metadata-catalog")).json["items"]]
        assert "subsidiary" not in names
        assert "subsidiary" not in (await site.get("metadata-catalog/invoice")).json["properties"]
        assert (await site.get("metadata-catalog/subsidiary")).status == 404

    on_site(one_world)
    on_site(single, SINGLE)


def test_the_catalogue_comes_as_openapi_on_demand() -> None:
    async def check(site: Site) -> None:
        path = f"{RECORD}/metadata-catalog?select=customer,journalEntry"
        answer = await site.call("GET", path, Accept="application/swagger+json")
        assert set(answer.json["components"]["schemas"]) == {"customer", "journalEntry"}

    on_site(check)


def test_limits_and_clock_are_told() -> None:
    async def check(site: Site) -> None:
        limits = (await site.call("GET", "/services/rest/system/v1/governanceLimits")).json
        assert limits["accountConcurrencyLimit"] == 5
        clock = (await site.call("GET", "/services/rest/system/v1/serverTime")).json
        assert clock["serverTime"].endswith("Z")

    on_site(check)
