"""ServiceTitan's ways to write a point in time and a day."""

from __future__ import annotations

from datetime import UTC, date, datetime


def stamp(moment: datetime) -> str:
    """An audit stamp: UTC with seven digits of the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def now() -> str:
    """The stamp of this moment."""
    return stamp(datetime.now(UTC))


def midnight(day: date) -> str:
    """A business day: midnight without an offset."""
    return f"{day.isoformat()}T00:00:00"


def parse_stamp(text: str) -> str:
    """The stamp of an ISO date-time (UTC unless it says otherwise); raises ValueError."""
    moment = datetime.fromisoformat(_microseconds(text))
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def parse_day(text: str) -> date:
    """The day of an ISO date or date-time, its time ignored; raises ValueError."""
    return datetime.fromisoformat(_microseconds(text)).date()


def _microseconds(text: str) -> str:
    """At most six digits of the second, which is what Python reads."""
    head, dot, tail = text.partition(".")
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return head + dot + tail[: min(digits, 6)] + tail[digits:]
