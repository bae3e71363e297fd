"""Documents from before go-live, linked by CSV, stand in for parents this sync never posted."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from servicetitan_netsuite import cli
from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.mapping.table import COLUMNS
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from support.site import Site, call


def importing(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: Path,
    *lines: str,
) -> tuple[int, str]:
    """The exit code and the words of an import of these lines."""
    context = site.context("unused")
    monkeypatch.setenv("SYNC_LEDGER_URL", site.ledger_url)
    for fields in (context.servicetitan, context.netsuite):
        monkeypatch.setenv(f"AIRFLOW_CONN_{fields.id.upper()}", _as_json(fields))
    file.write_text("\n".join((",".join(COLUMNS), *lines)))
    monkeypatch.setattr(sys, "argv", ["stn", "mappings", "import", "den", str(file)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out + told.err


def _as_json(fields: ConnectionFields) -> str:
    return json.dumps(
        {
            "conn_type": fields.kind,
            "host": fields.host,
            "login": fields.login,
            "password": fields.password,
            "extra": dict(fields.extra),
        }
    )


def by_hand(site: Site, path: str, body: dict[str, Any]) -> None:
    fields = site.context("unused").netsuite

    async def act() -> None:
        async with NetSuite(credentials(fields), times(fields)) as client:
            exchange = await client.send("PATCH", path, body=body)
            assert exchange.status == 204, exchange.text

    asyncio.run(act())


def applied_memo(site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """A credit memo and the one invoice it is applied to."""
    documents = call(site.servicetitan, "/sandbox/truth")["documents"]
    own = [d for d in documents if str(d["tenant_id"]) == site.tenant_id]
    memo = next(d for d in own if d["case"] == "memo_applied" and d["valid"])
    ((kind, number),) = memo["parents"]
    invoice = next(d for d in own if [d["type"], str(d["id"])] == [kind, str(number)])
    return memo, invoice


def record_of(site: Site, kind: str, number: object) -> dict[str, Any]:
    name = f"st-{site.tenant_id}-{kind}-{number}"
    return next(r for r in site.truth()["records"] if r["external_id"] == name)


def test_a_credit_memo_of_an_invoice_from_before_go_live_is_released_by_its_link(
    make_site: Callable[..., Site],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = make_site("den")
    memo, invoice = applied_memo(before)
    before.post_batch([invoice])
    before.run("posted by what came before")
    held = record_of(before, "invoice", invoice["id"])

    def taken(site: Site, line: str) -> tuple[int, str]:
        return importing(site, monkeypatch, capsys, tmp_path / "openings.csv", line)

    line = f"opening_invoice,{invoice['id']},,{held['id']},,,,"
    code, words = taken(before, line)
    assert code == 2
    assert "this sync has posted that invoice itself" in words

    by_hand(before, f"record/v1/invoice/{held['id']}", {"externalId": "st-louis-invoice-1"})
    site = replace(before, ledger_url=f"sqlite:///{tmp_path}/after.db")
    migrate(site.ledger_url)
    site.post_batch([memo])
    site.run("r1")
    row = site.documents("credit_memo")[str(memo["number"])]
    assert (row.state, row.cause) == ("blocked", "parent_blocked")

    customer = next(r for r in site.truth()["records"] if r["type"].lower() == "customer")
    for wrong, why in ((customer["id"], "no transaction"), ("999999", "no transaction")):
        code, words = taken(site, f"opening_invoice,{invoice['id']},,{wrong},,,,")
        assert (code, why in words) == (2, True), words
    code, words = taken(site, f"opening_vendor_bill,{invoice['id']},,{held['id']},,,,")
    assert (code, "not a vendorbill" in words) == (2, True), words

    assert taken(site, line)[0] == 0
    site.run("r2")
    row = site.documents("credit_memo")[str(memo["number"])]
    assert row.state == "confirmed"
    posted = record_of(site, "credit_memo", memo["id"])
    assert str(posted["id"]) == row.netsuite_id


def test_a_linked_document_is_in_netsuite_already_and_never_posted_again(
    make_site: Callable[..., Site],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = make_site("den")
    own = [d for d in before.entries() if d["valid"] and d["sync_status"] == "Pending"]
    invoice = next(d for d in own if d["type"] == "invoice" and d["cogs"])
    kept = next(d for d in own if d["case"] == "unapplied")
    before.post_batch([invoice, kept])
    before.run("posted by what came before")
    lines = []
    for document in (invoice, kept):
        held = record_of(before, document["type"], document["id"])
        path = f"record/v1/{held['type']}/{held['id']}"
        by_hand(before, path, {"externalId": f"before-{document['id']}"})
        lines.append(f"opening_{document['type']},{document['id']},,{held['id']},,,,")
        before.edit(document, sync_status="Posted")

    site = replace(before, ledger_url=f"sqlite:///{tmp_path}/after.db")
    migrate(site.ledger_url)
    code, words = importing(site, monkeypatch, capsys, tmp_path / "openings.csv", *lines)
    assert code == 0, words
    writes = site.truth()["writes"]
    site.run("r1")
    for kind, part in (("invoice", ""), ("invoice", "cogs"), ("payment", "")):
        (row,) = site.documents(kind, part).values()
        assert (row.state, row.cause) == ("skipped", "before_go_live"), (kind, part, row.sentence)
        assert "it is linked to record" in row.sentence
    assert site.truth()["writes"] == writes
