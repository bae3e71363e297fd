"""The days and moments of a schedule, against a second way of counting them."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicetitan_netsuite.orchestration.schedule import Recurrence, instant, schedule_warnings
from servicetitan_netsuite.tenants import Schedule, Tenant

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NTH = ("1st", "2nd", "3rd", "4th", "5th", "last")
ZONES = ("America/New_York", "America/Phoenix", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


def plan(**fields: Any) -> Schedule:
    values = {"status": "scheduled", "starts": "2026-01-05", "at": "02:00", **fields}
    return Schedule.model_validate(values)


def slots(schedule: Schedule, zone: str, after: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    slot = Recurrence(schedule, zone).next_slot(after)
    while slot is not None and len(found) < count:
        found.append(slot)
        slot = Recurrence(schedule, zone).next_slot(slot)
    return found


def month_end(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def is_due(schedule: Schedule, day: date) -> bool:
    """Whether a schedule has `day`, said without rules: by looking at the day alone."""
    starts, every = schedule.starts, schedule.every
    assert starts is not None
    if day < starts or (schedule.ends is not None and day > schedule.ends):
        return False
    months = (day.year - starts.year) * 12 + day.month - starts.month
    if schedule.frequency == "single":
        return day == starts
    if schedule.frequency == "daily":
        return (day - starts).days % every == 0
    if schedule.frequency == "weekly":
        weeks = (day - timedelta(day.weekday()) - starts + timedelta(starts.weekday())).days // 7
        return weeks % every == 0 and DAYS[day.weekday()] in schedule.on  # type: ignore[operator]
    if schedule.frequency == "yearly":
        wanted = min(starts.day, month_end(day))
        years = day.year - starts.year
        return years % every == 0 and day.month == starts.month and day.day == wanted
    if months % every:
        return False
    if isinstance(schedule.on, int):
        return day.day == min(schedule.on, month_end(day))
    nth, name = str(schedule.on).split()
    if DAYS[day.weekday()] != name:
        return False
    if nth == "last":
        return day.day + 7 > month_end(day)
    return (day.day - 1) // 7 + 1 == int(nth[0])


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    frequency = draw(st.sampled_from(["single", "daily", "weekly", "monthly", "yearly"]))
    starts = draw(st.dates(date(2023, 12, 1), date(2025, 3, 1)))
    on: Any = None
    if frequency == "weekly":
        on = draw(st.lists(st.sampled_from(DAYS), min_size=1, unique=True))
    elif frequency == "monthly":
        nth = st.builds("{} {}".format, st.sampled_from(NTH), st.sampled_from(DAYS))
        on = draw(st.integers(1, 31) | nth)
    ends = draw(st.none() | st.integers(0, 900).map(lambda n: starts + timedelta(n)))
    every = draw(st.integers(1, 9))
    at = draw(st.times().map(lambda t: t.replace(second=0, microsecond=0)))
    return plan(frequency=frequency, starts=starts, on=on, ends=ends, every=every, at=f"{at:%H:%M}")


@given(schedules(), st.integers(0, 900))
@settings(max_examples=300, deadline=None)
def test_the_slots_are_those_days_that_a_person_would_count(schedule: Schedule, skipped: int):
    start = date(2024, 1, 1) + timedelta(skipped)
    days = [day for n in range(800) if is_due(schedule, day := start + timedelta(n))]
    wanted = [datetime.combine(day, schedule.at, tzinfo=UTC) for day in days][:4]
    after = datetime.combine(start, time(), tzinfo=UTC) - timedelta(microseconds=1)
    found = slots(schedule, "UTC", after, 4)
    assert found[: len(wanted)] == wanted
    assert all(slot.date() >= start + timedelta(800) for slot in found[len(wanted) :])


@given(schedules(), st.sampled_from(ZONES), st.integers(0, 35_000))
@settings(max_examples=200, deadline=None)
def test_a_slot_lies_after_the_moment_asked_for_and_none_is_passed_over(
    schedule: Schedule, zone: str, hours: int
):
    after = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    slot = Recurrence(schedule, zone).next_slot(after)
    if slot is not None:
        assert slot > after
        halfway = after + (slot - after) / 2
        assert Recurrence(schedule, zone).next_slot(halfway) == slot


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.times(), st.sampled_from(ZONES))
@settings(max_examples=300, deadline=None)
def test_a_moment_shows_its_wall_clock_time_or_ends_a_jump(day: date, at: time, name: str):
    at, zone = at.replace(microsecond=0), ZoneInfo(name)
    moment = instant(day, at, zone)
    shown = moment.astimezone(zone)
    if (shown.date(), shown.time()) != (day, at):
        just_before = (moment - timedelta(seconds=1)).astimezone(zone)
        assert just_before.utcoffset() != shown.utcoffset()
        assert just_before.replace(tzinfo=None) < datetime.combine(day, at)


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        # 02:00 to 03:00 does not exist: the first moment that does.
        ("2026-03-08", "02:00", "America/New_York", "2026-03-08T07:00Z"),
        ("2026-03-08", "02:30", "America/New_York", "2026-03-08T07:00Z"),
        ("2026-03-08", "03:00", "America/New_York", "2026-03-08T07:00Z"),
        # 01:00 to 02:00 exists twice: the first.
        ("2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30Z"),
        # Half an hour of daylight saving.
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:30Z"),
        # A day that never was.
        ("2011-12-30", "02:00", "Pacific/Apia", "2011-12-30T10:00Z"),
        ("2026-07-01", "02:00", "America/New_York", "2026-07-01T06:00Z"),
    ],
)
def test_daylight_saving(day: str, at: str, zone: str, moment: str):
    found = instant(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert found == datetime.fromisoformat(moment)


def test_a_time_that_exists_twice_runs_once():
    after = datetime(2026, 10, 31, 12, tzinfo=UTC)
    found = slots(plan(frequency="daily", at="01:30"), "America/New_York", after, 2)
    assert found == [
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 2, 6, 30, tzinfo=UTC),
    ]


def test_a_day_beyond_the_months_end_means_its_last():
    schedule = plan(frequency="monthly", on=31, starts="2026-01-31")
    found = slots(schedule, "UTC", datetime(2026, 1, 1, tzinfo=UTC), 4)
    assert [f"{slot:%m-%d}" for slot in found] == ["01-31", "02-28", "03-31", "04-30"]


def test_a_schedule_of_many_years_is_asked_quickly():
    schedule = plan(frequency="daily", starts="1990-01-01", every=3)
    after = datetime(2026, 1, 1, tzinfo=UTC)
    assert Recurrence(schedule, "UTC")._anchor(after.date()) > date(2025, 12, 28)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"frequency": "weekly", "on": ["thu", "mon"]},
            "every week on Mon and Thu at 02:00 America/New_York, from 2026-01-05",
        ),
        (
            {"frequency": "weekly", "on": ["mon", "wed", "fri"], "every": 2},
            "every 2 weeks on Mon, Wed and Fri at 02:00 America/New_York, from 2026-01-05",
        ),
        (
            {"frequency": "daily", "ends": "2026-12-31", "at": "23:05"},
            "every day at 23:05 America/New_York, from 2026-01-05 until 2026-12-31",
        ),
        (
            {"frequency": "monthly", "on": "last fri"},
            "every month on the last Fri at 02:00 America/New_York, from 2026-01-05",
        ),
        (
            {"frequency": "monthly", "on": 30, "every": 3},
            "every 3 months on day 30 or the month's last at 02:00 America/New_York, "
            "from 2026-01-05",
        ),
        (
            {"frequency": "yearly"},
            "every year on Jan 5 at 02:00 America/New_York, from 2026-01-05",
        ),
        ({"frequency": "single"}, "once, on 2026-01-05 at 02:00 America/New_York"),
        ({"status": "not_scheduled"}, "not scheduled"),
    ],
)
def test_words(fields: dict[str, Any], words: str):
    assert Recurrence(plan(**fields), "America/New_York").words() == words


def tenant(**schedule: Any) -> Tenant:
    return Tenant.model_validate(
        {
            "name": "Albany",
            "short_name": "ALB",
            "timezone": "America/New_York",
            "servicetitan": {"tenant_id": 1, "connection": "st"},
            "netsuite": {"connection": "ns"},
            "sync": {"method": "journal_entries", "from": "2026-01-01"},
            "schedule": plan(**schedule).model_dump(mode="json"),
        }
    )


def test_a_single_event_in_the_past_is_warned_of():
    now = datetime(2026, 1, 5, 8, tzinfo=UTC)
    (warning,) = schedule_warnings(tenant(frequency="single"), now)
    assert "never runs" in warning
    assert "alb" in warning


@pytest.mark.parametrize(
    "fields", [{"frequency": "single", "starts": "2026-01-06"}, {"status": "not_scheduled"}]
)
def test_a_schedule_that_will_run_or_is_off_needs_no_warning(fields: dict[str, Any]):
    assert schedule_warnings(tenant(**fields), datetime(2026, 1, 5, 8, tzinfo=UTC)) == ()
