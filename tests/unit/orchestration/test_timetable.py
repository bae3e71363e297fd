"""The timetable: never a past slot, never a lost one, the same after Airflow stored it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pendulum
import pytest
from airflow.timetables.base import DataInterval, TimeRestriction

from servicetitan_netsuite.orchestration import timetable
from servicetitan_netsuite.orchestration.timetable import GRACE, ScheduleTimetable
from servicetitan_netsuite.tenants import Schedule

DAILY = {"status": "scheduled", "frequency": "daily", "at": "02:00", "starts": "2026-01-05"}
SINGLE = {**DAILY, "frequency": "single"}
SLOT = datetime(2026, 1, 7, 2, tzinfo=UTC)
NEXT = SLOT + timedelta(days=1)


def of(**fields: Any) -> ScheduleTimetable:
    return ScheduleTimetable("netsuite_sync_alb", Schedule.model_validate(fields), "UTC")


def next_run(
    made: ScheduleTimetable, last: datetime | None = None, catchup: bool = False, **limits: Any
) -> datetime | None:
    interval = DataInterval.exact(pendulum.instance(last)) if last else None
    restriction = TimeRestriction(limits.get("earliest"), limits.get("latest"), catchup)
    info = made.next_dagrun_info(last_automated_data_interval=interval, restriction=restriction)
    return info.run_after if info else None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the time, and the slot that Airflow announced before (None: no such Dag, or paused)."""

    def set_to(now: datetime, announced: datetime | None = None) -> None:
        monkeypatch.setattr(timetable, "_now", lambda: now)
        monkeypatch.setattr(timetable, "was_announced", lambda _, slot: slot == announced)

    return set_to


def test_the_next_slot_lies_ahead(clock: Any):
    clock(SLOT - timedelta(hours=1))
    assert next_run(of(**DAILY)) == SLOT


def test_editing_or_unpausing_just_after_a_slot_never_runs_it(clock: Any):
    clock(SLOT + timedelta(seconds=5))
    assert next_run(of(**DAILY)) == NEXT
    assert next_run(of(**DAILY), last=SLOT - timedelta(days=5)) == NEXT


def test_a_slot_that_was_announced_is_not_lost_to_a_late_scheduler(clock: Any):
    clock(SLOT + timedelta(minutes=3), announced=SLOT)
    assert next_run(of(**DAILY)) == SLOT


def test_a_slot_that_was_announced_long_ago_is_past(clock: Any):
    clock(SLOT + GRACE + timedelta(seconds=1), announced=SLOT)
    assert next_run(of(**DAILY)) == NEXT


def test_a_slot_that_already_ran_does_not_run_again(clock: Any):
    clock(SLOT + timedelta(seconds=5), announced=SLOT)
    assert next_run(of(**DAILY), last=SLOT) == NEXT


def test_a_single_event_in_the_past_never_runs(clock: Any):
    clock(datetime(2026, 1, 5, 2, 0, 1, tzinfo=UTC))
    assert next_run(of(**SINGLE)) is None


def test_a_single_event_runs_once(clock: Any):
    event = datetime(2026, 1, 5, 2, tzinfo=UTC)
    clock(event - timedelta(days=1))
    assert next_run(of(**SINGLE)) == event
    clock(event + timedelta(seconds=9), announced=event)
    assert next_run(of(**SINGLE)) == event
    assert next_run(of(**SINGLE), last=event) is None


def test_a_schedule_ends_with_its_last_day(clock: Any):
    clock(SLOT - timedelta(hours=1))
    assert next_run(of(**DAILY, ends="2026-01-07")) == SLOT
    assert next_run(of(**DAILY, ends="2026-01-07"), last=SLOT) is None
    assert next_run(of(**DAILY, ends="2026-01-06")) is None


def test_airflows_own_limits_hold(clock: Any):
    clock(SLOT - timedelta(hours=1))
    assert next_run(of(**DAILY), earliest=pendulum.instance(NEXT)) == NEXT
    assert next_run(of(**DAILY), latest=pendulum.instance(SLOT - timedelta(seconds=1))) is None
    assert next_run(of(**DAILY), latest=pendulum.instance(SLOT)) == SLOT


def test_what_is_not_scheduled_never_runs_by_itself(clock: Any):
    clock(SLOT)
    made = of(status="not_scheduled")
    assert not made.can_be_scheduled
    assert next_run(made) is None
    assert made.summary == "not scheduled"


def test_slots_between_two_days_can_be_listed(clock: Any):
    clock(datetime(2030, 1, 1, tzinfo=UTC))
    first = next_run(of(**DAILY), catchup=True)
    assert first == datetime(2026, 1, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        DAILY,
        SINGLE,
        {"status": "not_scheduled"},
        {**DAILY, "frequency": "weekly", "on": ["mon", "thu"], "every": 2, "ends": "2027-01-01"},
        {**DAILY, "frequency": "monthly", "on": "last fri"},
        {**DAILY, "frequency": "monthly", "on": 31},
    ],
)
def test_it_is_the_same_after_airflow_stored_it(fields: dict[str, Any]):
    made = of(**fields)
    again = ScheduleTimetable.deserialize(made.serialize())
    assert isinstance(again, ScheduleTimetable)
    assert again.recurrence == made.recurrence
    assert (again.summary, again.periodic, again.can_be_scheduled) == (
        made.summary,
        made.periodic,
        made.can_be_scheduled,
    )


def test_a_manual_run_stands_for_its_moment():
    moment = pendulum.instance(SLOT)
    assert of(**DAILY).infer_manual_data_interval(run_after=moment) == DataInterval.exact(moment)
