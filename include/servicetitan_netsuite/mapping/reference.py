"""NetSuite's reference data, laid out once per run so that every chunk can be joined with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pandas import DataFrame

Row = Mapping[str, Any]
SEGMENTS = ("department", "class", "location")


class Reference(Protocol):
    """Rows as read from NetSuite; ids are strings, flags booleans, days dates.

    accounts: id, number, name, type, inactive, summary, special, subsidiaries.
    subsidiaries: id, name, parent, currency, inactive, elimination.
    departments, classes, locations: id, name, inactive, subsidiaries.
    periods: id, name, start, end, closed, all_locked, ar_locked, ap_locked.
    vendors: id, name, inactive, flagged, subsidiaries; none where the run needs none.
    Where a row's `subsidiaries` is empty, every subsidiary may use it.
    """

    @property
    def accounts(self) -> Sequence[Row]:
        """General ledger accounts."""

    @property
    def subsidiaries(self) -> Sequence[Row]:
        """Subsidiaries; none without OneWorld."""

    @property
    def departments(self) -> Sequence[Row]:
        """Departments."""

    @property
    def classes(self) -> Sequence[Row]:
        """Classes."""

    @property
    def locations(self) -> Sequence[Row]:
        """Locations."""

    @property
    def periods(self) -> Sequence[Row]:
        """Accounting periods."""

    @property
    def vendors(self) -> Sequence[Row]:
        """Vendors."""

    @property
    def vendor_names(self) -> Mapping[str, str]:
        """What ServiceTitan calls its vendors, by its ids: some documents tell the id alone."""

    @property
    def unit_names(self) -> Mapping[str, str]:
        """What ServiceTitan calls its business units, by its ids, for the same reason."""


def label(row: Row) -> str:
    """How people call an account, subsidiary or segment: its number and name, else its id."""
    number, name = str(row.get("number") or "").strip(), str(row.get("name") or "").strip()
    return f"{number} {name}".strip() or f"id {row.get('id')}"


class ReferenceFrames:
    """Reference rows with the frames and indexes that validation joins with.

    `account_frame` is indexed by account id: a_label, a_type, a_active, a_summary, a_everywhere.
    `account_places` holds one row (target, subsidiary) per subsidiary a restricted account serves.
    """

    def __init__(self, reference: Reference) -> None:
        self.accounts = tuple(reference.accounts)
        self.subsidiaries = tuple(reference.subsidiaries)
        self.departments = tuple(reference.departments)
        self.classes = tuple(reference.classes)
        self.locations = tuple(reference.locations)
        self.periods = tuple(reference.periods)
        self.vendors = tuple(reference.vendors)
        self.account_by_id = _by_id(self.accounts)
        self.vendor_by_id = _by_id(self.vendors)
        self.vendor_names = reference.vendor_names
        self.unit_names = reference.unit_names
        self.subsidiary_by_id = _by_id(self.subsidiaries)
        self.segment_by_id = {
            "department": _by_id(self.departments),
            "class": _by_id(self.classes),
            "location": _by_id(self.locations),
        }
        self.account_frame, self.account_places = _account_frames(self.account_by_id)
        self._period_of: dict[date, Row | None] = {}

    def period(self, day: date) -> Row | None:
        """The posting period that holds `day`: no adjustment period, quarter or year."""
        if day not in self._period_of:
            holding = [p for p in self.periods if _is_base(p) and p["start"] <= day <= p["end"]]
            holding.sort(key=lambda p: (p["end"] - p["start"], str(p["id"])))
            self._period_of[day] = holding[0] if holding else None
        return self._period_of[day]

    def subsidiary_label(self, subsidiary: str) -> str:
        """Name of a subsidiary, or its id where NetSuite has none of that id."""
        return label(self.subsidiary_by_id.get(subsidiary, {"id": subsidiary}))


def frames(reference: Reference) -> ReferenceFrames:
    """`reference` laid out for joins: make it once per run and use it for every chunk."""
    return ReferenceFrames(reference)


def _by_id(rows: Sequence[Row]) -> dict[str, Row]:
    return {str(row["id"]): row for row in rows}


def _is_base(period: Row) -> bool:
    return not (period.get("is_adjust") or period.get("is_quarter") or period.get("is_year"))


def _account_frames(accounts: Mapping[str, Row]) -> tuple[DataFrame, DataFrame]:
    import pandas as pd

    rows = [
        (
            label(row),
            str(row.get("type") or ""),
            not row.get("inactive"),
            bool(row.get("summary")),
            not row.get("subsidiaries"),
        )
        for row in accounts.values()
    ]
    account_frame = pd.DataFrame(
        rows,
        index=pd.Index(list(accounts), dtype=object),
        columns=["a_label", "a_type", "a_active", "a_summary", "a_everywhere"],
        dtype=object,
    )
    places = [
        (key, str(subsidiary))
        for key, row in accounts.items()
        for subsidiary in dict.fromkeys(row.get("subsidiaries") or ())
    ]
    return account_frame, pd.DataFrame(places, columns=["target", "subsidiary"], dtype=object)
