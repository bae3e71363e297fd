"""What `run` does when steps wait, fail or are interrupted; the steps themselves are scripted."""

from __future__ import annotations

import io
import logging

import pytest

from servicetitan_netsuite.commands import sync
from servicetitan_netsuite.commands.base import Exit
from servicetitan_netsuite.errors import ConfigurationError, TransientError
from servicetitan_netsuite.steps.context import Progress, RunParams
from support.ledger_story import Story


@pytest.fixture
def steps(tmp_path, monkeypatch):
    """Scripts the steps: `steps(extract_pending=[...])` gives what each call raises or returns."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    Story(url).ledger.close()
    monkeypatch.setenv("SYNC_LEDGER_URL", url)
    for name in ("SERVICETITAN_ALB", "NETSUITE"):
        monkeypatch.setenv(f"AIRFLOW_CONN_{name}", '{"conn_type": "x"}')
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    called: list[str] = []

    def script(**outcomes):
        def step(name):
            left = list(outcomes.get(name, [None]))

            def run(context):
                called.append(name)
                found = left.pop(0)
                if isinstance(found, BaseException):
                    raise found
                context.on_progress(Progress(name, 1, 2, 3.0, 0.3))

            return run

        monkeypatch.setattr(sync, "STEPS", tuple((name, step(name)) for name, _ in sync.STEPS))
        return called, slept

    return script


def run(max_wait_s=100.0, **options):
    shown = {"as_json": False, "verbose": False, **options}
    return sync.run("alb", RunParams(), max_wait_s, **shown)


def test_all_steps_done_ends_with_the_summary(steps, capsys):
    called, _ = steps()
    assert run() == Exit.FINE
    assert called == ["extract_pending", "validate_mappings", "post_to_netsuite"]
    assert "ALB Albany Heating & Air: success" in capsys.readouterr().out


def test_a_waiting_step_is_tried_again_after_the_seconds_it_asks_for(steps, capsys):
    called, slept = steps(post_to_netsuite=[TransientError("busy [red]", 20), None])
    assert run() == Exit.FINE
    assert (called.count("post_to_netsuite"), slept) == (2, [20])
    assert "busy [red] Again in 20 s." in capsys.readouterr().err


def test_patience_is_bounded_over_all_steps(steps, capsys):
    away = TransientError("NetSuite is away.", 60)
    called, slept = steps(extract_pending=[away, None], post_to_netsuite=[away, None])
    assert run(max_wait_s=100) == Exit.LATER
    assert slept == [60]
    told = capsys.readouterr()
    assert "Did not succeed: post_to_netsuite" in told.out
    assert "NetSuite is away." in told.err
    assert called.count("post_to_netsuite") == 1


def test_after_a_failed_step_the_later_ones_do_not_run_but_the_summary_does(steps, capsys):
    called, _ = steps(extract_pending=[ConfigurationError("No permission.")])
    assert run() == Exit.WRONG
    assert called == ["extract_pending"]
    told = capsys.readouterr()
    assert "Did not succeed: extract_pending, validate_mappings, post_to_netsuite" in told.out
    assert told.err.rstrip().endswith("servicetitan-netsuite: No permission.")


def test_an_unforeseen_error_is_a_failed_run_without_a_traceback(steps, capsys):
    steps(validate_mappings=[ValueError("odd")])
    assert run() == Exit.FAILED
    told = capsys.readouterr()
    assert "An unexpected ValueError: odd" in told.err
    assert "Traceback" not in told.err


def test_verbose_shows_where_an_unforeseen_error_came_from(steps, capsys):
    steps(validate_mappings=[ValueError("odd")])
    run(verbose=True)
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupted_run_is_summed_up_and_says_what_happens_to_the_rest(steps, capsys):
    steps(post_to_netsuite=[KeyboardInterrupt()])
    assert run() == Exit.INTERRUPTED
    told = capsys.readouterr()
    assert "looked up when the next run starts" in told.err
    assert "Did not succeed: post_to_netsuite" in told.out


def test_every_run_has_an_id_of_its_own(steps, capsys):
    steps()
    run(as_json=True)
    first = capsys.readouterr().out
    steps()
    run(as_json=True)
    assert first.split('"run_id"')[1][:60] != capsys.readouterr().out.split('"run_id"')[1][:60]


def test_json_alone_goes_to_stdout(steps, capsys):
    import json

    steps()
    run(as_json=True)
    assert json.loads(capsys.readouterr().out)["run"]["dag_id"] == "cli"


def test_logging_is_left_as_it_was(steps):
    logger = logging.getLogger("servicetitan_netsuite")
    before = (logger.level, list(logger.handlers))
    steps()
    run()
    assert (logger.level, list(logger.handlers)) == before


def test_progress_survives_without_a_terminal(monkeypatch, steps):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    steps()
    assert run() == Exit.FINE
