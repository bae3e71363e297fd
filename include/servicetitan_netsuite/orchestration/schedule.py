"""When a tenant's schedule is due: pure calendar arithmetic, no Airflow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from servicetitan_netsuite.tenants import Schedule, Tenant

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_Frequency = Literal[0, 1, 2, 3, 4, 5, 6]  # as dateutil's stubs spell it
_FREQUENCY: dict[str, _Frequency] = {
    "daily": DAILY,
    "weekly": WEEKLY,
    "monthly": MONTHLY,
    "yearly": YEARLY,
}
_UNIT = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The slots of one schedule; wall-clock times are in `timezone` (IANA name)."""

    schedule: Schedule
    timezone: str

    @property
    def scheduled(self) -> bool:
        """Whether it has slots at all."""
        return self.schedule.status == "scheduled"

    def next_slot(self, after: datetime) -> datetime | None:
        """The first slot strictly later than `after` (aware), in UTC; None when there is none."""
        zone = ZoneInfo(self.timezone)
        # A skipped time moves a slot at most one day ahead, so two days back misses none.
        since = after.astimezone(zone).date() - timedelta(days=2)
        for day in self._days(since):
            slot = instant(day, self.schedule.at, zone)
            if slot > after:
                return slot
        return None

    def words(self) -> str:
        """The schedule as a person would say it."""
        plan = self.schedule
        if not self.scheduled or plan.starts is None:
            return "not scheduled"
        at = f"at {plan.at:%H:%M} {self.timezone}"
        if plan.frequency == "single":
            return f"once, on {plan.starts.isoformat()} {at}"
        unit = _UNIT[plan.frequency]
        every = f"every {unit}" if plan.every == 1 else f"every {plan.every} {unit}s"
        until = f" until {plan.ends.isoformat()}" if plan.ends else ""
        days = self._day_words(plan.starts)
        return f"{every}{days} {at}, from {plan.starts.isoformat()}{until}"

    def _day_words(self, starts: date) -> str:
        plan = self.schedule
        if plan.frequency == "weekly":
            chosen = [day.capitalize() for day in _DAYS if day in _weekdays(plan)]
            return f" on {_listed(chosen)}"
        if plan.frequency == "monthly":
            if isinstance(plan.on, int):
                short = plan.on > _SHORTEST_MONTH
                return f" on day {plan.on}" + (" or the month's last" if short else "")
            nth, day = str(plan.on).split()
            return f" on the {nth} {day.capitalize()}"
        if plan.frequency == "yearly":
            return f" on {starts:%b} {starts.day}"
        return ""

    def _days(self, since: date) -> Iterator[date]:
        """The schedule's days from `since` on, first to last."""
        plan = self.schedule
        if not self.scheduled or plan.starts is None:
            return
        if plan.frequency == "single":
            if plan.starts >= since:
                yield plan.starts
            return
        rule = rrule(
            _FREQUENCY[plan.frequency],
            dtstart=datetime.combine(self._anchor(since), time()),
            until=datetime.combine(plan.ends, time()) if plan.ends else None,
            interval=plan.every,
            wkst=MO,
            **_by(plan, plan.starts),
        )
        for moment in rule.xafter(datetime.combine(since, time()), inc=True):
            yield moment.date()

    def _anchor(self, since: date) -> date:
        """A first day for the rule, in step with `starts` but near `since`.

        Counting from `starts` itself would cost more every year that a schedule lives.
        """
        plan, starts = self.schedule, self.schedule.starts or since
        if since <= starts:
            return starts
        every = plan.every
        if plan.frequency == "daily":
            return starts + timedelta(days=(since - starts).days // every * every)
        if plan.frequency == "weekly":
            monday = starts - timedelta(days=starts.weekday())
            return max(
                starts, monday + timedelta(weeks=(since - monday).days // 7 // every * every)
            )
        if plan.frequency == "monthly":
            passed = (since.year - starts.year) * 12 + since.month - starts.month
            year, month = divmod(starts.month - 1 + passed // every * every, 12)
            return max(starts, date(starts.year + year, month + 1, 1))
        passed = since.year - starts.year
        return max(starts, date(starts.year + passed // every * every, 1, 1))


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) when clocks in `zone` show `at` on `day`.

    A time shown twice means the first; a time that clocks jump over means the end of the jump.
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    before, after = wall.replace(fold=1).astimezone(UTC), moment
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def schedule_warnings(tenant: Tenant, now: datetime | None = None) -> tuple[str, ...]:
    """What is odd about a tenant's schedule, one sentence each: above all one that never runs."""
    plan = tenant.schedule
    recurrence = Recurrence(plan, tenant.timezone)
    if not recurrence.scheduled:
        return ()
    if recurrence.next_slot(now or datetime.now(UTC)) is None:
        return (
            f"{tenant.key}: the schedule ({recurrence.words()}) lies in the past and never runs; "
            "give it a later day, or status: not_scheduled.",
        )
    return ()


def _by(plan: Schedule, starts: date) -> dict[str, Any]:
    """The rule's choice of days within its period."""
    if plan.frequency == "weekly":
        return {"byweekday": [_DAYS.index(day) for day in _weekdays(plan)]}
    if plan.frequency == "monthly":
        if isinstance(plan.on, int):
            return _month_day(plan.on)
        nth, day = str(plan.on).split()
        position = -1 if nth == "last" else int(nth[0])
        return {"byweekday": weekday(_DAYS.index(day), position)}
    if plan.frequency == "yearly":
        return {"bymonth": starts.month, **_month_day(starts.day)}
    return {}


def _month_day(day: int) -> dict[str, Any]:
    """The day of a month, or its last where the month is shorter."""
    if day <= _SHORTEST_MONTH:
        return {"bymonthday": day}
    return {"bymonthday": list(range(_SHORTEST_MONTH, day + 1)), "bysetpos": -1}


def _weekdays(plan: Schedule) -> tuple[str, ...]:
    return plan.on if isinstance(plan.on, tuple) else ()


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
