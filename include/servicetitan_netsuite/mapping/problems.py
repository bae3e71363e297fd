"""Problems told once per cause: one row for a missing mapping with the documents it holds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from servicetitan_netsuite.documents import Cause, Problem, State

SAMPLE = 20
"""How many documents a row names; `count` counts them all."""

_IN_GENERAL = {
    Cause.NOT_BALANCED: "Debits and credits differ.",
    Cause.TOO_MANY_LINES: "There are more lines than NetSuite takes in a journal.",
    Cause.SEVERAL_SUBSIDIARIES: "The business units belong to different subsidiaries.",
    Cause.UPDATE_NOT_POSSIBLE: "They were synced before and changed as no update can follow.",
}
"""Said of several documents whose own sentences differ."""


class Judged(Protocol):
    """A verdict on a document of any type."""

    @property
    def source_id(self) -> str:
        """ServiceTitan's id of the document."""

    @property
    def state(self) -> State:
        """What becomes of it."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why, unless it is ready."""


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One cause and key, and the documents it holds up: their number and the first ids."""

    cause: Cause
    key: str
    key_name: str
    sentence: str
    advice: str
    count: int
    documents: tuple[str, ...]


def grouped(verdicts: Iterable[Judged]) -> list[ProblemRow]:
    """The problems of all blocked documents, one row per cause and key, the most frequent first."""
    return merged(
        _row(problem, verdict.source_id)
        for verdict in verdicts
        if verdict.state is State.BLOCKED
        for problem in verdict.problems
    )


def merged(*parts: Iterable[ProblemRow]) -> list[ProblemRow]:
    """Rows of several chunks as one list; how the documents were cut into chunks does not show."""
    rows: dict[tuple[Cause, str], ProblemRow] = {}
    for part in parts:
        for row in part:
            known = rows.get((row.cause, row.key))
            rows[row.cause, row.key] = _together(known, row) if known else row
    return sorted(rows.values(), key=lambda row: (-row.count, row.cause, row.key))


def _row(problem: Problem, document: str) -> ProblemRow:
    return ProblemRow(
        problem.cause,
        problem.key,
        problem.key_name,
        problem.sentence,
        problem.advice,
        1,
        (document,),
    )


def _together(one: ProblemRow, other: ProblemRow) -> ProblemRow:
    sentence = one.sentence
    if other.sentence != sentence:
        sentence = _IN_GENERAL.get(one.cause) or min(sentence, other.sentence)
    return ProblemRow(
        one.cause,
        one.key,
        min(one.key_name, other.key_name),
        sentence,
        min(one.advice, other.advice),
        one.count + other.count,
        tuple(sorted({*one.documents, *other.documents})[:SAMPLE]),
    )
