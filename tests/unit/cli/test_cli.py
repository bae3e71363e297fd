"""The command line without any server: exit codes, sentences, files, and what it must refuse."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from servicetitan_netsuite import cli
from servicetitan_netsuite.commands.base import Exit, exit_for
from servicetitan_netsuite.connections import from_environment
from servicetitan_netsuite.documents import MappingRow, State
from servicetitan_netsuite.errors import (
    Blocked,
    ConfigurationError,
    LeaseHeld,
    LeaseLost,
    SyncError,
    TransientError,
)
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.tenants import home
from support.ledger_story import TENANT, Story, account_missing

SQL = home() / "sql"
TENANTS = home() / "tenants"


@pytest.fixture
def url(tmp_path, monkeypatch):
    found = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("SYNC_LEDGER_URL", found)
    for name in ("SERVICETITAN_ALB", "SERVICETITAN_AUS", "SERVICETITAN_BOI", "NETSUITE"):
        monkeypatch.delenv(f"AIRFLOW_CONN_{name}", raising=False)
    return found


@pytest.fixture
def story(url):
    told = Story(url)
    yield told
    told.ledger.close()


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs the console script in this process: exit code, stdout, stderr."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["servicetitan-netsuite", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return int(ended.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder of tenant files of one's own, and a way to write one."""
    folder = tmp_path / "home"
    (folder / "tenants").mkdir(parents=True)
    (folder / "sql").symlink_to(SQL)
    monkeypatch.setenv("SYNC_HOME", str(folder))
    base = yaml.safe_load((TENANTS / "alb.yaml").read_text())

    def write(short_name, **changes):
        made = {**base, "short_name": short_name, "schedule": {}, **changes}
        path = folder / "tenants" / f"{short_name.lower()}.yaml"
        path.write_text(yaml.safe_dump(made, default_style=None))
        return path

    return write


CONNECTION = {
    "SERVICETITAN_ALB": {
        "conn_type": "servicetitan", "login": "id", "password": "s3cret",
        "extra": {"app_key": "k3y"},
    },
    "NETSUITE": {
        "conn_type": "netsuite", "login": "ck", "password": "s3cret",
        "extra": {"account_id": "1", "auth": "tba", "token_id": "t", "token_secret": "s3cret"},
    },
}  # fmt: skip


@pytest.fixture
def connected(monkeypatch):
    for name, fields in CONNECTION.items():
        monkeypatch.setenv(f"AIRFLOW_CONN_{name}", json.dumps(fields))


def test_help_documents_exit_codes_and_imports_nothing_heavy():
    code = (
        "import sys\n"
        "sys.argv = ['servicetitan-netsuite', '--help']\n"
        "from servicetitan_netsuite import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'aiohttp', 'pandas', 'pydantic', 'airflow', 'alembic'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Exit codes: 0 fine; 1 done" in " ".join(done.stdout.split())
    assert done.stdout.rstrip().endswith("[]")


def test_no_command_imports_airflow():
    code = (
        "import sys\n"
        "from servicetitan_netsuite.commands import "
        "actions, ledger, mappings, results, sandbox, sync, tenants, tie_out\n"
        "print('airflow' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("x"), 2),
        (Blocked("c", "s", "a"), 1),
        (TransientError("x"), 3),
        (LeaseHeld("x"), 3),
        (LeaseLost("x"), 3),
        (SyncError("x"), 4),
        (ValueError("x"), 70),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error, code):
    assert exit_for(error) == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("latest", "alb"),
        ("errors", "alb"),
        ("reset", "alb", "--all"),
        ("mappings", "export", "alb"),
        ("resolve", "alb", "1", "--accept", "--reason", "r"),
        ("tie-out", "alb", "--period", "Sep 2026"),
        ("ledger", "status"),
    ],
)
def test_an_old_ledger_is_told_of_by_every_command(command, url, arguments):
    code, out, err = command(*arguments)
    assert code == Exit.WRONG
    assert "ledger migrate" in out + err


