"""From where a list is read again: the watermark, unless it cannot be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from servicetitan_netsuite.ledger import watermarks
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.ledger.watermarks import Watermark
from servicetitan_netsuite.steps.extract_pending import SWEEP_AFTER, _Reading
from servicetitan_netsuite.steps.kinds.sales import CREDIT_MEMOS, INVOICES

HOUR = timedelta(hours=1)


def known(tmp_path: Path, kind: Any, read: timedelta, swept: timedelta) -> Watermark | None:
    """The watermark that a run finds, of a list read and swept so long ago."""
    url, now = f"sqlite:///{tmp_path}/ledger.db", datetime.now(UTC)
    migrate(url)
    with Ledger(url) as ledger:
        with ledger.writing() as connection:
            watermarks.put(connection, "1", kind.type, Watermark(now - read, now - swept))
        work: Any = SimpleNamespace(ledger=ledger, tenant_id="1")
        client: Any = None
        return _Reading(work, client, kind)._watermark()


@pytest.mark.parametrize(
    ("read", "swept", "believed"),
    [
        (HOUR, 2 * HOUR, True),
        (HOUR, SWEEP_AFTER - HOUR, True),
        (HOUR, SWEEP_AFTER + HOUR, False),
        (-24 * HOUR, 2 * HOUR, False),
        (-24 * HOUR, -24 * HOUR, False),
    ],
)
def test_a_list_is_swept_weekly_and_when_the_clock_had_run_ahead(
    tmp_path: Path, read: timedelta, swept: timedelta, believed: bool
) -> None:
    assert (known(tmp_path, CREDIT_MEMOS, read, swept) is not None) is believed


def test_a_list_that_gets_shorter_is_always_read_whole(tmp_path: Path) -> None:
    assert known(tmp_path, INVOICES, HOUR, HOUR) is None
