"""Which of NetSuite's vendors and accounts belong where in ServiceTitan: decided, not done.

A record is found by its link, then by NetSuite's id that ServiceTitan's carries, then by exact
name or number: the one it was sent with, where its creation was never answered. What is found is
linked and never made again; only what NetSuite changed since it was last told is written, so that
what people keep in ServiceTitan stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")
Values = Mapping[str, str]


class Action(StrEnum):
    """What is done about a record of NetSuite; the ledger knows these words too."""

    CREATED = "created"
    LINKED = "linked"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Ours:
    """A record of NetSuite: `key` is the exact name or number it is known by."""

    id: str
    key: str
    label: str
    active: bool
    flagged: bool
    values: Values = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Theirs:
    """A record of ServiceTitan; `carried` is the NetSuite id written on it."""

    id: str
    key: str
    active: bool
    carried: str | None = None
    values: Values = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Step:
    """What shall be done with `ours`.

    `link` and `write_id` name ServiceTitan's records to link in the mappings, and to write
    NetSuite's id on; `changes` what to change of the one record `theirs`.
    """

    ours: Ours
    action: Action
    theirs: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    write_id: tuple[str, ...] = ()
    changes: Values = field(default_factory=dict, hash=False)
    sentence: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind is called: one of them, what it is known by."""

    one: str
    key: str
    carries: bool


VENDORS = Words("vendor", "name", carries=True)
ACCOUNTS = Words("account", "number", carries=False)


class Deciding:
    """Decides about every flagged record of one kind.

    Args:
        words: what the kind is called, and whether its records can carry NetSuite's id.
        ours, theirs: all records of both sides.
        links: NetSuite's id by ServiceTitan's, None where a person holds one unlinked.
        taken: the content that ServiceTitan was last told, or sent, by NetSuite's id.
        begun: NetSuite's ids of those whose creation was sent and never answered.
    """

    def __init__(
        self,
        words: Words,
        ours: Sequence[Ours],
        theirs: Sequence[Theirs],
        links: Mapping[str, str | None],
        taken: Mapping[str, Values],
        begun: Collection[str] = (),
    ) -> None:
        self._words = words
        self._ours = ours
        self._links = links
        self._taken = taken
        self._sent = {id_: taken[id_].get(words.key, "") for id_ in begun if id_ in taken}
        self._named = _grouped((one.key, one.id) for one in ours if one.active)
        for id_, key in self._sent.items():
            self._named[key].append(id_)
        self._bearing = _grouped((one.key, one) for one in theirs)
        self._linked = _grouped((links.get(one.id) or "", one) for one in theirs)
        self._carrying = _grouped((one.carried or "", one) for one in theirs)

    def steps(self) -> list[Step]:
        """One step for each flagged record."""
        return [self._step(one) for one in self._ours if one.flagged]

    def _step(self, ours: Ours) -> Step:
        carrying = [one for one in self._carrying[ours.id] if one.id not in self._links]
        found = [*self._linked[ours.id], *carrying]
        if found:
            return self._known(ours, found)
        if not ours.active:
            return Step(ours, Action.SKIPPED, sentence="Inactive in NetSuite.")
        if not ours.key:
            return self._blocked(ours, f"has no {self._words.key}", "Complete it in NetSuite.")
        for key in dict.fromkeys((self._sent.get(ours.id, ""), ours.key)):
            if key and self._bearing[key]:
                return self._by_key(ours, key, self._bearing[key])
        return Step(ours, Action.CREATED)

    def _by_key(self, ours: Ours, key: str, bearing: Sequence[Theirs]) -> Step:
        """ServiceTitan has the name or number: linked if it can mean no other, never made again."""
        advice = "Link the right one in the tenant's mappings."
        if set(self._named[key]) - {ours.id}:
            return self._blocked(ours, f"shares its {self._words.key} with another", advice)
        in_use = [one for one in bearing if one.active]
        meant = in_use if len(in_use) == 1 else list(bearing)
        if len(meant) > 1:
            sentence = f"has several namesakes in ServiceTitan ({_ids(meant)})"
            return self._blocked(ours, sentence, advice)
        if meant[0].id in self._links or meant[0].carried:
            sentence = f"has a namesake in ServiceTitan ({_ids(meant)}) that is linked otherwise"
            return self._blocked(ours, sentence, advice)
        return self._known(ours, meant)

    def _known(self, ours: Ours, found: Sequence[Theirs]) -> Step:
        link = tuple(one.id for one in found if self._links.get(one.id) != ours.id)
        write = tuple(one.id for one in found if self._words.carries and one.carried != ours.id)
        last = self._taken.get(ours.id)
        fresh = {n: v for n, v in ours.values.items() if last is not None and last.get(n, "") != v}
        changes = {
            n: v for n, v in fresh.items() if len(found) == 1 and found[0].values.get(n) != v
        }
        action = Action.LINKED if link or write else Action.UNCHANGED
        sentence = ""
        if changes:
            action = Action.UPDATED
            old = found[0].values
            sentence = "; ".join(f"{n}: {old.get(n, '')!r} to {v!r}" for n, v in changes.items())
        elif fresh and len(found) > 1:
            action = action if action is Action.LINKED else Action.SKIPPED
            sentence = (
                f"Changed in NetSuite; several {self._words.one}s of ServiceTitan "
                "are linked to it, so none was changed."
            )
        ids = tuple(one.id for one in found)
        return Step(ours, action, ids, link, write, changes, sentence)

    def _blocked(self, ours: Ours, what: str, advice: str) -> Step:
        sentence = f"NetSuite's {self._words.one} {ours.label} {what}."
        return Step(ours, Action.BLOCKED, sentence=sentence, advice=advice)


def _grouped(pairs: Iterable[tuple[str, T]]) -> defaultdict[str, list[T]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        if key:
            found[key].append(value)
    return found


def _ids(found: Iterable[Theirs]) -> str:
    return ", ".join(one.id for one in found)
