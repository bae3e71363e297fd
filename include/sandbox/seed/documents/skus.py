"""The pricebook of the tenant that syncs documents: services, materials, equipment, a discount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SERVICE, MATERIAL, EQUIPMENT, MODIFIER = "Service", "Material", "Equipment", "PriceModifier"


@dataclass(frozen=True, slots=True)
class Sku:
    """One pricebook item; accounts are numbers of the chart, None where nobody set one."""

    id: int
    kind: str
    code: str
    name: str
    price: Decimal
    cost: Decimal
    income: str | None
    cost_of_sale: str | None = None
    asset: str | None = None
    inventory: bool = False
    taxable: bool = True

    @property
    def purchase(self) -> str | None:
        """The account its purchase debits: the asset of what is kept in stock."""
        return self.asset if self.inventory else self.cost_of_sale


def _service(number: int, code: str, name: str, price: str, income: str = "4000") -> Sku:
    return Sku(number, SERVICE, code, name, Decimal(price), Decimal(0), income, taxable=False)


def _stock(number: int, code: str, name: str, price: str, cost: str) -> Sku:
    money = (Decimal(price), Decimal(cost))
    return Sku(number, MATERIAL, code, name, *money, "4030", "5000", "1300", inventory=True)


def _part(number: int, code: str, name: str, price: str, cost: str) -> Sku:
    return Sku(number, MATERIAL, code, name, Decimal(price), Decimal(cost), "4030", "5000")


def _machine(number: int, code: str, name: str, price: str, cost: str) -> Sku:
    money = (Decimal(price), Decimal(cost))
    return Sku(number, EQUIPMENT, code, name, *money, "4010", "5010", "1300", inventory=True)


SERVICES = (
    _service(70001, "DIAG-1", "Diagnostic", "89.00"),
    _service(70002, "TUNE-UP", "Tune-up", "149.50"),
    _service(70003, "DRAIN", "Drain cleaning", "215.00"),
    _service(70004, "INSTALL-H", "Installation, hour", "132.75", "4010"),
    _service(70005, "AFTER-HRS", "After-hours call", "275.00"),
    _service(70006, "MEMBER-YR", "Maintenance agreement, year", "228.00", "4020"),
)
STOCK = (
    _stock(70101, "CU-34", '3/4" copper pipe', "12.40", "7.15"),
    _stock(70102, "CAP-45", "Capacitor 45/5", "96.00", "18.32"),
    _stock(70103, "R410A", "Refrigerant R-410A, lb", "115.00", "41.6667"),
    _stock(70104, "FILT-20", "Filter 20x25", "38.25", "9.9999"),
    _stock(70105, "VALVE-BALL", "Ball valve", "44.10", "13.05"),
    _stock(70106, "THERMO-S", "Thermostat", "289.00", "121.40"),
)
PARTS = (
    _part(70151, "MISC-FIT", "Fittings & tape", "18.00", "6.20"),
    _part(70152, "WIRE-12", "Wire 12 AWG, ft", "1.35", "0.4475"),
)
EQUIPMENT_SKUS = (
    _machine(70201, "FURN-80", "Furnace 80k", "2890.00", "1240.00"),
    _machine(70202, "HP-3TON", "Heat pump 3 ton", "5475.00", "2610.50"),
    _machine(70203, "WH-50", "Water heater 50 gal", "1395.00", "588.25"),
)
DISCOUNT = Sku(70301, MODIFIER, "DISC", "Discount", Decimal(0), Decimal(0), "4040", taxable=False)
ELECTRICAL = _service(70007, "PANEL", "Panel upgrade", "1850.00", "4070")
UNMAPPED = _service(70091, "WARRANTY", "Warranty reserve", "75.00", "8888")
INACTIVE = _service(70092, "OLD-SHOP", "Old shop supplies", "35.00", "6900")
TO_BANK = _service(70093, "TO-BANK", "Booked to the bank by mistake", "60.00", "1000")
NO_ACCOUNT = Sku(70094, MATERIAL, "NO-ACCT", "No account", Decimal("9.00"), Decimal("3.00"), None)
NO_NUMBER = _service(70095, "NO-NUM", "Unnumbered clearing", "55.00", "")

SKUS = (
    *SERVICES, *STOCK, *PARTS, *EQUIPMENT_SKUS, DISCOUNT, ELECTRICAL, UNMAPPED, INACTIVE, TO_BANK,
    NO_ACCOUNT, NO_NUMBER,
)  # fmt: skip
BY_CODE = {sku.code: sku for sku in SKUS}
