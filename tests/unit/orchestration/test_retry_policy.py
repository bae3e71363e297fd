"""What a failed task does next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from airflow.sdk import RetryAction

from servicetitan_netsuite.errors import (
    Blocked,
    ConfigurationError,
    LeaseHeld,
    LeaseLost,
    Rejected,
    TransientError,
    UncertainOutcome,
    Waiting,
)
from servicetitan_netsuite.orchestration.retry_policy import UNEXPECTED_TRIES, SyncRetryPolicy


def decide(error: BaseException, try_number: int = 1):
    return SyncRetryPolicy().evaluate(error, try_number, max_tries=12)


@pytest.mark.parametrize(
    "error",
    [
        ConfigurationError("no such pool"),
        LeaseLost("taken over"),
        Blocked("cause", "sentence", "advice"),
        Rejected("cause", "sentence", "advice"),
    ],
)
def test_what_a_person_must_set_right_is_not_repeated(error: Exception):
    assert decide(error).action is RetryAction.FAIL


@pytest.mark.parametrize("kind", [Waiting, TransientError, UncertainOutcome, LeaseHeld])
def test_waiting_comes_back_after_exactly_its_seconds(kind: type[Waiting]):
    decision = decide(kind("later", wait_s=417.5), try_number=9)
    assert decision.action is RetryAction.RETRY
    assert decision.retry_delay == timedelta(seconds=417.5)


def test_the_unexpected_is_tried_a_few_times_with_growing_pauses():
    pauses = [decide(RuntimeError("?"), n).retry_delay for n in range(1, UNEXPECTED_TRIES)]
    assert pauses == sorted(pauses, key=lambda pause: pause or timedelta())
    assert len(set(pauses)) == len(pauses)
    assert decide(RuntimeError("?"), UNEXPECTED_TRIES).action is RetryAction.FAIL


def test_a_wait_below_zero_means_at_once():
    assert decide(Waiting("now", wait_s=-1)).retry_delay == timedelta(0)
