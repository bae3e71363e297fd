"""The sale item of an account: one name, and every subsidiary the account may be used in."""

from __future__ import annotations

from mapping_books import ONE_WORLD, SINGLE, Reference, account, subsidiary, tenant

from servicetitan_netsuite.documents import ItemPlan
from servicetitan_netsuite.mapping.item_rules import sale_item
from servicetitan_netsuite.mapping.reference import frames

REFERENCE = frames(
    Reference(
        accounts=(
            account("15", "4000", "Service Revenue"),
            account("18", "4200", "Branch Revenue", subsidiaries=("2", "3")),
            account("19", "4300", "x" * 400),
        ),
        subsidiaries=(
            subsidiary("1", "Top"),
            subsidiary("2", "East", parent="1"),
            subsidiary("3", "West", parent="1"),
        ),
    )
)
TENANT = tenant(method="documents")


def test_an_item_of_an_account_for_all_is_for_the_top_and_all_below():
    assert sale_item("15", TENANT, REFERENCE, ONE_WORLD) == ItemPlan(
        "st-1001-item-15", "ServiceTitan 4000 Service Revenue - ALB", "15", "1"
    )


def test_an_item_of_a_restricted_account_is_for_the_same_subsidiaries():
    plan = sale_item("18", TENANT, REFERENCE, ONE_WORLD)
    assert (plan.subsidiary, plan.others) == ("2", ("3",))


def test_without_oneworld_an_item_names_no_subsidiary():
    plan = sale_item("18", TENANT, REFERENCE, SINGLE)
    assert (plan.subsidiary, plan.others) == (None, ())


def test_a_long_name_keeps_the_tenants_ending():
    plan = sale_item("19", TENANT, REFERENCE, ONE_WORLD)
    assert len(plan.name) == 250
    assert plan.name.endswith("x - ALB")
