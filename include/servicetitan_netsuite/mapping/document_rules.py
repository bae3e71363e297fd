"""Rules about any document as a whole: before go-live, readable, equal to its total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from servicetitan_netsuite.documents import CENT, Cause, Problem, to_cents
from servicetitan_netsuite.mapping.reading import Reading

UNREADABLE = {
    "header": "its header is missing",
    "lines": "its lines are missing",
    "line": "one of its lines is not a line",
    "memo": "its memo is not text",
    "business_unit": "it or a line names the business unit without a valid id",
    "number": "its number is missing, or longer than NetSuite takes with the prefix",
    "id": "its id holds characters that NetSuite's external ids do not take",
}
"""What it means that a part which any document has could not be read."""
_CHANGED = {
    Cause.BEFORE_GO_LIVE: "it is now dated before go-live",
    Cause.ZERO_AMOUNT: "it comes to nothing now",
    Cause.NO_LONGER_PENDING: "it is canceled now",
}


def before_go_live(reading: Reading, from_: date, further: str = "") -> Problem | None:
    """The reason to skip a document dated before go-live; `further` is what else to know."""
    day = reading.document.business_date
    if day is None or day >= from_:
        return None
    return Problem(
        Cause.BEFORE_GO_LIVE,
        f"It is dated before go-live, {from_.isoformat()}.",
        f"Nothing to do: documents from before go-live stay in ServiceTitan.{further}",
    )


def since_posted(reading: Reading, reason: Problem) -> Problem:
    """What a reason to skip means for a document whose record is in NetSuite."""
    return changed_since(reading, f", and {_CHANGED[reason.cause]}.")


def changed_since(reading: Reading, told: str) -> Problem:
    """The record in NetSuite cannot follow what happened to its document since, `told` in words."""
    return Problem(
        Cause.UPDATE_NOT_POSSIBLE,
        f"This {reading.noun} was synced before{told}",
        "Correct or delete the record in NetSuite by hand, or undo the change in ServiceTitan.",
    )


def unread(reading: Reading, told: Mapping[str, str]) -> Iterator[Problem]:
    """What could not be read; `told` says what each dirty part means."""
    for part in sorted(reading.dirty):
        sentence = f"This {reading.noun} cannot be read: {told[part]}."
        yield Problem(Cause.DIRTY_DATA, sentence, reading.correct, part, part)


def off_total(reading: Reading, wanted: Decimal, parts: str) -> Iterator[Problem]:
    """Why the lines, to the cent, do not come to the total; `parts` names all that adds up."""
    total = to_cents(wanted)
    if reading.rounded == total:
        return
    if abs(reading.exact - wanted) < CENT:
        yield Problem(
            Cause.TOO_MANY_DECIMALS,
            "Its lines have more than two decimals; rounded to the cent they no longer come to "
            f"its total of {total}.",
            reading.correct,
        )
        return
    yield Problem(
        Cause.NOT_BALANCED,
        f"Its {parts} come to {reading.rounded}, but its total is {total}.",
        reading.correct,
    )
