"""Vendors and accounts between the two stand-ins: found, linked, created, never doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.errors import UncertainOutcome
from servicetitan_netsuite.ledger import mappings, totals
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite import reference as master
from servicetitan_netsuite.netsuite import vendors as books_vendors
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.netsuite.suiteql import rows
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps import master_data, master_summary, vendors
from support.site import Site, call, patiently


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    return make_site("den")


def linked(site: Site, **master_data: Any) -> dict[str, str | None]:
    """ServiceTitan's vendors by name with the NetSuite vendor each is linked to."""
    tenant = site.tenant
    assert tenant.master_data
    if master_data:
        changed = tenant.master_data.model_copy(update=master_data)
        tenant = tenant.model_copy(update={"master_data": changed})
    context = site.context("links")

    async def read() -> dict[str, str | None]:
        own = servicetitan_credentials(context.servicetitan, site.tenant_id)
        async with (
            ServiceTitan(own) as servicetitan,
            NetSuite(netsuite_credentials(context.netsuite), times(context.netsuite)) as netsuite,
        ):
            profile = await account.discover(netsuite)
            reference = await master.reference(netsuite, profile)
            _, new = await vendors.linked(tenant, servicetitan, netsuite, profile, reference, [])
            return {row.source_name: row.target for row in new}

    return asyncio.run(read())


def test_vendors_are_linked_by_external_data_then_by_a_name_that_stands_once(den: Site) -> None:
    assert linked(den) == {
        "Ferguson Branch 12": "3101",
        "Rocky Mountain HVAC Supply": "3102",
        "Front Range Plumbing Wholesale": "3103",
        "Mile High Electric Supply": "3104",
        "Larimer Properties": "3105",
        "Håndværk & Söhne <GmbH>": "3106",
        "Albany Sheet Metal": "3110",
    }


def test_without_the_flag_no_vendor_is_found_by_name(den: Site) -> None:
    found = linked(den, vendor_flag="custentity_elsewhere")
    assert found == {"Ferguson Branch 12": "3101", "Mile High Electric Supply": "3104"}


def sync(site: Site, run_id: str = "m1", **params: Any) -> dict[str, Any]:
    """A master data run to its end, and its summary."""
    context = replace(site.context(run_id, **params), dag_id=site.tenant.master_data_dag_id)
    patiently(master_data.run, context)
    return master_summary.run(context, ())


def done(summary: dict[str, Any], kind: str = "vendor") -> dict[str, str]:
    return {one["name"]: one["action"] for one in summary["records"] if one["kind"] == kind}


def field_writes(site: Site) -> int:
    return int(call(site.servicetitan, "/sandbox/truth")["writes"])


def listed(site: Site, module: str, path: str) -> list[dict[str, Any]]:
    context = site.context("list")
    guid = site.tenant.master_data.application_guid if site.tenant.master_data else None
    params = {"active": "Any", "externalDataApplicationGuid": guid if path == "vendors" else None}

    async def read() -> list[dict[str, Any]]:
        own = servicetitan_credentials(context.servicetitan, site.tenant_id)
        async with ServiceTitan(own) as client:
            return [row async for rows in client.pages(module, path, params) for row in rows]

    return asyncio.run(read())


def titan_vendors(site: Site) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in listed(site, "inventory", "vendors"):
        found.setdefault(row["name"], []).append(row)
    return found


def carried(row: dict[str, Any]) -> str | None:
    return next((p["value"] for p in row["externalData"] if p["key"] == "netsuite_id"), None)


def links_of(site: Site, kind: str) -> dict[str, str | None]:
    with Ledger(site.ledger_url) as ledger:
        rows = mappings.read(ledger, site.tenant_id)
    return {row.source_key: row.target for row in rows if row.kind == kind}


