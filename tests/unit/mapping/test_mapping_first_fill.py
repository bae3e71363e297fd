"""The first filling of mappings never guesses and never overwrites."""

from __future__ import annotations

from dataclasses import dataclass

from mapping_books import ONE_WORLD, SINGLE, Reference, account, subsidiary

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.mapping.first_fill import first_fill


@dataclass(frozen=True)
class Thing:
    id: str
    name: str | None = ""
    number: str | None = None


def fill(accounts=(), units=(), existing=(), profile=ONE_WORLD, reference=None):
    return first_fill(accounts, units, reference or Reference(), existing, profile)


def test_an_account_goes_to_the_account_of_its_number():
    (row,) = fill([Thing("400", "Revenue", " 4000 ")])
    assert row == MappingRow("gl_account", "400", "4000 Revenue", "15", "4000 Service Revenue")


def test_inactive_summary_unknown_and_unnumbered_accounts_are_left():
    numbers = ("4100", "4900", "400", "", None)
    assert fill([Thing(str(n), "x", number) for n, number in enumerate(numbers)]) == []


def test_a_number_that_two_active_accounts_have_is_left():
    reference = Reference()
    reference.accounts = (*reference.accounts, account("98", "4000", "Again"))
    assert fill([Thing("400", "x", "4000")], reference=reference) == []


def test_a_number_that_one_active_and_one_inactive_account_have_is_taken():
    reference = Reference()
    reference.accounts = (*reference.accounts, account("98", "4000", "Old", inactive=True))
    assert fill([Thing("400", "x", "4000")], reference=reference)[0].target == "15"


def test_a_business_unit_goes_to_the_subsidiary_of_exactly_its_name():
    found = fill(units=[Thing("1", "East LLC"), Thing("2", "east llc"), Thing("3", "Gone LLC")])
    assert [(row.source_key, row.target) for row in found] == [("1", "2")]


def test_eliminations_and_names_that_stand_twice_are_left():
    reference = Reference()
    reference.subsidiaries = (*reference.subsidiaries, subsidiary("9", "West LLC"))
    units = [Thing("1", "Elimination"), Thing("2", "West LLC"), Thing("3", None)]
    assert fill(units=units, reference=reference) == []


def test_without_oneworld_every_business_unit_gets_a_row_without_target():
    found = fill(units=[Thing("1", "Any"), Thing("2", None)], profile=SINGLE)
    assert [(row.source_key, row.target) for row in found] == [("1", None), ("2", None)]


def test_what_is_there_is_never_touched():
    existing = [
        MappingRow("gl_account", "400", "", "99"),
        MappingRow("business_unit", "1", "", None),
    ]
    assert fill([Thing("400", "x", "4000")], [Thing("1", "East LLC")], existing) == []
