"""The chart of accounts both sides share, and where they differ.

Most accounts bear the same number on both sides, so that a first fill by number finds them.
Those that differ are there to be stumbled upon.
"""

from __future__ import annotations

from dataclasses import dataclass

JOB_COSTS = range(7001, 7321)


@dataclass(frozen=True, slots=True)
class Row:
    """One account; a side that does not have it has an empty type there."""

    number: str | None
    name: str
    st_type: str = ""
    st_subtype: str = ""
    ns_type: str = ""
    default_type: str | None = None
    special: str | None = None
    only: str | None = None  # name of the one NetSuite subsidiary that may use it
    inactive: bool = False
    summary: bool = False


ASSET, LIABILITY, INCOME = "Asset", "Liability", "Income"
COST, EXPENSE = "CostOfGoodsSold", "Expense"
OTHER_ASSET, OTHER_LIABILITY = "OtherCurrentAssets", "OtherCurrentLiabilities"
SALES, SUPPLIES = "SalesOfProductIncome", "SuppliesMaterials"

_BALANCE_SHEET = (
    Row("1000", "Operating Checking", ASSET, "Checking", "Bank", "CheckingAccount"),
    Row(
        "1200",
        "Accounts Receivable",
        ASSET,
        "AccountsReceivable",
        "AcctRec",
        "AccountsReceivable",
        "AcctRec",
    ),
    Row("1205", "ServiceTitan Receivables", ASSET, OTHER_ASSET, "OthCurrAsset"),
    Row(
        "1250",
        "ServiceTitan Undeposited Funds",
        ASSET,
        OTHER_ASSET,
        "OthCurrAsset",
        "UndepositedFunds",
    ),
    Row("1300", "Inventory Asset", ASSET, "Inventory", "OthCurrAsset", "Inventory"),
    Row("1499", "Undeposited Funds", ns_type="OthCurrAsset", special="UndepFunds"),
    Row(
        "2000",
        "Accounts Payable",
        LIABILITY,
        "AccountsPayable",
        "AcctPay",
        "AccountsPayable",
        "AcctPay",
    ),
    Row(
        "2050",
        "Accrued Purchases",
        LIABILITY,
        OTHER_LIABILITY,
        "OthCurrLiab",
        "GoodsReceivedNotInvoiced",
    ),
    Row(
        "2200", "Sales Tax Payable", LIABILITY, "SalesTaxPayable", "OthCurrLiab", "SalesTaxPayable"
    ),
    Row(
        "2300",
        "Customer Prepayments",
        LIABILITY,
        OTHER_LIABILITY,
        "OthCurrLiab",
        "CustomerDeposits",
    ),
    Row("2399", "Customer Deposits", ns_type="OthCurrLiab", special="CustDep"),
    Row("3000", "Retained Earnings", "Equity", "RetainedEarnings", "Equity", "RetainedEarnings"),
)
_PROFIT_AND_LOSS = (
    Row("4000", "Service Revenue", INCOME, SALES, "Income", "Revenue"),
    Row("4010", "Installation Revenue", INCOME, SALES, "Income"),
    Row("4020", "Maintenance Agreements", INCOME, SALES, "Income", "MembershipRevenue"),
    Row("4030", "Parts & Materials Revenue", INCOME, SALES, "Income"),
    Row("4040", "Discounts Given", INCOME, "DiscountsRefundsGiven", "Income", "Refunds"),
    Row("4050", "Drain Cleaning Revenue", INCOME, SALES, "Income", only="Albany Plumbing"),
    Row("4060", "Controls Revenue", INCOME, SALES, "Income", only="Austin Comfort"),
    Row("4900", "Total Revenue", INCOME, SALES, "Income", summary=True),
    Row("5000", "Cost of Materials", COST, SUPPLIES, "COGS", "CostOfGoodsSoldMaterials"),
    Row("5010", "Cost of Equipment", COST, SUPPLIES, "COGS", "CostOfGoodsSoldEquipment"),
    Row("5020", "Cost of Labor", COST, "CostOfLabor", "COGS", "CostOfGoodsSoldLabor"),
    Row("6000", "Merchant Fees", EXPENSE, "BankCharges", "Expense", "ProcessingFees"),
    Row("6010", "Office Supplies", EXPENSE, "OfficeExpenses", "Expense"),
    Row("6020", "Fuel", EXPENSE, "Auto", "Expense"),
    Row("6030", "Advertising", EXPENSE, "Advertising", "Expense"),
    Row("6900", "Old Shop Supplies", EXPENSE, SUPPLIES, "Expense", inactive=True),
    Row("6999", "Suspense", EXPENSE, "OtherMiscellaneousExpense"),
    Row("8888", "Warranty Reserve", EXPENSE, "OtherMiscellaneousExpense"),
    Row(None, "Unnumbered Clearing", ASSET, OTHER_ASSET),
    Row("9000", "Depreciation", ns_type="Expense"),
)  # fmt: skip

CHART: tuple[Row, ...] = (
    *_BALANCE_SHEET,
    *_PROFIT_AND_LOSS,
    *(
        Row(str(n), f"Job Cost {n - 7000:03d}", EXPENSE, "CostOfLabor", "Expense")
        for n in JOB_COSTS
    ),
)

DOCUMENT_CHART: tuple[Row, ...] = (
    Row("4070", "Electrical Revenue", INCOME, SALES, "Income", only="Boulder Electric"),
    Row("5030", "Freight In", COST, SUPPLIES, "COGS", "CostOfGoodsSoldShipping"),
    Row("5040", "Purchase Tax", COST, SUPPLIES, "COGS", "CostOfGoodsSoldTax"),
    Row("5050", "Inventory Adjustments", COST, SUPPLIES, "COGS", "InventoryAdjustments"),
    Row("6040", "Rent", EXPENSE, "OfficeExpenses", "Expense"),
    Row("6050", "Bad Debt", EXPENSE, "OtherMiscellaneousExpense", "Expense"),
    Row("6060", "Tools & Shop Supplies", EXPENSE, SUPPLIES, "Expense"),
)
"""What a tenant that syncs documents needs besides; the OneWorld account has them too."""
