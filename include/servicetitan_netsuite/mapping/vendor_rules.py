"""Vendors of ServiceTitan and NetSuite: which is which, and whether a document may use one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from servicetitan_netsuite.documents import Cause, MappingRow, Problem
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import ReferenceFrames, Row, label

KIND = "vendor"


class TitanVendor(Protocol):
    """A vendor of ServiceTitan."""

    @property
    def id(self) -> str:
        """ServiceTitan's id."""

    @property
    def name(self) -> str:
        """As people call it."""

    @property
    def active(self) -> bool:
        """Whether it is still in use."""

    @property
    def linked_id(self) -> str | None:
        """The NetSuite id it carries as external data."""


def vendor_links(
    servicetitan: Sequence[TitanVendor],
    netsuite: Iterable[Row],
    existing: Iterable[MappingRow],
    *,
    only_flagged: bool = False,
) -> list[MappingRow]:
    """New links: by the NetSuite id a vendor carries, else by exact name.

    Never to an inactive vendor. A vendor that carries an id is not looked for by name: what it
    carries is somebody's word, be it out of date. A name must stand once on both sides;
    `only_flagged` takes by name only vendors that belong in ServiceTitan.
    """
    known = {row.source_key for row in existing if row.kind == KIND}
    active = [row for row in netsuite if not row["inactive"]]
    by_id = {str(row["id"]): row for row in active}
    by_name: defaultdict[str, list[Row]] = defaultdict(list)
    for row in active:
        by_name[row["name"]].append(row)
    twins: defaultdict[str, list[TitanVendor]] = defaultdict(list)
    for vendor in servicetitan:
        twins[vendor.name].append(vendor)
    found = []
    for vendor in servicetitan:
        if vendor.id in known:
            continue
        if vendor.linked_id:
            target = by_id.get(vendor.linked_id)
        else:
            target = _by_name(vendor, twins[vendor.name], by_name, only_flagged)
        if target:
            name = vendor.name or f"id {vendor.id}"
            found.append(MappingRow(KIND, vendor.id, name, str(target["id"]), label(target)))
    return found


def _by_name(
    vendor: TitanVendor,
    namesakes: Iterable[TitanVendor],
    by_name: dict[str, list[Row]],
    only_flagged: bool,
) -> Row | None:
    rows = by_name.get(vendor.name, []) if vendor.name else []
    if len(rows) != 1 or (only_flagged and not rows[0].get("flagged")):
        return None
    others = (other for other in namesakes if other.id != vendor.id)
    # One that is retired in ServiceTitan does not stand in the way of the one in use.
    return None if any(other.active or not vendor.active for other in others) else rows[0]


def vendor_problem(
    mappings: MappingFrames,
    reference: ReferenceFrames,
    key: str,
    name: str,
    subsidiary: str | None,
) -> Problem | None:
    """Why ServiceTitan's vendor `key` cannot be on a document of NetSuite's `subsidiary`, if so."""
    name = reference.vendor_names.get(key) or name
    row = mappings.row(KIND, key)
    if row is None or not row.target:
        return vendor_missing(key, name)
    held = reference.vendor_by_id.get(row.target)
    if held is None:
        return Problem(
            Cause.VENDOR_MISSING,
            f"Vendor {name} is linked to NetSuite's vendor {row.target}, which NetSuite does not "
            "show.",
            "Correct the link in the tenant's mappings, or grant the role Lists > Vendors (View).",
            key,
            name,
        )
    if held["inactive"]:
        return Problem(
            Cause.VENDOR_MISSING,
            f"Vendor {name} is linked to NetSuite's vendor {label(held)}, which is inactive.",
            "Make it active in NetSuite, or link another vendor in the tenant's mappings.",
            key,
            name,
        )
    if subsidiary and held["subsidiaries"] and subsidiary not in held["subsidiaries"]:
        return Problem(
            Cause.SUBSIDIARY_INVALID,
            f"Vendor {label(held)} does not serve subsidiary "
            f"{reference.subsidiary_label(subsidiary)} in NetSuite.",
            "Assign the vendor to that subsidiary in NetSuite, or link another vendor.",
            key,
            name,
        )
    return None


def vendor_missing(key: str, name: str) -> Problem:
    """The vendor is not linked."""
    return Problem(
        Cause.VENDOR_MISSING,
        f"Vendor {name or key} is not linked to a NetSuite vendor.",
        "Link the vendor in the tenant's mappings; vendors are made in NetSuite only.",
        key,
        name,
    )
