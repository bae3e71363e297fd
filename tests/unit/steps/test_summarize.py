"""A summary after every kind of ending, on a ledger filled through the steps' own functions."""

from __future__ import annotations

import json
import socket

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.documents import AccountProfile, State
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import profiles, totals
from servicetitan_netsuite.steps import summarize
from servicetitan_netsuite.steps.context import RunContext, RunParams
from servicetitan_netsuite.tenants import read_tenant
from support.ledger_story import Story, account_missing, form

HELD = form("9", "2", ("101", "10.00"), ("102", "-10.00"))
STEPS = ("extract_pending", "validate_mappings", "post_to_netsuite")
KEYS = {
    "tenant", "run", "status", "failed_steps", "types", "problems", "would_create",
    "filled_mappings", "roll_forward", "tie_out", "cost_not_posted", "text",
}  # fmt: skip


@pytest.fixture
def story(tmp_path):
    told = Story(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield told
    told.ledger.close()


def context(story, run_id="run 1", netsuite=None, **params):
    return RunContext(
        tenant=read_tenant("alb"),
        params=RunParams.parse(params),
        dag_id="dag",
        run_id=run_id,
        ledger_url=story.ledger.url,
        servicetitan=ConnectionFields("servicetitan_alb"),
        netsuite=netsuite or ConnectionFields("netsuite"),
    )


def post_one(story):
    of = story.start()
    story.see(of, a="10.00")
    story.judge(of, State.READY, "a")
    story.post(of, a=HELD)
    story.verify(of)


def test_a_run_that_posted_everything_is_a_success(story):
    post_one(story)
    summary = summarize.run(context(story), ())
    assert set(summary) == KEYS
    assert summary["status"] == "success"
    assert summary["tenant"]["short_name"] == "ALB"
    assert summary["types"][0]["counts"]["confirmed"] == {"count": 1, "amount": "10.00"}
    assert "ALB Albany Heating & Air: success" in summary["text"]


def test_what_is_returned_is_what_the_ledger_keeps(story):
    post_one(story)
    summary = summarize.run(context(story), ())
    row = totals.newest_generation(story.ledger, "dag", "run 1")
    assert json.loads(row.summary) == summary
    assert row.status == "success"
    assert row.ended_at


def _blocked(story, of):
    story.judge(of, State.BLOCKED, "a", problems=(account_missing("7", "Sales"),))


def _rejected(story, of):
    story.judge(of, State.READY, "a")
    story.refuse(of, "a", "Invalid date")


def _uncertain(story, of):
    story.judge(of, State.READY, "a")
    story.lose(of, "a")


def _unreadable(story, of):
    story.judge(of, State.SKIPPED, "a", problems=(account_missing("", ""),))
    story.unreadable(of, "b")


def _never_sent(story, of):
    story.judge(of, State.READY, "a")


@pytest.mark.parametrize("ending", [_blocked, _rejected, _uncertain, _unreadable, _never_sent])
def test_success_is_never_shown_while_something_is_unsettled(story, ending):
    of = story.start()
    story.see(of, a="10.00")
    ending(story, of)
    assert summarize.run(context(story), ())["status"] == "completed_with_errors"


def test_what_an_earlier_run_left_unsettled_forbids_success_too(story):
    of = story.start()
    story.see(of, a="10.00")
    _rejected(story, of)
    story.start()
    assert summarize.run(context(story, "run 2"), ())["status"] == "completed_with_errors"


def test_a_run_of_chosen_documents_answers_for_these_alone(story):
    of = story.start()
    story.see(of, a="10.00")
    _rejected(story, of)
    story.start()
    summary = summarize.run(context(story, "run 2", documents=["B"]), ())
    assert (summary["status"], summary["problems"]) == ("success", [])


def test_a_failed_step_makes_a_failed_run_that_still_says_what_it_did(story):
    post_one(story)
    summary = summarize.run(context(story), ("post_to_netsuite",))
    assert summary["status"] == "failed"
    assert summary["failed_steps"] == ["post_to_netsuite"]
    assert summary["types"][0]["counts"]["confirmed"]["count"] == 1
    assert "Did not succeed: post_to_netsuite" in summary["text"]


def test_a_run_that_never_opened_its_page_gets_one(story):
    summary = summarize.run(context(story, "never"), STEPS)
    assert (summary["status"], summary["types"]) == ("failed", [])
    assert "No document was looked at." in summary["text"]
    assert totals.newest_generation(story.ledger, "dag", "never").status == "failed"


def test_a_cleared_run_whose_extraction_fails_does_not_overwrite_what_it_showed_before(story):
    post_one(story)
    summarize.run(context(story), ())
    for _ in range(2):  # the second time is the summary's own retry
        again = summarize.run(context(story), STEPS)
        assert (again["run"]["generation"], again["status"]) == (2, "failed")
    kept = story.ledger.rows("totals/read_run", dag_id="dag", run_id="run 1")[0]
    assert kept.generation == 2
    first = story.ledger.rows("pages/read_run", dag_id="dag", run_id="run 1", generation=1)[0]
    assert first.status == "success"


def test_a_summary_may_be_made_again(story):
    post_one(story)
    first = summarize.run(context(story), ())
    second = summarize.run(context(story), ())
    assert first["types"] == second["types"]
    assert second["run"]["generation"] == 1


def test_a_dry_run_is_called_one_and_shows_what_would_be_posted(story):
    of = story.start(dry_run=True)
    story.see(of, a="10.00")
    story.judge(of, State.READY, "a")
    summary = summarize.run(context(story, dry_run=True), ())
    assert (summary["status"], summary["tie_out"]["checked"]) == ("dry_run", False)
    assert summary["types"][0]["counts"]["ready"]["count"] == 1
    assert "would be posted" in summary["text"]


def test_a_tie_out_that_cannot_be_made_says_why_and_fails_nothing(story):
    post_one(story)
    profiles.store(story.ledger, "netsuite", AccountProfile(one_world=True, suite_tax=False))
    summary = summarize.run(context(story), ())
    assert summary["tie_out"]["checked"] is False
    assert "netsuite" in summary["tie_out"]["reason"]
    assert summary["status"] == "success"


def test_a_netsuite_that_is_away_does_not_hold_up_the_summary(story, monkeypatch):
    monkeypatch.setattr(summarize, "TIE_OUT_S", 0.2)
    post_one(story)
    profiles.store(story.ledger, "netsuite", AccountProfile(one_world=True, suite_tax=False))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))  # bound, never listening: every connection is refused
        fields = _connection(listening.getsockname()[1])
        summary = summarize.run(context(story, netsuite=fields), ())
    assert summary["tie_out"]["checked"] is False
    assert "NetSuite took longer than" in summary["tie_out"]["reason"]


def _connection(port):
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    extra = {"account_id": "1234567", "certificate_id": "c"}
    return ConnectionFields(
        "netsuite", host=f"http://127.0.0.1:{port}", login="id", password=pem, extra=extra
    )


def test_a_difference_between_the_books_is_no_success(story, monkeypatch):
    async def compared(*_):
        return {"difference": "0.01", "controls": [], "rows": []}

    monkeypatch.setattr(summarize, "_compared", compared)
    post_one(story)
    profiles.store(story.ledger, "netsuite", AccountProfile(one_world=True, suite_tax=False))
    assert summarize.run(context(story), ())["status"] == "completed_with_errors"


def test_an_old_ledger_is_named_as_such(tmp_path, story):
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    asked = context(story)
    from dataclasses import replace

    with pytest.raises(ConfigurationError, match="ledger migrate"):
        summarize.run(replace(asked, ledger_url=empty), ())
