"""Vendors as both sides know them, and where the two differ.

NetSuite is where vendors are kept: those with its checkbox *Available to ServiceTitan* belong in
ServiceTitan too. Some carry NetSuite's id there as external data, some only share the exact name.
"""

from __future__ import annotations

from dataclasses import dataclass

DENVER, BOULDER = "Denver Home Services", "Boulder Electric"
ELSEWHERE = ("Albany Heating & Air",)
BOTH = (DENVER, BOULDER)


@dataclass(frozen=True, slots=True)
class VendorRow:
    """One vendor; `netsuite_id` None: unknown to NetSuite; `titan_name` None: to ServiceTitan.

    `subsidiaries` are names of NetSuite's; `linked` means ServiceTitan carries the id.
    """

    netsuite_id: str | None
    name: str
    titan_name: str | None
    available: bool = True
    linked: bool = False
    subsidiaries: tuple[str, ...] = BOTH
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor of ServiceTitan; `row` is what both sides know of it."""

    id: int
    row: VendorRow

    @property
    def name(self) -> str:
        """Its name in ServiceTitan."""
        return self.row.titan_name or ""


VENDORS = (
    VendorRow("3101", "Ferguson Enterprises", "Ferguson Branch 12", linked=True),
    VendorRow("3102", "Rocky Mountain HVAC Supply", "Rocky Mountain HVAC Supply"),
    VendorRow("3103", "Front Range Plumbing Wholesale", "Front Range Plumbing Wholesale"),
    VendorRow("3104", "Mile High Electric Supply", "Mile High Electric Supply", linked=True),
    VendorRow("3105", "Larimer Properties", "Larimer Properties", subsidiaries=(DENVER,)),
    VendorRow("3106", "Håndværk & Söhne <GmbH>", "Håndværk & Söhne <GmbH>"),
    VendorRow("3107", "Colorado Freight", None),
    VendorRow("3108", "Aurora Safety Gear", None),
    VendorRow("3109", "Pueblo Tool Rental", "Pueblo Tool Rental", available=False),
    VendorRow("3110", "Albany Sheet Metal", "Albany Sheet Metal", subsidiaries=ELSEWHERE),
    VendorRow("3111", "Old Boiler Parts", "Old Boiler Parts", inactive=True),
    VendorRow("3112", "Twin Peaks Parts", "Twin Peaks Parts"),
    VendorRow("3113", "Twin Peaks Parts", None),
    VendorRow(None, "Corner Hardware", "Corner Hardware"),
)
