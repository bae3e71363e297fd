"""Decide what becomes of each journal entry: ready with a plan, blocked with all problems, skipped.

The chunk's lines go into one frame that is joined with the mappings and NetSuite's reference data;
each rule reports all documents it holds up, so that one pass shows a bookkeeper everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import (
    AccountProfile,
    Cause,
    MappingRow,
    SourceDocument,
    State,
)
from servicetitan_netsuite.mapping.account_rules import check_accounts, check_places, join_accounts
from servicetitan_netsuite.mapping.entity_rules import join_entities
from servicetitan_netsuite.mapping.entry_content import COLUMNS, Entry, read_entry
from servicetitan_netsuite.mapping.entry_rules import (
    SINCE_POSTED,
    check_entry,
    not_updatable,
    reason_to_skip,
)
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.mappings import MappingFrames, as_frames
from servicetitan_netsuite.mapping.plan import planned_lines, unnameable
from servicetitan_netsuite.mapping.reading import Line, lines_frame
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.rules import Rules
from servicetitan_netsuite.mapping.unit_rules import check_one_subsidiary, check_units, join_units
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.plans.journal import JournalPlan
from servicetitan_netsuite.tenants import Method, Tenant

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class EntryVerdict(Verdict):
    """A verdict whose plan needs customers, by ServiceTitan id, to be created first."""

    plan: JournalPlan | None = None
    customers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules(Rules):
    """With the subsidiaries of journals that are in NetSuite already."""

    posted: Mapping[str, str | None]


def validate_entries(
    chunk: Sequence[SourceDocument],
    mappings: MappingFrames | Sequence[MappingRow],
    reference: ReferenceFrames,
    tenant: Tenant,
    profile: AccountProfile,
    posted_subsidiaries: Mapping[str, str | None] | None = None,
) -> list[EntryVerdict]:
    """One verdict per journal entry of `chunk`, in its order; dirty content never raises.

    `posted_subsidiaries` names the entries that are in NetSuite already, by source id, with the
    subsidiary of their journal (None where unknown or without OneWorld): those are never skipped.
    """
    rules = _Rules(as_frames(mappings), reference, tenant, profile, posted_subsidiaries or {})
    settled: dict[int, EntryVerdict] = {}
    entries: dict[int, Entry] = {}
    rows: list[Line] = []
    for doc, document in enumerate(chunk):
        entry, lines = read_entry(document, doc, tenant.sync.journal_detail)
        verdict = _without_posting(entry, rules)
        if verdict:
            settled[doc] = verdict
        else:
            entries[doc] = entry
            rows.extend(lines)
    judged = _judge(entries, lines_frame(rows, COLUMNS), rules)
    return [settled[doc] if doc in settled else judged[doc] for doc in range(len(chunk))]


def _without_posting(entry: Entry, rules: _Rules) -> EntryVerdict | None:
    """The verdict where there is nothing to post; an entry that was posted is never skipped.

    An earlier sync that is not ours (`last_sync_version_id`) does not matter before go-live: that
    is what the line is for.
    """
    reason = reason_to_skip(entry, rules.tenant.sync.from_)
    if reason is None:
        return None
    source_id = entry.document.source_id
    elsewhere = entry.synced_before and reason.cause is not Cause.BEFORE_GO_LIVE
    if elsewhere or source_id in rules.posted:
        return EntryVerdict(source_id, State.BLOCKED, (not_updatable(SINCE_POSTED[reason.cause]),))
    return EntryVerdict(source_id, State.SKIPPED, (reason,), notes=_notes(entry, rules))


def _judge(
    entries: Mapping[int, Entry], lines: DataFrame, rules: _Rules
) -> dict[int, EntryVerdict]:
    """Join the lines, apply every rule to all entries, plan those without problems."""
    findings = Findings()
    lines = join_accounts(lines, rules.mappings, rules.reference)
    lines = join_units(lines, rules.mappings, rules.profile)
    check_accounts(lines, findings)
    check_units(lines, rules.mappings, rules.reference, rules.profile, findings)
    check_places(lines, rules.reference, findings)
    subsidiaries = check_one_subsidiary(lines, rules.reference, findings)
    detailed = [doc for doc, entry in entries.items() if entry.detailed]
    lines, waiting = join_entities(lines, detailed, rules.mappings, rules.tenant, findings)
    for doc, entry in entries.items():
        _check_whole(doc, entry, subsidiaries.get(doc), rules, findings)
    problems = {doc: findings.of(doc) for doc in entries}
    planned = planned_lines(lines, [doc for doc, found in problems.items() if not found])
    return {
        doc: EntryVerdict(entry.document.source_id, State.BLOCKED, problems[doc])
        if problems[doc]
        else EntryVerdict(
            entry.document.source_id,
            State.READY,
            plan=JournalPlan(
                **rules.header_of(entry.document, subsidiaries.get(doc)),
                memo=entry.memo,
                lines=tuple(planned[doc]),
            ),
            customers=tuple(sorted(waiting.get(doc, ()))),
            notes=_notes(entry, rules),
        )
        for doc, entry in entries.items()
    }


def _check_whole(
    doc: int, entry: Entry, subsidiary: str | None, rules: _Rules, findings: Findings
) -> None:
    entry.dirty.update(unnameable(entry.document, rules.tenant, rules.profile))
    for problem in check_entry(entry, rules.tenant, rules.profile, rules.reference):
        findings.add(doc, problem)
    before = rules.posted.get(entry.document.source_id)
    if before and subsidiary and before != subsidiary:
        old, new = map(rules.reference.subsidiary_label, (before, subsidiary))
        findings.add(doc, not_updatable(f"it moved from subsidiary {old} to {new}"))


def _notes(entry: Entry, rules: _Rules) -> tuple[str, ...]:
    notes = [*entry.notes]
    if rules.tenant.sync.method is Method.JOURNAL_ENTRIES_AND_AP and not entry.types_known:
        notes.append("transaction types not checked: a summary entry does not tell them")
    return tuple(notes)
