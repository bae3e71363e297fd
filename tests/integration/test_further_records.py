"""A document's further records are never lost, doubled, or posted beside one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


def costly(site: Site) -> list[dict[str, Any]]:
    """Invoices with cost of sales."""
    return [
        d
        for d in site.entries()
        if d["valid"] and d["cogs"] and d["becomes"] == "invoice" and d["sync_status"] == "Pending"
    ]


def status(site: Site, document: dict[str, Any]) -> str:
    """What ServiceTitan shows of it now."""
    now = (d for d in site.entries() if (d["type"], d["id"]) == (document["type"], document["id"]))
    return str(next(now)["sync_status"])


def put(site: Site, rows: Iterable[MappingRow]) -> None:
    with Ledger(site.ledger_url) as ledger:
        mappings.save(ledger, site.tenant_id, rows, "a person")


def part(site: Site, invoice: dict[str, Any]) -> Any:
    """The ledger's row of an invoice's cost of sales."""
    found = site.documents("invoice", "cogs").values()
    return next(row for row in found if row.source_id == invoice["id"])


def test_an_invoice_is_exported_only_when_its_cost_of_sales_is_in_netsuite_too(den: Site) -> None:
    invoice, other = costly(den)[:2]
    den.post_batch([other])
    den.run("fills the mappings")
    with Ledger(den.ledger_url) as ledger:
        known = mappings.read(ledger, den.tenant_id)
    costs = {r.source_key: r for r in known if r.kind == "gl_account" and "Cost" in r.source_name}
    put(den, (replace(row, target=None) for row in costs.values()))
    den.post_batch([invoice])
    den.run("no account for the cost")
    assert (part(den, invoice).state, part(den, invoice).cause) == ("blocked", "account_not_mapped")
    assert status(den, invoice) == "Posted", "exported, it would be listed no more, its cost lost"
    put(den, costs.values())
    den.run("mapped again")
    assert part(den, invoice).state == "confirmed"
    assert status(den, invoice) == "Exported"


def test_a_document_that_names_a_record_netsuite_lacks_stops_itself_and_no_other(den: Site) -> None:
    sold = [d for d in den.entries() if d["valid"] and d["becomes"] == "invoice" and not d["cogs"]]
    one, other = [d for d in sold if d["sync_status"] == "Pending" and not d["parents"]][:2]
    den.post_batch([one, other])
    context = den.prepare("first")
    with Ledger(den.ledger_url) as ledger, ledger.writing() as connection:
        connection.exec_driver_sql(
            "DELETE FROM dependency WHERE document_id = "
            f"(SELECT id FROM document WHERE source_id = '{one['id']}')"
        )
    den.post(context)
    rows = den.rows()
    row = rows["invoice", one["id"]]
    assert (row.state, row.cause) == ("blocked", "parent_blocked")
    assert "customer" in row.sentence
    assert rows["invoice", other["id"]].state == "confirmed"
    den.run("second")
    assert den.rows()["invoice", one["id"]].state == "confirmed"
