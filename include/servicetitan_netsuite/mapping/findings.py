"""What is wrong with each document of a chunk: every problem once, in an order of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from servicetitan_netsuite.documents import Cause, Problem

if TYPE_CHECKING:
    from pandas import DataFrame

_ORDER = {cause: place for place, cause in enumerate(Cause)}


class Findings:
    """Problems by the document's place in its chunk; one per cause and key."""

    def __init__(self) -> None:
        self._found: dict[int, dict[tuple[Cause, str], Problem]] = {}

    def add(self, doc: int, problem: Problem) -> None:
        """Note `problem` for a document, unless it has one of that cause and key already."""
        self._found.setdefault(doc, {}).setdefault((problem.cause, problem.key), problem)

    def of(self, doc: int) -> tuple[Problem, ...]:
        """The document's problems, in an order that does not depend on its lines'."""
        found = self._found.get(doc)
        if not found:
            return ()
        return tuple(sorted(found.values(), key=lambda p: (_ORDER[p.cause], p.key)))


def each(frame: DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The different rows of `columns`, sorted, so that no wording depends on the order of lines."""
    rows = zip(*(frame[column].tolist() for column in columns), strict=True)
    yield from sorted(set(rows), key=lambda row: tuple(str(value) for value in row))
