"""Changing a record that is there already: never a second one, never other lines left over.

`PATCH record/v1/journalEntry/{id}?replace=line` makes the lines exactly those of the body. Any
other record is changed in what the body names, and keeps the rest.
"""

from __future__ import annotations

import re

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite import canonical, journal
from servicetitan_netsuite.plans.journal import JournalPlan

PARAMS = {"replace": "line"}
# An update keeps the journal's identity, number, subsidiary and currency.
_FIXED = ("externalId", "tranId", "subsidiary", "currency")
_RECORD = re.compile(r"record/v1/[A-Za-z]+/(?:(?P<id>[1-9][0-9]{0,17})|eid:[a-z0-9_-]+)")


def changes(path: str | None) -> bool:
    """Whether `path` names a record that is there, so that sending to it changes that record."""
    return _RECORD.fullmatch(path or "") is not None


def record_id(path: str) -> str:
    """The internal id in the path of a change.

    Raises:
        ValueError: it names none.
    """
    found = _RECORD.fullmatch(path)
    if found is None or found["id"] is None:
        raise ValueError(f"{path!r} does not name a record by its internal id")
    return found["id"]


def params(path: str) -> dict[str, str]:
    """The query that goes with a change of the record that `path` names."""
    return PARAMS if path.startswith(f"{journal.PATH}/") else {}


def path(netsuite_id: str) -> str:
    """The path of the update; send it with `PARAMS`.

    Raises:
        ValueError: not an internal id.
    """
    if not (netsuite_id.isascii() and netsuite_id.isdigit()):
        raise ValueError(f"{netsuite_id!r} is not an internal id")
    return f"{journal.PATH}/{netsuite_id}"


def update_body(new: JournalPlan | Json) -> Json:
    """The body of the update from a plan, or from the body that would create it.

    A memo that is gone is cleared; every line is given, since the old ones are replaced.
    """
    made = journal.body(new) if isinstance(new, JournalPlan) else new
    kept = {name: value for name, value in made.items() if name not in _FIXED}
    return {"memo": None, **kept}


def journal_from_record(record: Json) -> Json:
    """Canonical form of a journal read with its lines by GET, so that edits by hand are seen."""
    return canonical.journal(record)
