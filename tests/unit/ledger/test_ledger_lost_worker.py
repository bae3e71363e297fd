"""On PostgreSQL a worker frozen in the middle of a write does not hold its tenant for ever."""

from __future__ import annotations

import time

import pytest
from sqlalchemy.exc import DBAPIError

from servicetitan_netsuite.ledger import engine
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.lease import Lease
from servicetitan_netsuite.ledger.migrations import migrate
from support.ledgers import Server


def test_a_frozen_writer_loses_its_row_lock_and_the_next_worker_goes_on(
    postgresql_server: Server, monkeypatch
):
    brief = engine._ALIVE["options"].replace("timeout=30s", "timeout=1s")
    monkeypatch.setitem(engine._ALIVE, "options", brief)
    with postgresql_server.database() as url:
        migrate(url)
        with Ledger(url) as frozen, Ledger(url) as next_one:
            frozen_lease = Lease(frozen, "1001", "frozen", lease_s=0.2, renew_s=60.0).__enter__()
            stopped = frozen.engine.connect()
            frozen_lease.check(stopped)
            # From here on it is as if the process were stopped: the row stays locked.
            began = time.monotonic()
            with Lease(next_one, "1001", "next", lease_s=30.0, renew_s=10.0) as taken:
                assert taken.fence == frozen_lease.fence + 1
            assert time.monotonic() - began < 15
            with pytest.raises(DBAPIError):
                frozen_lease.check(stopped)
            stopped.close()
            frozen_lease.__exit__(None, None, None)
