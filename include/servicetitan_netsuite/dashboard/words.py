"""What states, causes, steps and amounts are called on a page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, part_name
from servicetitan_netsuite.ledger.engine import moment

_PROPER = {"netsuite": "NetSuite", "servicetitan": "ServiceTitan", "gl account": "GL account"}
STEPS = {
    "extract_pending": "Read what is pending in ServiceTitan",
    "validate_mappings": "Check mappings, periods and amounts",
    "post_to_netsuite": "Post to NetSuite and verify",
    "summarize": "Summarise and tie out",
}


@dataclass(frozen=True, slots=True)
class StateWord:
    """How a state is shown: `tone` chooses the colour, `meaning` says what it asks of people."""

    label: str
    tone: str
    meaning: str


STATES = {
    "confirmed": StateWord(
        "Confirmed",
        "good",
        "In NetSuite and verified; ServiceTitan was told if it keeps a mark.",
    ),
    "posted": StateWord(
        "Posted", "good", "In NetSuite. Verifying and reporting back come next, by themselves."
    ),
    "ready": StateWord("Ready", "info", "Every check passed; waiting to be sent."),
    "sending": StateWord("Sending", "info", "On its way to NetSuite."),
    "pending": StateWord("Pending", "info", "Read from ServiceTitan, to be checked."),
    "seen": StateWord("Not checked yet", "info", "Read from ServiceTitan, to be checked."),
    "conflict": StateWord(
        "Conflict", "bad", "NetSuite holds something else than was sent: a person must decide."
    ),
    "uncertain": StateWord(
        "Uncertain", "warn", "No clear answer came; it is looked up before anything is sent again."
    ),
    "rejected": StateWord("Rejected", "bad", "NetSuite refused it; nothing was kept there."),
    "unreadable": StateWord("Unreadable", "bad", "ServiceTitan's data could not be understood."),
    "blocked": StateWord(
        "Blocked", "warn", "Something is missing here; it is sent once that is put right."
    ),
    "held": StateWord(
        "Not touched", "quiet", "This run had nothing to do here; the reason says why."
    ),
    "skipped": StateWord("Skipped", "quiet", "There is nothing to post; the reason says why."),
    "withdrawn": StateWord("Withdrawn", "quiet", "No longer pending in ServiceTitan; not sent."),
}
WOULD = StateWord("Would be posted", "good", "Every check passed; a real run would send it.")
ATTENTION = ("conflict", "uncertain", "rejected", "unreadable", "blocked")
IN_NETSUITE = ("posted", "confirmed")
UNDER_WAY = ("seen", "pending", "ready", "sending")
SET_ASIDE = ("held", "skipped")

STATUSES = {
    "success": StateWord("Success", "good", "Everything that was pending is in NetSuite."),
    "completed_with_errors": StateWord(
        "Completed with errors", "warn", "Some documents wait for somebody to put something right."
    ),
    "failed": StateWord("Failed", "bad", "A step did not succeed; its task log says why."),
    "dry_run": StateWord("Dry run", "info", "A rehearsal: nothing was written anywhere."),
    "running": StateWord("Running", "live", "At work now; this page follows by itself."),
}
ACTIONS = {
    "created": StateWord("Created", "good", ""),
    "linked": StateWord("Linked", "good", ""),
    "updated": StateWord("Updated", "good", ""),
    "skipped": StateWord("Skipped", "quiet", ""),
    "blocked": StateWord("Blocked", "warn", ""),
    "refused": StateWord("Refused", "bad", ""),
    "uncertain": StateWord("Uncertain", "warn", ""),
}
STEP_STATES = {
    "running": StateWord("working", "live", ""),
    "done": StateWord("done", "good", ""),
    "failed": StateWord("failed", "bad", ""),
    "waiting": StateWord("waiting", "warn", ""),
    "to_come": StateWord("to come", "quiet", ""),
    "not_run": StateWord("did not run", "quiet", ""),
}
AGES = {
    "week": "dated up to 7 days ago",
    "month": "8 to 30 days",
    "two_months": "31 to 60 days",
    "older": "longer",
    "no_date": "without a date",
}
REPORTS = {
    "synced": "marked as synced",
    "error": "marked with an error",
    "in_progress": "set back to pending",
    "moved_on": "changed there since it was posted",
    "gone": "no longer found there",
}


def report_word(report: str, document_type: str) -> str:
    """What ServiceTitan was told; only journal entries are called synced there."""
    if report == "synced" and document_type != DocumentType.JOURNAL_ENTRY:
        return "marked as exported"
    return REPORTS.get(report, report)


def kind_word(document_type: str, part: str = "") -> str:
    """A type, or further records of it, in the singular: Invoice, Invoice: cost of sales."""
    return (
        f"{sentence_case(document_type)}: {part_name(part)}"
        if part
        else sentence_case(document_type)
    )


def state_word(state: str, dry_run: bool = False) -> StateWord:
    """How to show a document's state; a dry run's *ready* means *would be posted*."""
    if dry_run and state == "ready":
        return WOULD
    return STATES.get(state) or StateWord(sentence_case(state), "quiet", "")


def action_word(action: str) -> StateWord:
    """How to show what was done with a vendor or account."""
    return ACTIONS.get(action) or StateWord(sentence_case(action), "quiet", "")


def status_word(status: str) -> StateWord:
    """How to show a run's overall status."""
    return STATUSES.get(status) or StateWord(sentence_case(status), "quiet", "")


