"""Rules about business units: mapped, one subsidiary a document, valid segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import AccountProfile, Cause, MappingRow, Problem
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import SEGMENTS, ReferenceFrames, Row, label

if TYPE_CHECKING:
    from pandas import DataFrame

_UNIT_COLUMNS = ["u_mapped", "subsidiary", "department", "class_", "location"]
_FIX = "Correct the business unit's mapping."
_PER_UNIT = (
    "Set ServiceTitan to make journal entries by business unit, or map these business units "
    "to one subsidiary. A NetSuite journal holds one subsidiary only."
)


def join_units(lines: DataFrame, mappings: MappingFrames, profile: AccountProfile) -> DataFrame:
    """`lines` with u_mapped, subsidiary, department, class_ and location of their business unit.

    Without OneWorld there is no subsidiary. What is not mapped holds NaN.
    """
    import pandas as pd

    rows = {
        key: (
            True,
            (row.target or None) if profile.one_world else None,
            row.department or None,
            row.class_ or None,
            row.location or None,
        )
        for key, row in mappings.rows("business_unit").items()
        if row.target or not profile.one_world
    }
    table = pd.DataFrame(
        list(rows.values()),
        index=pd.Index(list(rows), dtype=object),
        columns=_UNIT_COLUMNS,
        dtype=object,
    )
    return lines.merge(table, how="left", left_on="unit", right_index=True)


def check_units(
    lines: DataFrame,
    mappings: MappingFrames,
    reference: ReferenceFrames,
    profile: AccountProfile,
    findings: Findings,
) -> None:
    """Every line has a business unit, whose mapping names what is valid in NetSuite."""
    for (doc,) in each(lines[lines["unit"].isna()], "doc"):
        findings.add(doc, _missing())
    named = lines["unit"].notna()
    mapped = lines["u_mapped"].eq(True)
    for doc, unit, name in each(lines[named & ~mapped], "doc", "unit", "unit_name"):
        findings.add(doc, _not_mapped(unit, reference.unit_names.get(unit, name)))
    used = lines[mapped]
    faults = {
        unit: tuple(_faults(mappings.rows("business_unit")[unit], reference, profile))
        for unit in used["unit"].unique().tolist()
    }
    wrong = [unit for unit, found in faults.items() if found]
    if not wrong:
        return
    for doc, unit, name in each(used[used["unit"].isin(wrong)], "doc", "unit", "unit_name"):
        name = reference.unit_names.get(unit, name)
        for cause, what, sentence in faults[unit]:
            key = f"{unit}:{what}" if what else unit
            text = f"Business unit {name} {sentence}"
            findings.add(doc, Problem(cause, text, _FIX, key, name))


def check_one_subsidiary(
    lines: DataFrame, reference: ReferenceFrames, findings: Findings, advice: str = _PER_UNIT
) -> dict[int, str]:
    """One subsidiary a document; the answer gives it by document, where there is just one.

    `advice` is what to do about a document of several.
    """
    placed = lines[lines["subsidiary"].notna()]
    named: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for doc, subsidiary, unit, name in each(placed, "doc", "subsidiary", "unit", "unit_name"):
        named[doc][subsidiary].setdefault(unit, reference.unit_names.get(unit, name))
    for doc, places in named.items():
        if len(places) > 1:
            findings.add(doc, _several(places, reference, advice))
    return {doc: next(iter(places)) for doc, places in named.items() if len(places) == 1}


def _faults(
    row: MappingRow, reference: ReferenceFrames, profile: AccountProfile
) -> Iterator[tuple[Cause, str, str]]:
    """What is wrong with a unit's mapping: cause, part of the key, end of the sentence."""
    if profile.one_world:
        fault = _subsidiary_fault(reference.subsidiary_by_id.get(row.target or ""))
        if fault:
            yield Cause.SUBSIDIARY_INVALID, "", f"is mapped to subsidiary {row.target}, {fault}."
    mandatory = {name.strip().lower()[:3] for name in profile.mandatory}
    given = zip(SEGMENTS, (row.department, row.class_, row.location), strict=True)
    for segment, value in given:
        if value:
            found = reference.segment_by_id[segment].get(value)
            fault = _segment_fault(found, row.target if profile.one_world else None)
            if fault:
                what = f"is mapped to {segment} {label(found or {'id': value})}, {fault}."
                yield Cause.CLASSIFICATION_INVALID, segment, what
        elif segment[:3] in mandatory:
            what = f"has no {segment}, which this NetSuite account demands on every line."
            yield Cause.CLASSIFICATION_MISSING, segment, what


def _subsidiary_fault(subsidiary: Row | None) -> str:
    if subsidiary is None:
        return "which NetSuite does not have or does not show to the integration's role"
    if subsidiary.get("inactive"):
        return "which is inactive in NetSuite"
    if subsidiary.get("elimination"):
        return "which is an elimination subsidiary and takes no ordinary journals"
    return ""


def _segment_fault(segment: Row | None, subsidiary: str | None) -> str:
    if segment is None:
        return "which NetSuite does not have or does not show to the integration's role"
    if segment.get("inactive"):
        return "which is inactive in NetSuite"
    places = segment.get("subsidiaries")
    if subsidiary and places and subsidiary not in places:
        return "which the unit's subsidiary may not use"
    return ""


def _missing() -> Problem:
    return Problem(
        Cause.BUSINESS_UNIT_MISSING,
        "A line has no business unit, and the document does not have exactly one to take.",
        "Give the transaction a business unit in ServiceTitan; the next run reads it again.",
    )


def _not_mapped(unit: str, name: str) -> Problem:
    return Problem(
        Cause.BUSINESS_UNIT_NOT_MAPPED,
        f"Business unit {name} is not mapped to a subsidiary in NetSuite.",
        "Map it in the tenant's mappings; the next run takes the document up by itself.",
        unit,
        name,
    )


def _several(places: dict[str, dict[str, str]], reference: ReferenceFrames, advice: str) -> Problem:
    told = "; ".join(
        f"{', '.join(sorted(units.values()))} in {reference.subsidiary_label(subsidiary)}"
        for subsidiary, units in sorted(places.items())
    )
    return Problem(
        Cause.SEVERAL_SUBSIDIARIES,
        f"The business units of this document belong to different subsidiaries: {told}.",
        advice,
        ",".join(sorted(places)),
        ", ".join(reference.subsidiary_label(s) for s in sorted(places)),
    )
