"""What becomes of one document, as its rules found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from servicetitan_netsuite.documents import Cause, Problem, State


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one document.

    READY has a plan; BLOCKED has all its problems; SKIPPED the reason as its only problem. `notes`
    tell what was left out or is uncertain.
    """

    source_id: str
    state: State
    problems: tuple[Problem, ...] = ()
    plan: Any = None
    notes: tuple[str, ...] = ()

    @property
    def comes_to_nothing(self) -> bool:
        """Whether it is skipped because every account comes to zero."""
        causes = {problem.cause for problem in self.problems}
        return self.state is State.SKIPPED and causes == {Cause.ZERO_AMOUNT}
