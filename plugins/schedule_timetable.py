"""Makes the tenant timetable known to Airflow; alone here, so that no page can break a schedule."""

from __future__ import annotations

from typing import Any

from airflow.plugins_manager import AirflowPlugin

from servicetitan_netsuite.orchestration.timetable import ScheduleTimetable


class ScheduleTimetablePlugin(AirflowPlugin):
    """Registers the one timetable of the tenant Dags."""

    name = "servicetitan_netsuite_schedule"
    timetables: list[Any] = [ScheduleTimetable]  # noqa: RUF012 - as the base class has it
