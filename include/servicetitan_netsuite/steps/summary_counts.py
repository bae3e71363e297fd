"""A run's counts as people read them: a line a type, what became of its documents in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from servicetitan_netsuite.documents import ENTITIES, Json, part_name
from servicetitan_netsuite.ledger.totals import RESULTS

_PLACES = {
    "queued": ("queued",),
    "in NetSuite": ("posted", "confirmed"),
    "not finished": ("ready",),
    "need attention": ("blocked", "rejected", "uncertain", "conflict", "unreadable"),
    "set aside": ("skipped", "held"),
}
_ALWAYS = ("queued", "in NetSuite", "need attention")
_ALWAYS_DRY = ("queued", "would be posted", "need attention")
_DRY = {
    "queued": ("queued",),
    "would be posted": ("ready",),
    "in NetSuite": ("posted", "confirmed"),
    "need attention": _PLACES["need attention"],
    "set aside": _PLACES["set aside"],
}

Cell = tuple[int, Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """One type, or further records of it: documents and their money by column."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """All of a run, in columns.

    `documents` are ServiceTitan's own; `further` the records made of them besides, whose amounts
    are part of theirs or their cost; `entities` what documents needed first, without amounts.
    """

    columns: tuple[str, ...]
    documents: tuple[Line, ...]
    further: tuple[Line, ...]
    entities: tuple[Line, ...]

    @property
    def total(self) -> Line:
        """All documents together."""
        pairs = zip(*(line.cells for line in self.documents), strict=True)
        cells = [(sum(n for n, _ in cell), sum((m for _, m in cell), Decimal(0))) for cell in pairs]
        return Line("All documents", tuple(cells))


def counts(types: Sequence[Json], *, dry_run: bool) -> Counts:
    """The summary's `types` in the columns that say something about them."""
    places = _DRY if dry_run else _PLACES
    always = _ALWAYS_DRY if dry_run else _ALWAYS
    used = [
        name
        for name, states in places.items()
        if name in always or any(_cell(part, states)[0] for part in types)
    ]
    groups: tuple[list[Line], list[Line], list[Line]] = ([], [], [])
    for part in types:
        line = Line(type_name(part), tuple(_cell(part, places[name]) for name in used))
        groups[2 if part["type"] in ENTITIES else 1 if part.get("part") else 0].append(line)
    return Counts(tuple(used), *map(tuple, groups))


def by_state(types: Iterable[Json]) -> list[tuple[str, Cell]]:
    """Documents and their money by state, those states that occur; further records left out."""
    own = [part for part in types if part["type"] not in ENTITIES and not part.get("part")]
    sums = [(state, _summed(_cell(part, (state,)) for part in own)) for state in RESULTS]
    return [(state, cell) for state, cell in sums if cell[0]]


def type_name(part: Json) -> str:
    """What people call an entry of the summary's `types`: a type, or further records of it."""
    name = str(part["type"]).replace("_", " ").capitalize()
    return f"{name}: {part_name(part['part'])}" if part.get("part") else name


def _cell(part: Json, states: Iterable[str]) -> Cell:
    found = [part["counts"][state] for state in states]
    return _summed((int(one["count"]), Decimal(one["amount"])) for one in found)


def _summed(cells: Iterable[Cell]) -> Cell:
    pairs = list(cells)
    return sum(number for number, _ in pairs), sum((money for _, money in pairs), Decimal(0))