def test_an_unknown_tenant_is_one_sentence(command, story):
    code, out, err = command("latest", "nope")
    assert (code, out) == (2, "")
    assert err == (
        "servicetitan-netsuite: There is no tenant 'nope'. Tenant files: alb, aus, boi, den.\n"
    )


def test_a_ledger_that_cannot_be_opened_is_one_sentence(command, monkeypatch, tmp_path):
    monkeypatch.setenv("SYNC_LEDGER_URL", f"sqlite:///{tmp_path}")
    code, _, err = command("ledger", "status")
    assert code == Exit.LATER
    assert err.count("\n") == 1


def test_an_unforeseen_error_is_one_sentence_too(command, story, monkeypatch):
    monkeypatch.setattr("servicetitan_netsuite.commands.results.books", lambda _: 1 / 0)
    code, _, err = command("latest", "alb")
    assert (code, err.count("\n")) == (Exit.UNEXPECTED, 1)


def test_migrate_makes_a_ledger_and_status_counts_what_is_in_it(command, url):
    assert command("ledger", "migrate")[0] == 0
    story = Story(url)
    of = story.start()
    story.see(of, a="1.00", b="2.00")
    story.judge(of, State.READY, "a")
    story.ledger.close()
    code, out, _ = command("ledger", "status", "--json")
    assert code == 0
    assert json.loads(out)["documents"] == {TENANT: {"pending": 1, "ready": 1}}


def test_a_ledgers_password_is_never_shown(command, monkeypatch):
    monkeypatch.setenv("SYNC_LEDGER_URL", "postgresql://me:s3cret@127.0.0.1:1/ledger")
    for arguments in (("ledger", "status"), ("ledger", "migrate"), ("latest", "alb")):
        code, out, err = command(*arguments)
        assert code == Exit.LATER
        assert "s3cret" not in out + err


def test_latest_shows_the_stored_summary_and_exits_as_the_run_did(command, story):
    from servicetitan_netsuite.ledger import runs

    of = story.start(dag_id="cli")
    kept = {"status": "completed_with_errors", "text": "all of it"}
    runs.end_run(story.ledger, of, kept["status"], kept)
    assert command("latest", "ALB") == (1, "all of it\n", "")
    code, out, _ = command("latest", "alb", "--json")
    assert (code, json.loads(out)) == (1, kept)


def test_latest_of_a_run_that_still_works_tells_how_far_it_is(command, story):
    from servicetitan_netsuite.ledger import runs

    of = story.start()
    runs.start_step(story.ledger, of, "extract_pending")
    code, out, _ = command("latest", "alb")
    assert code == Exit.LATER
    assert "extract_pending  running" in out


def test_latest_without_any_run_says_so(command, story):
    code, _, err = command("latest", "alb")
    assert code == Exit.WRONG
    assert "no run yet" in err


def blocked_and_rejected(story):
    of = story.start()
    story.see(of, a="10.00", b="20.00")
    story.judge(of, State.BLOCKED, "a", problems=(account_missing("7", "4000 Sales"),))
    story.judge(of, State.READY, "b")
    story.refuse(of, "b", "Invalid date")


def test_errors_lists_what_stands_still_with_reason_and_advice(command, story):
    assert command("errors", "alb") == (0, "Nothing stands still.\n", "")
    blocked_and_rejected(story)
    code, out, _ = command("errors", "alb")
    assert code == Exit.ERRORS
    assert "Account 4000 Sales is not mapped. Map it under Mappings." in out
    code, out, _ = command("errors", "alb", "--json")
    assert [(d["number"], d["state"], d["amount"]) for d in json.loads(out)] == [
        ("A", "blocked", "10.00"),
        ("B", "rejected", "20.00"),
    ]
    _, out, _ = command("errors", "alb", "--limit", "1")
    assert "and 1 more" in out


