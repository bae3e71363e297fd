"""One document type as the steps see it: how it is read, judged and reported back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.entry import Unreadable
from servicetitan_netsuite.steps.work import Work

if TYPE_CHECKING:
    from servicetitan_netsuite.steps.checks import Checks

Found = SourceDocument | Unreadable
Kept = str | BaseException | None
Known = dict[str, Any]
"""Ledger rows of documents, by source id."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is particular about one document type.

    Attributes:
        pending: reads what is pending, whole documents as they come.
        withdrawn: of unsent ledger rows that the list did not show, the source ids of those that
            are no longer pending.
        judge: one decision per document, in order; may put parents into the ledger first.
        report: tells ServiceTitan about ledger rows; per row what the ledger keeps, None where the
            report has to be repeated, or the error that no repeating helps.
        roles: ServiceTitan's default accounts that its documents post to without naming them.
    """

    type: DocumentType
    pending: Callable[[ServiceTitan, Work, tuple[str, ...]], AsyncGenerator[Found, None]]
    withdrawn: Callable[[ServiceTitan, Work, Sequence[Any]], Awaitable[set[str]]]
    judge: Callable[[Work, Checks, Sequence[SourceDocument], Known], Awaitable[list[Decision]]]
    report: Callable[[Work, ServiceTitan, Sequence[Any]], Awaitable[list[Kept]]]
    roles: tuple[str, ...] = ()
