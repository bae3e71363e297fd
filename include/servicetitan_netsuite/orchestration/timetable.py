"""The tenant schedule as an Airflow timetable."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pendulum
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable

from servicetitan_netsuite.orchestration.schedule import Recurrence
from servicetitan_netsuite.tenants import Schedule, Tenant

GRACE = timedelta(minutes=15)
_INSTANT = timedelta(microseconds=1)
_log = logging.getLogger(__name__)


class ScheduleTimetable(Timetable):
    """Single, daily, weekly, monthly or yearly runs at a wall-clock time, or none.

    A slot that is over is never made up for. The one exception keeps slots from being lost: a slot
    that Airflow had already announced as the Dag's next run stays due for `GRACE`, so that a busy
    or restarting scheduler may take it up late. Editing the schedule or pausing the Dag ends that.
    """

    def __init__(self, dag_id: str, schedule: Schedule, timezone: str) -> None:
        self.dag_id = dag_id
        self.recurrence = Recurrence(schedule, timezone)
        self.description = self.recurrence.words()
        self.periodic = schedule.frequency != "single"
        self.can_be_scheduled = self.recurrence.scheduled

    @classmethod
    def of(cls, tenant: Tenant) -> ScheduleTimetable:
        """The timetable of a tenant's Dag."""
        return cls(tenant.dag_id, tenant.schedule, tenant.timezone)

    @property
    def summary(self) -> str:
        """The schedule in words, shown in the list of Dags."""
        return self.description

    def serialize(self) -> dict[str, Any]:
        """JSON values from which `deserialize` makes an equal timetable."""
        return {
            "dag_id": self.dag_id,
            "schedule": self.recurrence.schedule.model_dump(mode="json"),
            "timezone": self.recurrence.timezone,
        }

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> Timetable:
        """The timetable that `serialize` described."""
        schedule = Schedule.model_validate(data["schedule"])
        return cls(data["dag_id"], schedule, data["timezone"])

    def infer_manual_data_interval(self, *, run_after: pendulum.DateTime) -> DataInterval:
        """A manual run stands for the moment it was asked for."""
        return DataInterval.exact(run_after)

    def next_dagrun_info(
        self,
        *,
        last_automated_data_interval: DataInterval | None,
        restriction: TimeRestriction,
    ) -> DagRunInfo | None:
        """The next slot after the last run; never a past one, unless it was announced just now."""
        floors = [datetime.min.replace(tzinfo=UTC) + timedelta(days=3)]
        if restriction.earliest is not None:
            floors.append(restriction.earliest - _INSTANT)
        if last_automated_data_interval is not None:
            floors.append(last_automated_data_interval.end)
        after = max(floors)
        slot = (
            self.recurrence.next_slot(after)
            if restriction.catchup
            else self._next_due(after, _now())
        )
        if slot is None or (restriction.latest is not None and slot > restriction.latest):
            return None
        return DagRunInfo.exact(pendulum.instance(slot))

    def _next_due(self, after: datetime, now: datetime) -> datetime | None:
        slot = self.recurrence.next_slot(max(after, now - GRACE))
        while slot is not None and slot < now and not was_announced(self.dag_id, slot):
            slot = self.recurrence.next_slot(slot)
        return slot


def was_announced(dag_id: str, slot: datetime) -> bool:
    """Whether Airflow's database still names `slot` as the next run of an active Dag.

    Read on a connection of its own: the caller's session is in the middle of changing that row.
    Only asked about a slot just over, in the Dag processor, the scheduler or the API server.
    """
    from airflow import settings
    from airflow.models.dag import DagModel
    from sqlalchemy import select
    from sqlalchemy.exc import SQLAlchemyError

    if settings.engine is None:
        return False
    row = select(DagModel.next_dagrun_create_after, DagModel.is_paused).where(
        DagModel.dag_id == dag_id
    )
    try:
        with settings.engine.connect() as connection:
            found = connection.execute(row).first()
    except SQLAlchemyError:
        _log.exception("Cannot read what was announced for %s; its slot is taken for past", dag_id)
        return False
    return found is not None and found[0] == slot and not found[1]


def _now() -> datetime:
    return datetime.now(UTC)
