"""What needs attention: one row per cause and missing thing, with what it holds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servicetitan_netsuite.dashboard.summary import Summary
from servicetitan_netsuite.documents import Cause
from servicetitan_netsuite.ledger.pages import DocumentFilter, ProblemGroup

_LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem; `shows` finds its documents, None when this run did not look at them."""

    cause: str
    name: str
    sentence: str
    advice: str
    documents: int
    cents: int
    examples: tuple[str, ...]
    shows: DocumentFilter | None


def problem_rows(summary: Summary | None, groups: Iterable[ProblemGroup]) -> list[ProblemRow]:
    """The summary's problems, or what is known so far while there is no summary."""
    groups = list(groups)
    if summary is None:
        return [
            ProblemRow(
                cause=group.cause,
                name=group.key_name or group.key,
                sentence=group.sentence,
                advice=group.advice,
                documents=group.documents,
                cents=group.amount_cents,
                examples=(group.example,),
                shows=_documents_of(group.cause, group.key, group.sentence),
            )
            for group in groups
        ]
    here = {(group.cause, group.key) for group in groups}
    return [
        ProblemRow(
            cause=told.cause,
            name=told.key_name or told.key,
            sentence=told.sentence,
            advice=told.advice,
            documents=told.documents,
            cents=told.cents,
            examples=told.examples,
            shows=_documents_of(told.cause, told.key, told.sentence)
            if (told.cause, told.key) in here
            else None,
        )
        for told in summary.problems
    ]


def _documents_of(cause: str, key: str, sentence: str) -> DocumentFilter:
    refused = cause == Cause.REFUSED_BY_NETSUITE
    return DocumentFilter(cause=cause, key=key, text=sentence[:_LONGEST_SEARCH] if refused else "")
