"""One worker per tenant: a lease with a growing fence, renewed in a thread of its own."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from types import TracebackType

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from servicetitan_netsuite.errors import LeaseHeld, LeaseLost
from servicetitan_netsuite.ledger.engine import Ledger, change, run


class Lease:
    """The right to change one tenant's documents, held while the `with` block lasts.

    Args:
        holder: who works, for people to read in errors (`dag_id/run_id/task/try`).
        lease_s: how long the right lasts without renewal; renewed every `renew_s`.

    Raises:
        LeaseHeld: another worker has it, with the seconds until it may be free.
    """

    def __init__(
        self, ledger: Ledger, tenant_id: str, holder: str, lease_s: float, renew_s: float
    ) -> None:
        self.tenant_id = tenant_id
        self.fence = 0
        self._ledger = ledger
        self._holder = holder
        self._lease_s = lease_s
        self._renew_s = renew_s
        self._deadline = 0.0
        self._stop = threading.Event()
        self._renewal = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Lease:
        asked_at = time.monotonic()
        with self._ledger.writing() as connection:
            took = change(
                connection,
                "lease/take_lease",
                {"tenant_id": self.tenant_id, "holder": self._holder, "lease_s": self._lease_s},
            )
            row = run(connection, "lease/read_lease", {"tenant_id": self.tenant_id})[0]
        if not took:
            raise LeaseHeld(
                f"Tenant {self.tenant_id} is being synced by {row.holder}; "
                f"this one goes on when that ends, in at most {row.left_s:.0f} s.",
                wait_s=max(0.0, float(row.left_s)) + 0.1,
            )
        self.fence = int(row.fence)
        self._deadline = asked_at + self._lease_s
        self._renewal.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._renewal.join()
        mine = {"tenant_id": self.tenant_id, "fence": self.fence}
        # A lease that cannot be given back runs out by itself; what the work came to counts more.
        with suppress(SQLAlchemyError), self._ledger.writing() as connection:
            change(connection, "lease/release_lease", mine)

    def left_s(self) -> float:
        """Seconds for which this worker surely still holds the lease, by the monotonic clock."""
        return self._deadline - time.monotonic()

    def check(self, connection: Connection) -> None:
        """Refuse the open write transaction unless this worker is still the newest holder.

        The row stays locked until the transaction ends, so no other worker takes over between
        this check and the commit.

        Raises:
            LeaseLost: another worker has taken the tenant over.
        """
        rows = run(connection, "lease/lock_lease", {"tenant_id": self.tenant_id})
        if not rows or int(rows[0].fence) != self.fence:
            raise LeaseLost(
                f"Another worker took over tenant {self.tenant_id}; this one stops "
                "and changes nothing more."
            )

    def _renew(self) -> None:
        while not self._stop.wait(self._renew_s):
            asked_at = time.monotonic()
            try:
                with self._ledger.writing() as connection:
                    renewed = change(
                        connection,
                        "lease/renew_lease",
                        {
                            "tenant_id": self.tenant_id,
                            "fence": self.fence,
                            "lease_s": self._lease_s,
                        },
                    )
            except SQLAlchemyError:
                continue  # the deadline keeps running; the next round may succeed
            if not renewed:
                self._deadline = 0.0
                return
            self._deadline = asked_at + self._lease_s
