"""What the account is like decides what is sent: its preferences, told by the tenant file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site, call


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    return make_site("den")


def with_netsuite(site: Site, **netsuite: Any) -> Site:
    changed = site.tenant.netsuite.model_copy(update=netsuite)
    return replace(site, tenant=site.tenant.model_copy(update={"netsuite": changed}))


def one_invoice(site: Site) -> dict[str, Any]:
    documents = call(site.servicetitan, "/sandbox/truth")["documents"]
    own = (d for d in documents if str(d["tenant_id"]) == site.tenant_id)
    found = next(d for d in own if d["type"] == "invoice" and d["valid"])
    site.post_batch([found])
    return dict(found)


def rehearsed(site: Site, run: str) -> Any:
    """The invoice's row on the page of a dry run."""
    site.prepare(run, dry_run=True)
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        sql = (
            "SELECT d.verdict, d.cause, d.sentence, d.body FROM run_document d JOIN run r "
            f"ON r.id = d.run_id WHERE r.run_id = '{run}' AND d.document_type = 'invoice'"
        )
        (row,) = connection.exec_driver_sql(sql).all()
    return row


def test_a_number_is_given_only_where_the_account_lets_it(den: Site) -> None:
    invoice = one_invoice(den)
    assert json.loads(rehearsed(den, "r1").body)["tranId"] == f"DEN-{invoice['number']}"
    left = with_netsuite(den, number_override=False)
    assert "tranId" not in json.loads(rehearsed(left, "r2").body)


def test_a_mandatory_segment_that_is_not_mapped_blocks_before_netsuite_refuses(den: Site) -> None:
    one_invoice(den)
    assert rehearsed(den, "r1").verdict == "ready"
    row = rehearsed(with_netsuite(den, mandatory=("department",)), "r2")
    assert (row.verdict, row.cause) == ("blocked", "classification_missing")
    assert "department" in row.sentence.lower()
