"""Vendors and accounts between the two stand-ins: found, linked, created, never doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite import reference as master
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps import vendors
from support.site import Site


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
