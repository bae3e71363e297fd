"""Decide what becomes of each bank deposit and inventory adjustment: a journal entry, or nothing.

A deposit debits the bank with the net and the fees with theirs, and credits the account of each
payment in it. An adjustment debits the asset account of what was found and credits that of what was
lost; the role InventoryAdjustments takes the other side.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import (
    AccountProfile,
    Cause,
    MappingRow,
    Problem,
    SkuAccounts,
    SourceDocument,
    State,
)
from servicetitan_netsuite.mapping.date_rules import PLAIN
from servicetitan_netsuite.mapping.document_rules import before_go_live
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.mappings import MappingFrames, as_frames
from servicetitan_netsuite.mapping.paper import (
    LINE,
    Paper,
    check_paper,
    comes_to_nothing,
    without_posting,
)
from servicetitan_netsuite.mapping.paper_rules import check_no_subledger, check_rows
from servicetitan_netsuite.mapping.plain_content import UNREADABLE, read_adjustment, read_deposit
from servicetitan_netsuite.mapping.plan import planned_lines, unnameable
from servicetitan_netsuite.mapping.reading import Line
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.plans.journal import JournalPlan
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame

Reader = Callable[[SourceDocument, int], tuple[Paper, list[Line]]]
_UNDEPOSITED = "undep"
"""How NetSuite's name of its own account for undeposited funds begins."""


def validate_deposits(
    chunk: Sequence[SourceDocument],
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    *,
    posted: Collection[str] = frozenset(),
) -> list[Verdict]:
    """One verdict per bank deposit of `chunk`, in its order; dirty content never raises.

    `posted` are the source ids of documents that are in NetSuite already: those are never skipped.
    """
    rules = Rules(as_frames(mappings), reference, tenant, profile)
    return _validate(chunk, read_deposit, rules, posted, check_undeposited)


def validate_adjustments(
    chunk: Sequence[SourceDocument],
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    skus: Mapping[str, SkuAccounts],
    *,
    posted: Collection[str] = frozenset(),
) -> list[Verdict]:
    """One verdict per inventory adjustment of `chunk`, in its order; dirty content never raises.

    `skus` holds what the pricebook says of the SKUs of its lines; `posted` as for deposits.
    """
    rules = Rules(as_frames(mappings), reference, tenant, profile)
    return _validate(chunk, partial(read_adjustment, skus=skus), rules, posted)


def validate_journals(
    chunk: Sequence[SourceDocument],
    read: Reader,
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    *,
    posted: Collection[str] = frozenset(),
) -> list[Verdict]:
    """One verdict per document of `chunk` that becomes a journal of the rows that `read` makes."""
    rules = Rules(as_frames(mappings), reference, tenant, profile)
    return _validate(chunk, read, rules, posted)


def check_undeposited(lines: DataFrame, rules: Rules, findings: Findings) -> None:
    """No payment is on NetSuite's own Undeposited Funds, which deposits alone take money from."""
    accounts = rules.reference.account_by_id
    special = [
        key
        for key, row in accounts.items()
        if str(row.get("special") or "").lower().startswith(_UNDEPOSITED)
    ]
    wrong = lines[lines["part"].eq(LINE) & lines["target"].isin(special)]
    for doc, key, name, target in each(wrong, "doc", "account", "account_name", "a_label"):
        findings.add(
            doc,
            Problem(
                Cause.ACCOUNT_NOT_POSTABLE,
                f"ServiceTitan account {name} is mapped to NetSuite account {target}, NetSuite's "
                "own Undeposited Funds. Bank deposits are synced as journal entries, which would "
                "leave the payments there as still to be deposited.",
                "Map it to an ordinary current asset account in the tenant's mappings, and keep "
                "payments and deposits on that.",
                key,
                name,
            ),
        )


def _validate(
    chunk: Sequence[SourceDocument],
    read: Reader,
    rules: Rules,
    posted: Collection[str],
    check: Callable[[DataFrame, Rules, Findings], None] = lambda *_: None,
) -> list[Verdict]:
    settled: dict[int, Verdict] = {}
    papers: dict[int, Paper] = {}
    rows: list[Line] = []
    for doc, document in enumerate(chunk):
        paper, own = read(document, doc)
        reason = before_go_live(paper, rules.tenant.sync.from_) or comes_to_nothing(paper)
        if reason:
            settled[doc] = without_posting(paper, reason, document.source_id in posted)
        else:
            papers[doc] = paper
            rows.extend(own)
    findings = Findings()
    checked = check_rows(rows, rules, findings)
    check_no_subledger(checked.lines, "a journal entry that names no customer or vendor", findings)
    check(checked.lines, rules, findings)
    for doc, paper in papers.items():
        paper.dirty.update(unnameable(paper.document, rules.tenant, rules.profile))
        check_paper(doc, paper, UNREADABLE, PLAIN, rules.reference, findings)
        _check_length(doc, paper, rules.profile, findings)
    problems = {doc: findings.of(doc) for doc in papers}
    ready = [doc for doc, found in problems.items() if not found]
    planned = planned_lines(_anonymous(checked.lines), ready)
    for doc, paper in papers.items():
        settled[doc] = (
            Verdict(paper.document.source_id, State.BLOCKED, problems[doc])
            if problems[doc]
            else Verdict(
                paper.document.source_id,
                State.READY,
                plan=JournalPlan(
                    **rules.header_of(paper.document, checked.subsidiaries.get(doc)),
                    memo=paper.memo,
                    lines=tuple(planned[doc]),
                ),
                notes=paper.notes,
            )
        )
    return [settled[doc] for doc in range(len(chunk))]


def _check_length(doc: int, paper: Paper, profile: AccountProfile, findings: Findings) -> None:
    if paper.kept > profile.max_journal_lines:
        findings.add(
            doc,
            Problem(
                Cause.TOO_MANY_LINES,
                f"It makes {paper.kept} lines; NetSuite takes {profile.max_journal_lines} in a "
                "journal.",
                f"Part the {paper.noun} in ServiceTitan into smaller ones.",
            ),
        )


def _anonymous(lines: DataFrame) -> DataFrame:
    """The rows as a journal takes them, None where nothing is; none names a customer or vendor."""
    plain = lines.astype(object)
    return plain.where(plain.notna(), None).assign(entity=None)
