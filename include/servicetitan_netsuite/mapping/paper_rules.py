"""Rules over the rows of documents that name accounts: journals, expense lines and their units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import Cause, Problem
from servicetitan_netsuite.mapping.account_rules import (
    SUBLEDGERS,
    check_accounts,
    check_places,
    join_accounts,
)
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.paper import ACCOUNT, COLUMNS, LINE, OWN, ROLE
from servicetitan_netsuite.mapping.reading import Line, lines_frame
from servicetitan_netsuite.mapping.reference import SEGMENTS
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.unit_rules import check_one_subsidiary, check_units, join_units

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_ONE_SUBSIDIARY = (
    "Keep what belongs to different companies in documents of their own, or map these business "
    "units to one subsidiary. Nothing is posted between companies."
)
_COLUMNS = dict(zip(SEGMENTS, ("department", "class_", "location"), strict=True))


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows joined with NetSuite's accounts and segments; the subsidiary of each document."""

    lines: DataFrame
    subsidiaries: Mapping[int, str]


def check_rows(rows: Iterable[Line], rules: Rules, findings: Findings) -> Checked:
    """Join the rows and check accounts and units, one subsidiary a document.

    A document's own side without a business unit takes its lines' subsidiary, and of department,
    class and location what all of them have in common.
    """
    import pandas as pd

    plain = lines_frame(rows, COLUMNS)
    lines = pd.concat(
        [
            join_accounts(plain[plain["kind"].eq(kind)], rules.mappings, rules.reference, kind)
            for kind in (ACCOUNT, ROLE)
        ]
    ).sort_index()
    lines = join_units(lines, rules.mappings, rules.profile)
    check_accounts(lines, findings)
    bare = lines["part"].eq(OWN) & lines["unit"].isna()
    check_units(lines[~bare], rules.mappings, rules.reference, rules.profile, findings)
    places = check_one_subsidiary(lines, rules.reference, findings, _ONE_SUBSIDIARY)
    if bare.any():
        lines = _with_common(lines, bare, places, rules, findings)
    check_places(lines, rules.reference, findings)
    return Checked(lines, places)


def check_no_subledger(lines: DataFrame, what: str, findings: Findings) -> None:
    """None of the rows is on a receivable or payable account; `what` cannot hold those."""
    wrong = lines[lines["a_type"].isin(list(SUBLEDGERS))]
    for doc, key, name, target, kind in each(
        wrong, "doc", "account", "account_name", "a_label", "a_type"
    ):
        findings.add(
            doc,
            Problem(
                Cause.ACCOUNT_NEEDS_ENTITY,
                f"ServiceTitan account {name} is mapped to NetSuite account {target}, which is "
                f"{SUBLEDGERS[kind]}: {what} cannot post there.",
                "Map it to an ordinary current account in the tenant's mappings.",
                key,
                name,
            ),
        )


def _with_common(
    lines: DataFrame,
    bare: Series[bool],
    places: Mapping[int, str],
    rules: Rules,
    findings: Findings,
) -> DataFrame:
    """The rows without a unit filled in with what the document's units have in common."""
    docs = lines["doc"][bare].tolist()
    own = lines[lines["part"].eq(LINE) & lines["doc"].isin(docs)]
    mandatory = {name.strip().lower()[:3] for name in rules.profile.mandatory}
    filled = {"subsidiary": [places.get(doc) for doc in docs]}
    for segment, column in _COLUMNS.items():
        values: defaultdict[int, set[str | None]] = defaultdict(set)
        for doc, value in zip(own["doc"].tolist(), own[column].tolist(), strict=True):
            values[doc].add(value if isinstance(value, str) else None)
        for doc in sorted(values) if segment[:3] in mandatory else ():
            if len(values[doc]) > 1:
                findings.add(doc, _not_in_common(segment))
        filled[column] = [next(iter(v)) if len(v := values[doc]) == 1 else None for doc in docs]
    lines = lines.copy()
    for column, found in filled.items():
        lines.loc[bare, column] = found
    return lines


def _not_in_common(segment: str) -> Problem:
    return Problem(
        Cause.CLASSIFICATION_MISSING,
        f"Its lines are of business units with a different {segment}, so that its own side has "
        f"no {segment}, which this NetSuite account demands on every line.",
        f"Bring what is of one {segment} to the bank in a deposit of its own, or map the business "
        f"units to the same {segment}.",
        f"own:{segment}",
        segment,
    )
