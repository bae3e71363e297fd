"""The first filling of mappings never guesses and never overwrites."""

from __future__ import annotations

from dataclasses import dataclass

from mapping_books import ONE_WORLD, SINGLE, Reference, account, subsidiary

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.mapping.first_fill import first_fill, term_fill
from servicetitan_netsuite.mapping.sales_content import RECEIVABLE_ROLE, TAX_ROLE


@dataclass(frozen=True)
class Thing:
    id: str
    name: str | None = ""
    number: str | None = None
    default_account_type: str | None = None


def fill(accounts=(), units=(), existing=(), profile=ONE_WORLD, reference=None, roles=()):
    return first_fill(accounts, units, reference or Reference(), existing, profile, roles)


def roles_of(accounts=(), existing=(), reference=None):
    rows = fill(accounts, existing=existing, reference=reference, roles=(RECEIVABLE_ROLE, TAX_ROLE))
    return {r.source_key: r.target for r in rows if r.kind == "account_role"}


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


def with_accounts(*more):
    reference = Reference()
    reference.accounts = (*reference.accounts, *more)
    return reference


TAX = Thing("220", "Sales tax", "2200", "SalesTaxPayable")
BOOKS = with_accounts(account("61", "2200", "Sales Tax", "OthCurrLiab"))


def test_a_role_goes_where_the_account_that_servicetitan_uses_for_it_is_mapped_to():
    assert roles_of([TAX], reference=BOOKS)["SalesTaxPayable"] == "61"
    moved = [MappingRow("gl_account", "220", "", "12")]
    assert roles_of([TAX], moved, BOOKS)["SalesTaxPayable"] == "12"
    unmapped = [MappingRow("gl_account", "220", "", None)]
    assert "SalesTaxPayable" not in roles_of([TAX], unmapped, BOOKS)


def test_a_role_that_two_accounts_have_is_left():
    other = Thing("221", "County tax", "1190", "SalesTaxPayable")
    assert "SalesTaxPayable" not in roles_of([TAX, other], reference=BOOKS)


def test_an_account_that_tells_no_role_gets_none():
    @dataclass(frozen=True)
    class Plain:
        id: str
        name: str
        number: str

    assert "SalesTaxPayable" not in roles_of([Plain("220", "Sales tax", "2200")], reference=BOOKS)


def test_receivables_go_to_a_receivable_account_only():
    own = Thing("120", "AR", "1200", "AccountsReceivable")
    assert roles_of([own]) == {"AccountsReceivable": "13"}
    two = with_accounts(account("64", "1201", "West AR", "AcctRec"))
    assert roles_of([own], reference=two) == {"AccountsReceivable": "13"}
    clearing = [MappingRow("gl_account", "120", "", "12")]
    assert roles_of([own], clearing) == {"AccountsReceivable": "13"}
    assert roles_of([own], clearing, two) == {}


def test_netsuites_only_receivable_account_is_taken_where_servicetitan_does_not_tell():
    assert roles_of() == {"AccountsReceivable": "13"}
    off = (account("64", "1201", "Off", "AcctRec", inactive=True),)
    assert roles_of(reference=with_accounts(*off)) == {"AccountsReceivable": "13"}
    assert roles_of(reference=with_accounts(account("64", "1201", "West", "AcctRec"))) == {}


def test_roles_are_filled_only_where_asked_for_and_never_over_a_persons_choice():
    assert [r.kind for r in fill([TAX], reference=BOOKS)] == ["gl_account"]
    chosen = [MappingRow("account_role", "SalesTaxPayable", "", "12")]
    assert roles_of([TAX], chosen, BOOKS) == {"AccountsReceivable": "13"}


def test_a_term_goes_to_the_active_term_of_exactly_its_name():
    terms = [
        {"id": "1", "name": "Net 30", "inactive": False},
        {"id": "2", "name": "Net 15", "inactive": True},
        {"id": "3", "name": "Net 10", "inactive": False},
        {"id": "4", "name": "Net 10", "inactive": False},
        {"id": "5", "name": "Due on receipt", "inactive": False},
    ]
    known = [MappingRow("term", "Due on receipt", "", None)]
    assert term_fill(terms, known) == [MappingRow("term", "Net 30", "Net 30", "1", "Net 30")]
