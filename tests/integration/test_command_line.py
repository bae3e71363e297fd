"""The command line and the tie-out against both stand-ins, as a data engineer uses them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_netsuite import cli
from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.steps import summarize
from support.site import Site

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The console script with the site's connections: exit code, stdout, stderr."""
    return console(site, monkeypatch, capsys)


def console(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The same for any site."""
    context = site.context("unused")
    monkeypatch.setenv("SYNC_LEDGER_URL", site.ledger_url)
    for fields in (context.servicetitan, context.netsuite):
        monkeypatch.setenv(f"AIRFLOW_CONN_{fields.id.upper()}", _as_json(fields))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["servicetitan-netsuite", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


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


def by_hand(site: Site, method: str, netsuite_id: str, body: Any = None) -> None:
    """What an accountant does to a journal in NetSuite itself."""
    fields = site.context("unused").netsuite

    async def act() -> None:
        async with NetSuite(credentials(fields), times(fields)) as client:
            path = f"record/v1/journalEntry/{netsuite_id}"
            exchange = await client.send(method, path, body=body)
            assert exchange.status == 204, exchange.text

    asyncio.run(act())


def posted_entries(site: Site, count: int) -> list[dict[str, Any]]:
    """Run the sync over a few valid entries; these entries, all confirmed."""
    entries = site.valid(count)
    site.start_syncing([entry["number"] for entry in entries])
    site.run("first")
    return entries


@pytest.mark.parametrize("tenant", ["alb", "boi"])
def test_both_books_agree_after_a_run(make_site: Callable[..., Site], tenant: str) -> None:
    site = make_site(tenant)
    site.start_syncing()
    site.run("first")
    summary = summarize.run(site.context("first"), ())
    tied = summary["tie_out"]
    assert (tied["checked"], tied["reason"], tied["difference"]) == (True, "", "0.00")
    held = sum(Decimal(r["total"]) for r in site.posted())
    assert held > 0
    assert sum(Decimal(row["netsuite_debit"]) for row in tied["rows"]) == sum(
        Decimal(row["netsuite_credit"]) for row in tied["rows"]
    )
    assert all(row["account_name"] for row in tied["rows"])
    assert {bool(row["subsidiary"]) for row in tied["rows"]} == {tenant == "alb"}


def test_a_record_that_differs_is_a_difference_between_the_books(site: Site) -> None:
    entries = site.valid(3)
    site.start_syncing([entry["number"] for entry in entries])
    site.faults({"route": "record/journalEntry", "fault": "alter", "next": 1})
    site.run("first")
    summary = summarize.run(site.context("first"), ())
    assert summary["status"] == "completed_with_errors"
    assert summary["types"][-1]["counts"]["conflict"]["count"] == 1
    assert summary["tie_out"]["checked"] is True
    assert Decimal(summary["tie_out"]["difference"]) > 0
    off = [row for row in summary["tie_out"]["rows"] if row["difference"] != "0.00"]
    assert off
    assert "difference" in summary["text"]


def test_a_period_lists_what_was_changed_or_deleted_since(site: Site, command: Command) -> None:
    entries = site.valid(3)
    posted_entries(site, 3)
    documents = site.documents()
    kept, deleted, changed = (documents[str(e["number"])] for e in entries)
    by_hand(site, "DELETE", deleted.netsuite_id)
    by_hand(site, "PATCH", changed.netsuite_id, {"tranDate": _other_day(changed.business_date)})
    found: dict[str, str] = {}
    for period in {_period(d.business_date) for d in (kept, deleted, changed)}:
        code, out, err = command("tie-out", "alb", "--period", period, "--json")
        assert code in (0, 1), err
        result = json.loads(out)
        found |= {c["number"]: c["what"] for c in result["changed"]}
        lost = deleted.business_date[:7] == _month(period)
        assert (result["difference"] != "0.00") == lost
        assert code == (1 if result["changed"] else 0)
    assert found == {deleted.number: "deleted", changed.number: "changed"}


def _other_day(day: str) -> str:
    return day[:8] + ("12" if day[8:] != "12" else "13")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _period(day: str) -> str:
    return f"{_MONTHS[int(day[5:7]) - 1]} {day[:4]}"


def _month(period: str) -> str:
    return f"{period[4:]}-{_MONTHS.index(period[:3]) + 1:02}"


def test_an_unknown_period_is_named(site: Site, command: Command) -> None:
    code, _, err = command("tie-out", "alb", "--period", "Sept 2026")
    assert code == 2
    assert "no posting period called 'Sept 2026'" in err


def test_a_dry_run_then_a_real_one_from_the_command_line(site: Site, command: Command) -> None:
    site.start_syncing()
    before = (site.truth()["writes"], site.dump("document", "mapping"))
    code, out, _ = command("run", "alb", "--dry-run", "--json")
    assert (code, json.loads(out)["status"]) == (0, "dry_run")
    assert (site.truth()["writes"], site.dump("document", "mapping")) == before
    code, out, err = command("run", "alb")
    assert code == 1, err
    assert "Tie-out: difference 0.00" in out
    valid = [entry for entry in site.entries() if entry["valid"]]
    assert len(site.posted()) == len(valid)
    assert command("latest", "alb")[:2] == (1, out)
    code, out, _ = command("errors", "alb", "--json")
    assert code == 1
    assert {d["state"] for d in json.loads(out)} <= {"blocked", "rejected"}


def test_chosen_documents_alone_are_run(site: Site, command: Command) -> None:
    site.start_syncing()
    first, second = site.valid(2)
    arguments = ("--document", str(first["number"]), "--document", str(second["number"]))
    code, out, err = command("run", "alb", *arguments, "--json")
    assert code == 0, err
    assert json.loads(out)["types"][0]["counts"]["confirmed"]["count"] == 2
    assert len(site.posted()) == 2


def test_mappings_go_out_and_come_back_unchanged(
    site: Site, command: Command, tmp_path: Any
) -> None:
    code, out, _ = command("mappings", "fill", "alb", "--dry-run", "--json")
    assert code == 0
    filled = json.loads(out)
    assert filled
    assert command("mappings", "export", "alb", "--json")[1] == "[]\n"
    assert command("mappings", "fill", "alb")[0] == 0
    assert command("mappings", "fill", "alb")[1] == "0 mappings filled in.\n"
    file = tmp_path / "mappings.csv"
    command("mappings", "export", "alb", str(file))
    code, out, _ = command("mappings", "import", "alb", str(file), "--json")
    assert (code, json.loads(out)) == (0, {"rows": len(filled), "changed": 0})
    before = site.dump("mapping")
    file.write_text(file.read_text() + "gl_account,1,x,999999,,,,\n")
    code, _, err = command("mappings", "import", "alb", str(file))
    assert code == 2
    assert "999999" in err
    assert site.dump("mapping") == before


def test_mappings_are_filled_with_all_that_needs_no_guess(
    make_site: Callable[..., Site],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = console(make_site("den"), monkeypatch, capsys)
    code, out, err = command("mappings", "fill", "den", "--dry-run", "--json")
    assert code == 0, err
    kinds = {row["kind"] for row in json.loads(out)}
    assert kinds == {"gl_account", "account_role", "business_unit", "term"}


def conflicting(site: Site) -> Any:
    """One entry that NetSuite stored otherwise than it was sent: a conflict."""
    (entry,) = site.valid(1)
    site.start_syncing([entry["number"]])
    site.faults({"route": "record/journalEntry", "fault": "alter", "next": 1})
    site.run("first")
    site.no_faults()
    document = site.documents()[str(entry["number"])]
    assert document.state == "conflict"
    return document


def resolved(site: Site, command: Command, number: str, decision: str) -> tuple[int, str]:
    code, out, err = command("resolve", "alb", number, decision, "--reason", "as agreed")
    if code == 0:
        site.run(f"after {decision}")
    return code, out + err


def test_an_accepted_record_counts_as_posted(site: Site, command: Command) -> None:
    document = conflicting(site)
    code, _ = resolved(site, command, document.number, "--accept")
    assert code == 0
    assert site.documents()[document.number].state == "confirmed"
    assert len(site.posted()) == 1


def test_an_update_makes_netsuites_record_what_servicetitan_holds(
    site: Site, command: Command
) -> None:
    document = conflicting(site)
    code, _ = resolved(site, command, document.number, "--update")
    assert code == 0
    assert site.documents()[document.number].state == "confirmed"
    (record,) = site.posted()
    assert Decimal(str(record["total"])) == Decimal(document.amount_cents) / 100


def test_posting_again_wants_the_old_record_gone(site: Site, command: Command) -> None:
    document = conflicting(site)
    code, told = resolved(site, command, document.number, "--again")
    assert code == 2
    assert "still holds" in told
    assert site.documents()[document.number].state == "conflict"
    by_hand(site, "DELETE", document.netsuite_id)
    code, told = resolved(site, command, document.number, "--accept")
    assert (code, "shows no record" in told) == (2, True)
    code, told = resolved(site, command, document.number, "--again")
    assert code == 0
    (record,) = site.posted()
    assert record["external_id"] == f"{document.external_id}-r2"
    assert site.documents()[document.number].state == "confirmed"


def test_both_connections_are_really_tried(site: Site, command: Command) -> None:
    code, out, _ = command("tenants", "check", "alb", "--connect", "--json")
    assert code == 0
    (found,) = json.loads(out)
    assert len(found["found"]) == 2
    site.faults({"route": "*", "fault": "401", "probability": 1.0}, side="servicetitan")
    code, out, _ = command("tenants", "check", "alb", "--connect", "--json")
    site.no_faults()
    assert code == 2, out
