"""What a run's page says in numbers: one headline, four tiles, a bar, a table by type."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from servicetitan_netsuite.dashboard import words
from servicetitan_netsuite.dashboard.words import StateWord
from servicetitan_netsuite.ledger.engine import moment
from servicetitan_netsuite.ledger.pages import RunPage, StepLine, Tally, Total


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
class StateRow:
    """One state of one document type."""

    state: str
    word: StateWord
    total: Total


@dataclass(frozen=True, slots=True)
class TypeTable:
    """One document type: all that was queued, then state by state."""

    type: str
    label: str
    queued: Total
    rows: list[StateRow]


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
    """Queued, done (or would be), under way if anything is, waiting for people, set aside."""
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


def type_tables(page: RunPage, tally: Sequence[Tally]) -> list[TypeTable]:
    """A table for each document type, states in the order in which people read them."""
    by_type: dict[str, list[Tally]] = {}
    for line in tally:
        by_type.setdefault(line.document_type, []).append(line)
    order = {state: place for place, state in enumerate(words.STATES)}
    return [
        TypeTable(
            type=name,
            label=words.plural(name),
            queued=_queued(lines),
            rows=[
                StateRow(
                    line.state,
                    words.state_word(line.state, page.dry_run),
                    Total(line.documents, line.amount_cents),
                )
                for line in sorted(lines, key=lambda line: order.get(line.state, len(order)))
            ],
        )
        for name, lines in by_type.items()
    ]


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
        return "Nothing was pending in ServiceTitan."
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
