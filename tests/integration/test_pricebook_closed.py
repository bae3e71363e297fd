"""An app that may not read the pricebook: what needs it is blocked, all else goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support.site import Site


def test_a_pricebook_that_may_not_be_read_stops_only_what_needs_it(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("den")
    pending = [d for d in site.entries() if d["sync_status"] == "Pending" and d["valid"]]
    counted = next(d for d in pending if d["type"] == "adjustment")
    rent = next(d for d in pending if d["case"] == "bill_of_rent")
    site.post_batch([counted, rent])
    refused = {"fault": "403", "probability": 1.0}
    lists = ("services", "materials", "equipment")
    site.faults(*({"route": name, **refused} for name in lists), side="servicetitan")
    site.run("first")
    row = _row(site, "inventory_adjustment", counted)
    assert (row.state, row.cause) == ("blocked", "account_not_mapped")
    assert "does not let the app read the pricebook" in row.sentence
    assert _row(site, "vendor_bill", rent).state == "confirmed"
    site.no_faults()
    site.run("second")
    assert _row(site, "inventory_adjustment", counted).netsuite_id is not None


def _row(site: Site, kind: str, document: dict[str, Any]) -> Any:
    return site.rows()[kind, document["id"]]