def test_flagged_vendors_and_accounts_reach_servicetitan_and_others_do_not(den: Site) -> None:
    rehearsal = sync(den, "rehearsal", dry_run=True)
    assert field_writes(den) == 0
    assert links_of(den, "vendor") == {}
    summary = sync(den)
    assert summary["status"] == "completed_with_errors"
    assert done(rehearsal) == done(summary)
    assert done(rehearsal, "gl_account") == done(summary, "gl_account")
    assert done(summary) == {
        "Colorado Freight": "created",
        "Aurora Safety Gear": "created",
        "Ferguson Enterprises": "linked",
        "Rocky Mountain HVAC Supply": "linked",
        "Front Range Plumbing Wholesale": "linked",
        "Mile High Electric Supply": "linked",
        "Larimer Properties": "linked",
        "Håndværk & Söhne <GmbH>": "linked",
        "Albany Sheet Metal": "linked",
        "Twin Peaks Parts": "blocked",
        "Old Boiler Parts": "skipped",
    }
    assert done(summary, "gl_account") == {
        "4000 Service Revenue": "linked",
        "6010 Office Supplies": "linked",
        "6050 Bad Debt": "linked",
        "9000 Depreciation": "created",
    }
    theirs = titan_vendors(den)
    assert {name: len(rows) for name, rows in theirs.items() if len(rows) > 1} == {}
    assert carried(theirs["Colorado Freight"][0]) == "3107"
    assert carried(theirs["Rocky Mountain HVAC Supply"][0]) == "3102"
    assert carried(theirs["Pueblo Tool Rental"][0]) is None
    linked_now = links_of(den, "vendor")
    assert linked_now[str(theirs["Colorado Freight"][0]["id"])] == "3107"
    assert linked_now[str(theirs["Ferguson Branch 12"][0]["id"])] == "3101"
    (account,) = [a for a in listed(den, "accounting", "gl-accounts") if a["number"] == "9000"]
    assert (account["name"], account["type"]) == ("Depreciation", "Expense")
    assert str(account["id"]) in links_of(den, "gl_account")

    before = field_writes(den)
    again = sync(den, "m2")
    assert set(done(again).values()) == {"blocked", "skipped"}
    assert done(again, "gl_account") == {}
    assert field_writes(den) == before


def test_what_netsuite_changes_is_changed_and_nothing_else(den: Site) -> None:
    sync(den)
    before = {row["id"]: row for rows in titan_vendors(den).values() for row in rows}
    change_vendor(den, "3104", {"companyName": "Mile High Electric Co", "phone": "303-555-9999"})
    summary = sync(den, "m2")
    assert done(summary)["Mile High Electric Co"] == "updated"
    after = {row["id"]: row for rows in titan_vendors(den).values() for row in rows}
    changed = [row for key, row in after.items() if row != before[key]]
    (row,) = changed
    assert row["name"] == "Mile High Electric Co"
    assert row["contactInfo"]["phone"] == "303-555-9999"
    assert row["contactInfo"]["email"] == before[row["id"]]["contactInfo"]["email"]
    assert carried(row) == "3104"


@pytest.mark.parametrize("fault", ["drop_after_write", "500_after_write", "drop_before_write"])
def test_a_creation_whose_answer_is_lost_makes_no_second_vendor(den: Site, fault: str) -> None:
    den.faults({"route": "POST vendors", "fault": fault, "next": 1}, side="servicetitan")
    summary = sync(den)
    assert call(den.servicetitan, "/sandbox/truth")["faults"] == {fault: 1}
    theirs = titan_vendors(den)
    assert len(theirs["Colorado Freight"]) == len(theirs["Aurora Safety Gear"]) == 1
    assert links_of(den, "vendor")[str(theirs["Colorado Freight"][0]["id"])] == "3107"
    assert "uncertain" not in done(summary).values()


def test_what_servicetitan_refuses_is_told_and_stops_no_other(den: Site) -> None:
    make_account(den, {"name": "Depreciation", "type": "Expense"})
    summary = sync(den)
    assert done(summary, "gl_account")["9000 Depreciation"] == "refused"
    (told,) = [one for one in summary["records"] if one["action"] == "refused"]
    assert "409" in told["sentence"]
    assert told["advice"]
    assert done(summary)["Colorado Freight"] == "created"