def test_errors_lists_what_the_newest_run_could_not_read(command, story):
    story.unreadable(story.start(), "a")
    code, out, _ = command("errors", "alb")
    assert code == Exit.ERRORS
    assert "Journal entry" in out
    assert "it has no lines" in out
    story.start()
    assert command("errors", "alb") == (0, "Nothing stands still.\n", "")


def test_reset_puts_a_rejected_document_back_and_keeps_who_did_it(command, story, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ann")
    blocked_and_rejected(story)
    code, out, _ = command("reset", "alb", "B", "--json")
    assert (code, json.loads(out)) == (0, {"reset": ["B"]})
    assert story.state("b") == "pending"
    with story.ledger.reading() as connection:
        people = connection.exec_driver_sql("SELECT DISTINCT person FROM document_event").all()
    assert ("ann",) in people


def test_reset_refuses_what_is_neither_rejected_nor_in_conflict(command, story):
    blocked_and_rejected(story)
    code, _, err = command("reset", "alb", "A", "B")
    assert code == Exit.WRONG
    assert "A is blocked" in err
    assert story.state("b") == "rejected"


@pytest.mark.parametrize(
    "arguments",
    [
        ("reset", "alb"),
        ("reset", "alb", "A", "--all"),
        ("resolve", "alb", "A", "--reason", "r"),
        ("resolve", "alb", "A", "--accept", "--again", "--reason", "r"),
        ("resolve", "alb", "A", "--accept"),
        ("run", "alb", "--max-wait", "-1"),
        ("tie-out", "alb"),
        ("nonsense",),
    ],
)
def test_wrong_use_exits_two_and_does_nothing(command, story, arguments):
    assert command(*arguments)[0] == Exit.WRONG


def test_resolve_refuses_a_document_that_is_not_in_conflict(command, story, connected):
    blocked_and_rejected(story)
    code, _, err = command("resolve", "alb", "B", "--accept", "--reason", "r")
    assert code == Exit.WRONG
    assert "only a conflict can be resolved" in err


def test_resolve_wants_a_reason_that_says_something(command, story, connected):
    code, _, err = command("resolve", "alb", "B", "--accept", "--reason", " ")
    assert code == Exit.WRONG
    assert "--reason" in err


def test_run_refuses_an_odd_parameter_before_anything_is_read(command, story, connected):
    code, _, err = command("run", "alb", "--document", "1; DROP TABLE")
    assert code == Exit.WRONG
    assert "nothing was read or sent" in err
    assert story.ledger.rows("totals/read_latest_run", tenant_id=TENANT) == []


def test_run_without_a_connection_names_the_variable_to_set(command, story):
    code, _, err = command("run", "alb")
    assert code == Exit.WRONG
    assert "AIRFLOW_CONN_SERVICETITAN_ALB" in err


def test_mappings_are_exported_as_csv_and_json(command, story, tmp_path):
    rows = [MappingRow("gl_account", "7", "=HYPERLINK(1)", "101", "4000 Income")]
    mappings.save(story.ledger, TENANT, rows, "ann")
    _, out, _ = command("mappings", "export", "alb")
    assert out.splitlines()[1] == "gl_account,7,'=HYPERLINK(1),101,4000 Income,,,"
    target = tmp_path / "out.csv"
    assert command("mappings", "export", "alb", str(target))[0] == 0
    assert target.read_text().splitlines() == out.splitlines()
    _, out, _ = command("mappings", "export", "alb", "--json")
    assert json.loads(out)[0]["target"] == "101"


def test_a_file_that_cannot_be_read_or_written_is_named(command, story, connected, tmp_path):
    code, _, err = command("mappings", "import", "alb", str(tmp_path / "none.csv"))
    assert (code, "none.csv cannot be read" in err) == (2, True)
    code, _, err = command("mappings", "export", "alb", str(tmp_path))
    assert (code, "cannot be written" in err) == (2, True)


def test_tenants_check_finds_the_broken_file_and_goes_on(command, files, connected):
    files("ALB")
    (home() / "tenants" / "bad.yaml").write_text("name: [")
    code, out, _ = command("tenants", "check", "--json")
    assert code == Exit.WRONG
    good, bad = json.loads(out)
    assert (good["file"], good["problems"]) == ("alb.yaml", [])
    assert "cannot be read" in bad["problems"][0]


def test_tenants_check_warns_of_a_schedule_that_never_runs(command, files, connected):
    files("ALB", schedule={"status": "scheduled", "frequency": "single", "starts": "2020-01-01"})
    code, out, _ = command("tenants", "check")
    assert code == Exit.FINE
    assert "warning: alb: the schedule (once, on 2020-01-01" in out


def test_tenants_check_names_a_missing_connection_and_shows_no_secret(command, files, url):
    files("ALB")
    code, out, err = command("tenants", "check")
    assert code == Exit.WRONG
    assert "AIRFLOW_CONN_SERVICETITAN_ALB" in out
    assert "AIRFLOW_CONN_NETSUITE" in out
    assert "s3cret" not in out + err


def test_tenants_check_refuses_a_share_above_the_accounts_limit(command, files, connected):
    files("ALB", netsuite={"connection": "netsuite", "concurrency": 6})
    code, out, _ = command("tenants", "check")
    assert code == Exit.WRONG
    assert "its share of 6 is above the 5" in out


def test_tenants_check_refuses_two_files_for_one_servicetitan_tenant(command, files, connected):
    files("ALB")
    files("ALC")
    code, out, _ = command("tenants", "check", "alb")
    assert code == Exit.FINE
    code, out, _ = command("tenants", "check")
    assert code == Exit.WRONG
    assert out.count("another file names ServiceTitan tenant 1001 as well") == 2


def test_tenants_check_of_an_unknown_tenant_is_wrong(command, files):
    files("ALB")
    code, _, err = command("tenants", "check", "xyz")
    assert (code, "no tenant xyz" in err) == (2, True)


def test_sandbox_env_prints_connections_that_a_shell_can_take(command, tmp_path, monkeypatch):
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN\nit's a key\n")
    part = {"url": "http://127.0.0.1:2", "account_id": "1", "client_id": "c", "certificate_id": "x"}
    account = {**part, "private_key_path": str(key)}
    tenant = {"tenant_id": 1001, "short_name": "ALB", "client_id": "i", "client_secret": "a'b c"}
    first = {"url": "http://127.0.0.1:1", "auth_url": "http://127.0.0.1:1", "app_key": "k"}
    info = tmp_path / "sandbox.json"
    info.write_text(
        json.dumps(
            {
                "servicetitan": {**first, "tenants": [tenant]},
                "netsuite": account,
                "netsuite_single": account,
            }
        )
    )
    code, out, _ = command("sandbox", "env", "--info-file", str(info))
    assert code == 0
    words = shlex.split(out)
    assert words[0::2] == ["export"] * 3
    for pair in words[1::2]:
        name, _, value = pair.partition("=")
        monkeypatch.setenv(name, value)
    assert from_environment("servicetitan_alb").password == "a'b c"
    assert from_environment("netsuite").password == key.read_text()
    assert from_environment("netsuite_single").extra["account_id"] == "1"


def test_sandbox_env_without_stand_ins_says_how_to_start_them(command, tmp_path):
    code, _, err = command("sandbox", "env", "--info-file", str(tmp_path / "none.json"))
    assert (code, "start the stand-ins" in err) == (2, True)
    (tmp_path / "odd.json").write_text("[1]")
    code, _, err = command("sandbox", "env", "--info-file", str(tmp_path / "odd.json"))
    assert (code, err.count("\n")) == (2, 1)


def test_sandbox_serve_becomes_the_stand_ins_own_command(monkeypatch, command):
    def execv(path, arguments):
        print(Path(path).name.startswith("python"), *arguments[1:])
        raise SystemExit(0)

    monkeypatch.setattr("os.execv", execv)
    assert command("sandbox")[1] == "True -m sandbox serve\n"
    assert command("sandbox", "serve", "--seed", "3")[1] == "True -m sandbox serve --seed 3\n"
