"""Which fields a record has and of what type: the facts of `fields.json`, ready for look-ups."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sandbox.netsuite.countries import COUNTRIES
from sandbox.seed.books import Preferences

_ONE_WORLD = {"subsidiary", "toSubsidiary", "includeChildren", "representingSubsidiary"}
_SUITE_TAX = {
    "taxDetails",
    "taxDetailsOverride",
    "taxPointDate",
    "taxPointDateOverride",
    "taxRegOverride",
    "entityTaxRegNum",
    "subsidiaryTaxRegNum",
    "totalAfterTaxes",
    "taxRegistration",
}
_LEGACY_TAX = {"taxItem", "taxRate", "isTaxable", "tax2Total", "shippingTaxCode", "handlingTaxCode"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its canonical name, its kind, and what it refers to or may be."""

    name: str
    kind: str  # string num float int bool date dt ref enum coll sub ?
    target: str = ""
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a record, a sublist line or a subrecord, by lower-case name."""

    fields: dict[str, Field]
    lists: dict[str, Shape] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _facts() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("fields.json").read_text("utf-8"))
    return data


def _field(name: str, text: str) -> Field:
    kind, _, rest = text.partition("=")
    if text == "enum=ISO2":
        return Field(name, kind, "", COUNTRIES)
    if kind == "enum":
        return Field(name, kind, "", frozenset(rest.split("|")) if rest else frozenset())
    return Field(name, kind, rest)


def _fields(raw: dict[str, str], hidden: set[str]) -> dict[str, Field]:
    return {name.lower(): _field(name, text) for name, text in raw.items() if name not in hidden}


def _hidden(preferences: Preferences) -> set[str]:
    hidden = set() if preferences.one_world else set(_ONE_WORLD)
    return hidden | (_LEGACY_TAX if preferences.suite_tax else _SUITE_TAX)


@lru_cache(maxsize=256)
def shape(
    record_type: str, preferences: Preferences, own: tuple[tuple[str, str], ...] = ()
) -> Shape:
    """The shape of a record type in an account with these features and fields of its own."""
    facts = _facts()
    hidden = _hidden(preferences)
    lists = {
        name: Shape(_fields(raw, hidden))
        for name, raw in facts["records"][record_type]["sublists"].items()
    }
    address = Shape(_fields(facts["subrecords"]["address"], set()))
    for element in lists.values():
        for item in element.fields.values():
            if item.kind == "sub":
                element.lists[item.name] = address
    body = _fields(facts["records"][record_type]["body"], hidden)
    lists |= {item.name: address for item in body.values() if item.kind == "sub"}
    body |= {name: Field(name, kind) for name, kind in own}
    return Shape(body, lists)


@lru_cache(maxsize=1)
def described() -> tuple[str, ...]:
    """Every record type the metadata catalogue describes, by canonical name."""
    return tuple(sorted(_facts()["records"]))
