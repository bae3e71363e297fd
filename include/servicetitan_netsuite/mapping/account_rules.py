"""Rules about accounts: mapped, usable in NetSuite, usable in the document's subsidiary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import Cause, Problem
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import ReferenceFrames

if TYPE_CHECKING:
    from pandas import DataFrame

_NOT_POSTING = ("NonPosting", "Stat")
SUBLEDGERS = {"AcctRec": "accounts receivable", "AcctPay": "accounts payable"}
"""NetSuite's types of accounts that are kept by customer or vendor, in words."""
_REMAP = "Map it to another account in the tenant's mappings."


def join_accounts(
    lines: DataFrame,
    mappings: MappingFrames,
    reference: ReferenceFrames,
    kind: str = "gl_account",
) -> DataFrame:
    """`lines` with the NetSuite account each is mapped to: target and the columns a_*.

    `kind` is of the mapping `account` is a key of. What is not mapped, or not in NetSuite, holds
    NaN there.
    """
    joined = lines.merge(
        mappings.targets(kind).rename("target"),
        how="left",
        left_on="account",
        right_index=True,
    )
    return joined.merge(reference.account_frame, how="left", left_on="target", right_index=True)


def check_accounts(lines: DataFrame, findings: Findings) -> None:
    """Every account is mapped to one that exists, is active and takes postings."""
    named = lines["account"].notna()
    mapped = named & lines["target"].notna()
    known = mapped & lines["a_type"].notna()
    summary = lines["a_summary"].eq(True) | lines["a_type"].isin(_NOT_POSTING)
    checks = (
        (named & ~mapped, _not_mapped),
        (mapped & ~known, _missing),
        (known & ~lines["a_active"].eq(True), _inactive),
        (known & summary, _not_postable),
    )
    for mask, problem in checks:
        _report(lines[mask], problem, findings)


def check_control(lines: DataFrame, part: str, kind: str, findings: Findings) -> None:
    """The role of rows of `part` leads to a control account of `kind`, AcctRec or AcctPay."""
    what = SUBLEDGERS[kind]
    wrong = lines["part"].eq(part) & lines["a_type"].notna() & lines["a_type"].ne(kind)
    for doc, role, target in each(lines[wrong], "doc", "account", "a_label"):
        findings.add(
            doc,
            Problem(
                Cause.ACCOUNT_NOT_POSTABLE,
                f"The role {role} is mapped to NetSuite account {target}, "
                f"which is not an {what} account.",
                f"Map the role to the account on which NetSuite keeps {what.split()[-1]}s.",
                f"{role}:type",
                f"role {role}",
            ),
        )


def check_places(lines: DataFrame, reference: ReferenceFrames, findings: Findings) -> None:
    """An account restricted to some subsidiaries is used in one of those only."""
    restricted = lines[lines["a_everywhere"].eq(False) & lines["subsidiary"].notna()]
    if restricted.empty:
        return
    placed = restricted.merge(
        reference.account_places, how="left", on=["target", "subsidiary"], indicator=True
    )
    outside = placed[placed["_merge"].eq("left_only")]
    for doc, account, subsidiary, name, target in each(
        outside, "doc", "account", "subsidiary", "account_name", "a_label"
    ):
        place = reference.subsidiary_label(subsidiary)
        findings.add(
            doc,
            Problem(
                Cause.ACCOUNT_NOT_IN_SUBSIDIARY,
                f"ServiceTitan account {name} is mapped to NetSuite account {target}, "
                f"which subsidiary {place} may not use.",
                f"Allow the account in {place} in NetSuite, or map it to another account.",
                f"{account}:{subsidiary}",
                f"{name} in {place}",
            ),
        )


def _report(
    lines: DataFrame, problem: Callable[[str, str, str], Problem], findings: Findings
) -> None:
    if lines.empty:
        return
    for doc, account, name, target in each(lines, "doc", "account", "account_name", "a_label"):
        findings.add(doc, problem(account, name, target))


def _not_mapped(account: str, name: str, _: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_NOT_MAPPED,
        f"ServiceTitan account {name} is not mapped to a NetSuite account.",
        "Map it in the tenant's mappings; the next run takes the document up by itself.",
        account,
        name,
    )


def _missing(account: str, name: str, _: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_MISSING,
        f"ServiceTitan account {name} is mapped to an account that NetSuite does not have, "
        "or does not show to the integration's role.",
        _REMAP,
        account,
        name,
    )


def _inactive(account: str, name: str, target: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_INACTIVE,
        f"ServiceTitan account {name} is mapped to NetSuite account {target}, which is inactive.",
        f"Make it active in NetSuite, or: {_REMAP[0].lower()}{_REMAP[1:]}",
        account,
        name,
    )


def _not_postable(account: str, name: str, target: str) -> Problem:
    return Problem(
        Cause.ACCOUNT_NOT_POSTABLE,
        f"ServiceTitan account {name} is mapped to NetSuite account {target}, "
        "a summary, non-posting or statistical account that takes no amounts.",
        _REMAP,
        account,
        name,
    )
