"""What the app or the role may not see stops only the documents that need it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.site import Site


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


def test_without_servicetitans_vendors_what_names_none_goes_on(den: Site) -> None:
    adjustment = next(d for d in den.batchable("adjustment") if d["valid"])
    bill = next(d for d in den.batchable("ap_bill") if d["case"] == "bill_of_rent")
    assert bill["valid"]
    den.post_batch([adjustment, bill])
    den.faults({"route": "GET vendors", "fault": "403", "probability": 1.0}, side="servicetitan")
    den.run("first")
    assert {row.state for row in den.documents("inventory_adjustment").values()} == {"confirmed"}
    (row,) = den.documents("vendor_bill").values()
    assert (row.state, row.cause) == ("blocked", "vendor_missing")
    den.no_faults()
    den.run("second")
    (row,) = den.documents("vendor_bill").values()
    assert row.state == "confirmed"
