"""One document type as the steps see it: how it is read, judged and reported back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.ledger.verdicts import Decision, Key
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.steps.work import Work

if TYPE_CHECKING:
    from servicetitan_netsuite.steps.checks import Checks

Kept = str | BaseException | None
Known = dict[Key, Any]
"""Ledger rows of documents, by source id and part."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of the pending documents are asked for; all where nothing is given.

    Attributes:
        documents: numbers or ids that a person chose.
        batch: number, id or name of one batch.
        since: only what was modified then or later.
        ids: exactly these, by ServiceTitan's ids.
    """

    documents: tuple[str, ...] = ()
    batch: str | None = None
    since: datetime | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """What is particular about one document type.

    Attributes:
        pending: reads what is pending, whole documents as they come; a further record of the same
            document comes as a document of its own, with its part.
        withdrawn: of unsent ledger rows that the list did not show, the row ids of those that are
            no longer pending.
        judge: one decision per document, in order; may put parents into the ledger first.
        report: tells ServiceTitan about ledger rows; per row what the ledger keeps, None where the
            report has to be repeated, or the error that no repeating helps.
        roles: ServiceTitan's default accounts that its documents post to without naming them.
        batched: its documents are in batches; others are left alone where one batch is chosen.
        watermarked: its list never gets shorter, so that only what changed is read.
        named_by_others: never listed: read after the types whose documents name them.
        vendors: its documents name vendors, who are then read from both sides and linked.
    """

    type: DocumentType
    pending: Callable[[ServiceTitan, Work, Asked], AsyncGenerator[Found, None]]
    withdrawn: Callable[[ServiceTitan, Work, Sequence[Any]], Awaitable[set[int]]]
    judge: Callable[[Work, Checks, Sequence[SourceDocument], Known], Awaitable[list[Decision]]]
    report: Callable[[Work, ServiceTitan, Sequence[Any]], Awaitable[list[Kept]]]
    roles: tuple[str, ...] = ()
    batched: bool = True
    watermarked: bool = False
    named_by_others: bool = False
    vendors: bool = False
