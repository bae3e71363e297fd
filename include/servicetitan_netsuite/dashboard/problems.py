"""What needs attention: one row per cause and missing thing, with what it holds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servicetitan_netsuite.dashboard.summary import ProblemPart
from servicetitan_netsuite.documents import Cause
from servicetitan_netsuite.ledger.pages import DocumentFilter

FIRST = 12
"""How many problems a page shows before it is asked for all of them."""
_LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem; `waiting` counts what waits for its documents.

    `shows` finds all of these, None when this run did not look at them.
    """

    cause: str
    name: str
    sentence: str
    advice: str
    documents: int
    waiting: int
    cents: int
    examples: tuple[str, ...]
    shows: DocumentFilter | None


def problem_rows(told: Iterable[ProblemPart]) -> list[ProblemRow]:
    """The problems of a summary, or those known so far."""
    return [
        ProblemRow(
            cause=one.cause,
            name=one.key_name or one.key,
            sentence=one.sentence,
            advice=one.advice,
            documents=one.documents,
            waiting=one.waiting,
            cents=one.cents,
            examples=one.examples,
            shows=_documents_of(one) if one.here else None,
        )
        for one in told
    ]


def _documents_of(told: ProblemPart) -> DocumentFilter:
    """What is told by its own words is found by them: no key names it."""
    own = told.cause == Cause.REFUSED_BY_NETSUITE or not told.key
    text = told.sentence[:_LONGEST_SEARCH] if own else ""
    return DocumentFilter(cause=told.cause, key=told.key, text=text)