def test_a_worker_that_died_between_creation_and_link_makes_no_second_vendor(
    den: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = mappings.put

    def dies(*given: Any, only_new: bool) -> int:
        if any(row.target == "3107" for row in given[2]):
            raise RuntimeError("killed")
        return kept(*given, only_new=only_new)

    with monkeypatch.context() as patched:
        patched.setattr(mappings, "put", dies)
        with pytest.raises(RuntimeError, match="killed"):
            sync(den)
    made = [r for rows in titan_vendors(den).values() for r in rows if carried(r) == "3107"]
    assert len(made) == 1
    sync(den)
    theirs = titan_vendors(den)
    assert len(theirs["Colorado Freight"]) == len(theirs["Aurora Safety Gear"]) == 1
    assert links_of(den, "vendor")[str(theirs["Colorado Freight"][0]["id"])] == "3107"
    accounts = [a for a in listed(den, "accounting", "gl-accounts") if a["number"] == "9000"]
    assert len(accounts) == 1


def change_vendor(site: Site, number: str, values: dict[str, Any]) -> None:
    change_record(site, "vendor", number, values)


def change_record(site: Site, kind: str, number: str, values: dict[str, Any]) -> None:
    context = site.context("change")

    async def change() -> None:
        own = netsuite_credentials(context.netsuite)
        async with NetSuite(own, times(context.netsuite)) as client:
            done = await client.send("PATCH", f"record/v1/{kind}/{number}", body=values)
            assert done.status == 204, done

    asyncio.run(change())


def make_account(site: Site, body: dict[str, Any]) -> None:
    context = site.context("make")

    async def make() -> None:
        own = servicetitan_credentials(context.servicetitan, site.tenant_id)
        async with ServiceTitan(own) as client:
            await client.post("accounting", "gl-accounts", body)

    asyncio.run(make())


def test_an_account_renumbered_before_its_creation_was_known_is_not_made_twice(den: Site) -> None:
    context = replace(den.context("lost"), dag_id=den.tenant.master_data_dag_id)
    den.faults(
        {"route": "POST gl-accounts", "fault": "drop_after_write", "next": 1}, side="servicetitan"
    )
    with pytest.raises(UncertainOutcome):
        master_data.run(context)
    change_record(
        den, "account", account_of(den, "9000"), {"acctNumber": "9001", "acctName": "Wear"}
    )
    sync(den, "lost")
    numbers = ("9000", "9001")
    made = [a for a in listed(den, "accounting", "gl-accounts") if a["number"] in numbers]
    assert [(account["number"], account["name"]) for account in made] == [("9001", "Wear")]
    assert str(made[0]["id"]) in links_of(den, "gl_account")


def test_addresses_that_netsuite_does_not_show_any_more_are_not_emptied_in_servicetitan(
    den: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = dict.fromkeys(books_vendors.ADDRESS, "") | {"addr1": "1 Main St", "city": "Denver"}

    async def shown(client: NetSuite) -> dict[str, Any]:
        return {"3107": place}

    async def hidden(client: NetSuite) -> dict[str, Any]:
        raise ReadRefused("no", 403, "")

    for run_id, addresses in (("m1", shown), ("m2", hidden), ("m3", shown)):
        with monkeypatch.context() as patched:
            patched.setattr(books_vendors, "addresses", addresses)
            sync(den, run_id)
        assert titan_vendors(den)["Colorado Freight"][0]["address"]["city"] == "Denver"


def test_a_link_that_a_person_makes_while_a_run_works_is_kept(
    den: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    (theirs,) = titan_vendors(den)["Larimer Properties"]
    own = MappingRow("vendor", str(theirs["id"]), theirs["name"], "3103")
    read = mappings.read

    def then_linked(ledger: Ledger, tenant_id: str) -> Any:
        known = read(ledger, tenant_id)
        if not any(row.source_key == own.source_key for row in known):
            mappings.save(ledger, tenant_id, [own], "a person")
        return known

    with monkeypatch.context() as patched:
        patched.setattr(mappings, "read", then_linked)
        sync(den)
    assert links_of(den, "vendor")[own.source_key] == "3103"


def test_a_run_that_never_began_is_not_taken_for_the_latest_run_of_documents(den: Site) -> None:
    context = replace(den.context("m1"), dag_id=den.tenant.master_data_dag_id)
    summary = master_summary.run(context, (master_data.STEP,))
    assert summary["status"] == "failed"
    with Ledger(den.ledger_url) as ledger:
        assert totals.latest_run(ledger, den.tenant_id) is None


def account_of(site: Site, number: str) -> str:
    context = site.context("account")

    async def read() -> str:
        async with NetSuite(
            netsuite_credentials(context.netsuite), times(context.netsuite)
        ) as client:
            found = await rows(client, f"SELECT id FROM account WHERE acctnumber = '{number}'")
            return found[0]["id"]

    return asyncio.run(read())
