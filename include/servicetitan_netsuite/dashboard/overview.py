"""What a run's page says in numbers: one headline, four tiles, a bar, a table of types by state."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from servicetitan_netsuite.dashboard import words
from servicetitan_netsuite.dashboard.words import StateWord
from servicetitan_netsuite.documents import ENTITIES
from servicetitan_netsuite.ledger.engine import moment
from servicetitan_netsuite.ledger.pages import OWN, RunPage, StepLine, Tally, Total

_NOTHING = "Nothing was pending in ServiceTitan."


@dataclass(frozen=True, slots=True)
class Tile:
    """One big number; `states` are what it counts."""

    label: str
    tone: str
    total: Total


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the bar, in hundredths of its width."""

    tone: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class KindRow:
    """One type, or further records of it: all that was queued, then a cell for each state.

    `kind` is how a filter names it; `cells` has None where nothing is in that state.
    """

    kind: str
    label: str
    queued: Total
    cells: list[Total | None]
    money: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Types that belong together; `total` adds them up where there is more than one to add."""

    title: str
    rows: list[KindRow]
    total: KindRow | None


@dataclass(frozen=True, slots=True)
class Included:
    """What a run included: groups of types, and the states that their cells are about."""

    states: list[tuple[str, StateWord]]
    groups: list[Group]

    @property
    def rows(self) -> list[KindRow]:
        """Every type and kind of further records."""
        return [row for group in self.groups for row in group.rows]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One task of the run; `percent` None where there is nothing to count."""

    name: str
    label: str
    word: StateWord
    state: str
    line: StepLine | None
    left: str


def tiles(page: RunPage, tally: Sequence[Tally]) -> list[Tile]:
    """Queued, done (or would be), under way if anything is, waiting for people, set aside.

    ServiceTitan's documents alone: what is made besides would count their amounts twice.
    """
    tally = _own(tally)
    good = ("ready",) if page.dry_run else words.IN_NETSUITE
    under_way = tuple(state for state in words.UNDER_WAY if state not in good)
    named = {*good, *under_way, *words.ATTENTION, *words.SET_ASIDE}
    others = {line.state for line in tally} - named - {"withdrawn"}
    made = [
        Tile("Queued", "plain", _queued(tally)),
        Tile("Would be posted" if page.dry_run else "In NetSuite", "good", _total(tally, good)),
        Tile("Under way" if page.running else "Not finished", "info", _total(tally, under_way)),
        Tile("Needs attention", "warn", _total(tally, words.ATTENTION)),
        Tile("Set aside", "quiet", _total(tally, {*words.SET_ASIDE, *others})),
    ]
    return [tile for tile in made if tile.tone != "info" or tile.total.documents]


def segments(made: list[Tile]) -> list[Segment]:
    """The tiles after the first as pieces of one bar of width 100."""
    whole = made[0].total.documents
    found: list[Segment] = []
    start = 0.0
    for tile in made[1:]:
        if whole and tile.total.documents:
            width = 100 * tile.total.documents / whole
            found.append(Segment(tile.tone, round(start, 3), round(width, 3)))
            start += width
    return found


def included(page: RunPage, tally: Sequence[Tally]) -> Included:
    """Every type that a run met, by state: documents, their further records, entities."""
    order = {state: place for place, state in enumerate(words.STATES)}
    states = sorted({line.state for line in tally}, key=lambda state: order.get(state, len(order)))
    kinds: dict[tuple[str, str], list[Tally]] = {}
    for line in tally:
        kinds.setdefault((line.document_type, line.part), []).append(line)
    further = {name for name, part in kinds if part}
    places: tuple[list[KindRow], list[KindRow], list[KindRow]] = ([], [], [])
    for (name, part), lines in kinds.items():
        entity = name in ENTITIES
        own = f"{name}.{part or OWN}" if name in further else name
        label = words.kind_word(name, part) if part else words.plural(name)
        row = _kind_row(own, label, lines, states, money=not entity)
        places[2 if entity else 1 if part else 0].append(row)
    titles = ("Documents", "Further records made of them", "Customers and items they need")
    groups = [Group(title, rows, None) for title, rows in zip(titles, places, strict=True) if rows]
    if len(places[0]) > 1:
        total = _kind_row("", "All documents", _own(tally), states, money=True)
        groups[0] = Group(titles[0], places[0], total)
    return Included([(state, words.state_word(state, page.dry_run)) for state in states], groups)


