"""An outage must not turn the whole queue uncertain: after bad answers, ask something cheap."""

from __future__ import annotations

import asyncio

from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.netsuite.outcome import OutcomeKind
from servicetitan_netsuite.netsuite.suiteql import first
from servicetitan_netsuite.steps.posting.desk import Desk

_CHEAP = "SELECT MIN(id) AS id FROM account"
_ROUNDS_NOT_SENT = 20
_ASKS_IN_VAIN = 3


class Gate:
    """Counts answers in a row that did not help, and lets nobody send while it is shut.

    2 x concurrency unknown answers in a row shut it; one cheap read opens it again, a few times:
    where reads go well and writes do not, posting ends and is tried later. Requests that NetSuite
    does not even take shut it too, and when they go on, posting ends as well.
    """

    def __init__(self, desk: Desk, share: int) -> None:
        self._desk = desk
        self._share = share
        self._unknown = 0
        self._not_sent = 0
        self._asked = 0
        self._open = asyncio.Event()
        self._open.set()

    async def passed(self) -> None:
        """Wait until sending makes sense."""
        await self._open.wait()

    def note(self, kind: OutcomeKind, *, throttled: bool) -> bool:
        """Count one answer; True when it shut the gate, which the caller then has to `ask` open."""
        if kind is OutcomeKind.UNKNOWN:
            self._unknown += 1
        elif kind is OutcomeKind.NOT_SENT:
            self._not_sent += 1
        else:
            self._unknown = self._not_sent = self._asked = 0
        if self._not_sent >= _ROUNDS_NOT_SENT * self._share:
            self._desk.halt(
                TransientError("NetSuite takes no more requests just now; posting goes on later.")
            )
        away = self._unknown + (0 if throttled else self._not_sent)
        if away < 2 * self._share or not self._open.is_set():
            return False
        self._open.clear()
        return True

    async def ask(self) -> None:
        """Open the gate again by one cheap read, or end posting."""
        self._asked += 1
        try:
            await first(self._desk.netsuite, _CHEAP)
            self._unknown = 0
            if self._asked >= _ASKS_IN_VAIN:
                self._desk.halt(
                    TransientError("NetSuite answers reads but no writes; posting goes on later.")
                )
        except Exception as error:  # whatever it is, sending on would be wrong
            self._desk.halt(error)
        finally:
            self._open.set()
