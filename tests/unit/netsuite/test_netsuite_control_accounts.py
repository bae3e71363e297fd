"""Which accounts a tie-out tells apart, and what they come to."""

from __future__ import annotations

import pytest

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.netsuite.control_accounts import control, controls, roles_of


@pytest.mark.parametrize(
    ("account", "name"),
    [
        ({"id": "1", "accttype": "AcctRec"}, "Accounts receivable"),
        ({"id": "2", "accttype": "AcctPay"}, "Accounts payable"),
        ({"id": "3", "accttype": "OthCurrAsset", "sspecacct": "UndepFunds"}, "Undeposited funds"),
        ({"id": "4", "accttype": "OthCurrLiab", "sspecacct": "CustDep"}, "Customer deposits"),
        ({"id": "5", "accttype": "OthCurrLiab"}, ""),
        ({"id": "6", "accttype": "OthCurrAsset"}, "Undeposited funds"),
        ({"id": "7"}, ""),
    ],
)
def test_a_role_counts_first_then_netsuites_own_type(account: dict[str, str], name: str) -> None:
    assert control(account, {"6": "UndepositedFunds"}) == name


def test_only_roles_that_are_told_apart_are_taken_from_the_mappings() -> None:
    rows = [
        MappingRow("account_role", "SalesTaxPayable", "", "61"),
        MappingRow("account_role", "Inventory", "", "73"),
        MappingRow("account_role", "UndepositedFunds", "", None),
        MappingRow("gl_account", "AccountsPayable", "", "14"),
    ]
    assert roles_of(rows) == {"61": "SalesTaxPayable"}


def test_rows_add_up_by_what_they_are_in_a_fixed_order() -> None:
    def row(name: str, debit: str, credit: str, held: str) -> dict[str, str]:
        return {
            "control": name,
            "expected_debit": debit,
            "expected_credit": credit,
            "netsuite_debit": held,
            "netsuite_credit": credit,
            "difference": f"{abs(float(debit) - float(held)):.2f}",
        }

    rows = [
        row("Sales tax", "0.00", "5.00", "0.00"),
        row("", "9.00", "0.00", "9.00"),
        row("Accounts receivable", "10.00", "4.00", "9.00"),
        row("Accounts receivable", "1.00", "0.00", "1.00"),
    ]
    assert controls(rows) == [
        {
            "control": "Accounts receivable",
            "expected": "7.00",
            "netsuite": "6.00",
            "difference": "1.00",
        },
        {"control": "Sales tax", "expected": "-5.00", "netsuite": "-5.00", "difference": "0.00"},
    ]
