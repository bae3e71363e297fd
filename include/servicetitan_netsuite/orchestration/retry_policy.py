"""What a failed task does next, read off the error tree."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import RetryDecision, RetryPolicy

from servicetitan_netsuite.errors import ConfigurationError, DocumentError, LeaseLost, Waiting

if TYPE_CHECKING:
    from airflow.sdk import Context

UNEXPECTED_TRIES = 3
_FIRST_WAIT_S = 30
_LONGEST_WAIT_S = 600


class SyncRetryPolicy(RetryPolicy):
    """Waits exactly as long as a `Waiting` says, and never repeats what a person must set right.

    Anything unforeseen is tried `UNEXPECTED_TRIES` times with growing pauses. Airflow's own count
    of retries bounds them all.
    """

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Context | None = None,
    ) -> RetryDecision:
        """Decide by the type of `exception`; `try_number` counts from 1."""
        if isinstance(exception, ConfigurationError | DocumentError | LeaseLost):
            return RetryDecision.fail(reason="a retry cannot help")
        if isinstance(exception, Waiting):
            wait_s = max(0.0, exception.wait_s)
            return RetryDecision.retry(timedelta(seconds=wait_s), f"again after {wait_s:g} s")
        if try_number >= UNEXPECTED_TRIES:
            return RetryDecision.fail(reason=f"unexpected, {try_number} times")
        wait_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (try_number - 1))
        return RetryDecision.retry(timedelta(seconds=wait_s), f"unexpected, again after {wait_s} s")

    def serialize(self) -> dict[str, Any]:
        """Nothing to keep: the policy has no settings."""
        return {}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> SyncRetryPolicy:
        """The policy, whatever `data`."""
        return cls()