def _kind_row(
    kind: str, label: str, lines: Sequence[Tally], states: Sequence[str], *, money: bool
) -> KindRow:
    cells = [_total(lines, (state,)) for state in states]
    queued = _queued(lines)
    return KindRow(kind, label, queued, [c if c.documents else None for c in cells], money)


def _own(tally: Sequence[Tally]) -> list[Tally]:
    """ServiceTitan's documents: no customers and items, no further records."""
    return [line for line in tally if line.document_type not in ENTITIES and not line.part]


def step_rows(page: RunPage, found: dict[str, StepLine]) -> list[StepRow]:
    """The four tasks in their order, those that have not begun too."""
    rows: list[StepRow] = []
    for name in [*words.STEPS, *(name for name in found if name not in words.STEPS)]:
        line = found.get(name)
        state = line.state if line else ("to_come" if page.running else "not_run")
        rows.append(
            StepRow(
                name=name,
                label=words.STEPS.get(name, name),
                word=words.STEP_STATES.get(state, StateWord(state, "quiet", "")),
                state=state,
                line=line,
                left=_time_left(line),
            )
        )
    return rows


def current_step(rows: list[StepRow]) -> StepRow | None:
    """The task that works, waits or failed: what a person wants to hear about."""
    for wanted in ("running", "waiting", "failed"):
        for row in rows:
            if row.state == wanted:
                return row
    return None


def headline(page: RunPage, made: list[Tile], rows: list[StepRow]) -> str:
    """The run in a sentence or two."""
    if page.running:
        return _running_headline(current_step(rows))
    queued, good, *rest = made
    if not queued.total.documents:
        batch = _batch(page)
        return f"Nothing of batch {batch} was pending in ServiceTitan." if batch else _NOTHING
    verb = "would be posted" if page.dry_run else "in NetSuite"
    text = (
        f"{words.number(good.total.documents)} of {words.number(queued.total.documents)} "
        f"documents {verb}, {words.money(good.total.amount_cents)} "
        f"of {words.money(queued.total.amount_cents)}."
    )
    for tile in rest:
        if tile.tone == "warn" and tile.total.documents:
            need = "needs" if tile.total.documents == 1 else "need"
            text += (
                f" {words.number(tile.total.documents)} {need} attention, "
                f"{words.money(tile.total.amount_cents)}."
            )
    return text


def _batch(page: RunPage) -> str:
    """The batch that the run was asked for, if it was."""
    try:
        params = json.loads(page.params)
    except ValueError:
        return ""
    return str(params.get("batch") or "") if isinstance(params, dict) else ""


def _running_headline(step: StepRow | None) -> str:
    if step is None or step.line is None:
        return "The next step is about to begin."
    line = step.line
    text = step.label
    if line.total:
        text += f": {words.number(line.done)} of {words.number(line.total)}"
    if step.state == "running" and step.left:
        text += f", {step.left}"
    if step.state == "failed":
        return f"{text}. This step failed; Airflow may try it again, its task log says why."
    if step.state == "waiting":
        return f"{text}. Waiting: {line.message}" if line.message else f"{text}. Waiting."
    return f"{text}."


def _time_left(line: StepLine | None) -> str:
    if line is None or line.state != "running" or not 0 < line.done < line.total:
        return ""
    spent = (_moment(line.updated_at) - _moment(line.started_at)).total_seconds()
    if spent <= 0:
        return ""
    left = spent * (line.total - line.done) / line.done
    if left < 60:
        return "less than a minute left"
    minutes = round(left / 60)
    return f"about {minutes} min left" if minutes < 90 else f"about {round(minutes / 60)} h left"


def _moment(text: str) -> datetime:
    return moment(text)


def _queued(tally: Sequence[Tally]) -> Total:
    return _total(tally, {line.state for line in tally} - {"withdrawn"})


def _total(tally: Sequence[Tally], states: Collection[str]) -> Total:
    chosen = [line for line in tally if line.state in states]
    return Total(sum(line.documents for line in chosen), sum(line.amount_cents for line in chosen))