def sentence_case(name: str) -> str:
    """`account_not_mapped` as people write it: Account not mapped."""
    words = name.replace("_", " ").strip()
    for plain, proper in _PROPER.items():
        words = words.replace(plain, proper)
    return words[:1].upper() + words[1:]


def plural(name: str) -> str:
    """A document type in the plural: `journal_entry` gives Journal entries."""
    one = sentence_case(name)
    return f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"


def money(cents: int | None) -> str:
    """Integer cents as 1,234.56; a minus sign that lines up, nothing for None."""
    if cents is None:
        return ""
    units, rest = divmod(abs(cents), 100)
    sign = "\u2212" if cents < 0 else ""
    return f"{sign}{units:,}.{rest:02d}"


def number(count: int) -> str:
    """1234 as 1,234."""
    return f"{count:,}"


def day(text: str | None) -> str:
    """An ISO day as 14 Oct 2026; other text as it is."""
    if not text:
        return ""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.day} {found:%b %Y}"


def clock(text: str | None) -> str:
    """A stamp as 14 Oct 2026, 09:03:12 UTC; the page's script shows it in local time."""
    if not text:
        return ""
    try:
        found = moment(text).astimezone(UTC)
    except ValueError:
        return text
    return f"{found.day} {found:%b %Y, %H:%M:%S} UTC"


def lasted(start: str, end: str | None) -> str:
    """The time between two stamps (until now for None) as 1 h 2 min, 2 min 5 s or 12 s."""
    try:
        until = moment(end) if end else datetime.now(UTC)
        seconds = max(0, int((until - moment(start)).total_seconds()))
    except ValueError:
        return ""
    if seconds >= 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"


def pretty(text: str | None) -> str:
    """JSON text with line breaks and indents; what is no JSON stays as it is."""
    if not text:
        return ""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def in_words(item: Any) -> str:
    """A record that would be created, as a phrase: its name, what it becomes, its kind."""
    if not isinstance(item, dict):
        return str(item)
    return _phrase(item)


def _phrase(item: Json) -> str:
    name = item.get("source_name") or item.get("name") or item.get("source_key") or ""
    target = item.get("target_name") or item.get("target") or ""
    kind = sentence_case(str(item.get("kind") or ""))
    text = f"{name} \u2192 {target}" if target else str(name)
    if not text:
        return ", ".join(f"{key}: {value}" for key, value in item.items())
    return f"{kind}: {text}" if kind else text
