"""Every test's ground: an Airflow home of its own, and a last word on what was not run."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Airflow reads these when it is first imported, so they are set before any test module is.
for _name in [name for name in os.environ if name.startswith("AIRFLOW")]:
    del os.environ[_name]
_home = tempfile.TemporaryDirectory(prefix="airflow-of-tests-", ignore_cleanup_errors=True)
os.environ.update(
    AIRFLOW_HOME=_home.name,
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
    AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
    AIRFLOW__CORE__UNIT_TEST_MODE="False",
    AIRFLOW__LOGGING__COLORED_CONSOLE_LOG="False",
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was skipped and, in each skip's own words, what it takes to run it."""
    reasons = _reasons(terminalreporter)
    if reasons:
        terminalreporter.section("not run here")
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count} x {reason}")
        if _everything_required():
            terminalreporter.line("REQUIRE_ALL is set, so what was not run counts as failed.")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With REQUIRE_ALL=1 a test that was not run fails the whole."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and exitstatus == 0 and _everything_required() and _reasons(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _everything_required() -> bool:
    return os.environ.get("REQUIRE_ALL") == "1"


def _reasons(reporter: pytest.TerminalReporter) -> Counter[str]:
    found: Counter[str] = Counter()
    for report in reporter.stats.get("skipped", []):
        where = report.longrepr
        reason = where[2] if isinstance(where, tuple) else str(where)
        found[reason.removeprefix("Skipped: ")] += 1
    return found
