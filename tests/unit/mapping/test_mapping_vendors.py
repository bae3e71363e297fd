"""Vendors are linked by the id they carry, else by a name that stands once; never by guess."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from mapping_books import Reference

from servicetitan_netsuite.documents import Cause, MappingRow
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import frames
from servicetitan_netsuite.mapping.vendor_rules import vendor_links, vendor_problem


@dataclass(frozen=True)
class Theirs:
    id: str
    name: str
    active: bool = True
    linked_id: str | None = None


def ours(key, name, *, inactive=False, flagged=True, subsidiaries=("1",)):
    return {
        "id": key,
        "name": name,
        "inactive": inactive,
        "flagged": flagged,
        "subsidiaries": subsidiaries,
    }


BOOKS = (
    ours("31", "Ferguson"),
    ours("32", "Old Boilers", inactive=True),
    ours("33", "Twin"),
    ours("34", "Twin"),
    ours("35", "Pueblo", flagged=False),
)


def links(*theirs, existing=(), **more):
    return {row.source_key: row.target for row in vendor_links(theirs, BOOKS, existing, **more)}


def test_the_id_a_vendor_carries_links_it_whatever_its_name():
    assert links(Theirs("1", "Ferguson Branch 12", linked_id="31")) == {"1": "31"}


@pytest.mark.parametrize("carried", ["32", "99", "31 ", "abc"])
def test_an_id_that_names_no_active_vendor_links_nothing_and_the_name_is_not_tried(carried):
    assert links(Theirs("1", "Ferguson", linked_id=carried)) == {}


def test_an_exact_name_links_what_carries_no_id():
    found = vendor_links([Theirs("1", "Ferguson")], BOOKS, [])
    assert found == [MappingRow("vendor", "1", "Ferguson", "31", "Ferguson")]


@pytest.mark.parametrize("name", ["ferguson", "Ferguson Inc", "", "Old Boilers", "Twin"])
def test_another_an_inactive_or_a_name_borne_twice_links_nothing(name):
    assert links(Theirs("1", name)) == {}


def test_a_name_that_two_vendors_of_servicetitan_bear_links_neither():
    assert links(Theirs("1", "Ferguson"), Theirs("2", "Ferguson")) == {}


def test_one_that_is_retired_in_servicetitan_leaves_the_name_to_the_other():
    assert links(Theirs("1", "Ferguson", active=False), Theirs("2", "Ferguson")) == {"2": "31"}


def test_where_only_flagged_vendors_belong_in_servicetitan_others_are_not_found_by_name():
    assert links(Theirs("1", "Pueblo"), only_flagged=True) == {}
    assert links(Theirs("1", "Pueblo", linked_id="35"), only_flagged=True) == {"1": "35"}
    assert links(Theirs("1", "Pueblo")) == {"1": "35"}


def test_a_link_that_is_there_is_never_touched():
    existing = [MappingRow("vendor", "1", "", None)]
    assert links(Theirs("1", "Ferguson"), existing=existing) == {}


def why(target, subsidiary="1"):
    reference = Reference()
    reference.vendors = (*BOOKS, ours("36", "Single", subsidiaries=()))
    mappings = MappingFrames([MappingRow("vendor", "7", "Ferguson", target)])
    return vendor_problem(mappings, frames(reference), "7", "Ferguson", subsidiary)


@pytest.mark.parametrize(
    ("target", "subsidiary", "cause"),
    [
        (None, "1", Cause.VENDOR_MISSING),
        ("99", "1", Cause.VENDOR_MISSING),
        ("32", "1", Cause.VENDOR_MISSING),
        ("31", "2", Cause.SUBSIDIARY_INVALID),
    ],
)
def test_a_vendor_that_cannot_be_used_is_named_with_what_to_do(target, subsidiary, cause):
    problem = why(target, subsidiary)
    assert problem.cause == cause
    assert problem.key == "7"
    assert "Ferguson" in problem.sentence or "Old Boilers" in problem.sentence
    assert problem.advice


@pytest.mark.parametrize(("target", "subsidiary"), [("31", "1"), ("31", None), ("36", "1")])
def test_a_vendor_that_serves_the_subsidiary_is_fine(target, subsidiary):
    assert why(target, subsidiary) is None
