"""A document of accounts and amounts as it was read: what is odd is named, nothing is raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import (
    CENT,
    Cause,
    DocumentType,
    Json,
    Problem,
    SourceDocument,
    State,
    to_cents,
)
from servicetitan_netsuite.mapping.content import EXACT, Line
from servicetitan_netsuite.mapping.date_rules import Dated, check_date
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.values import HEADER_MEMO, Dirty, memo, money, text

COLUMNS = ("doc", "part", "kind", "account", "account_name", "unit", "unit_name", "amount", "memo")
"""A row of a document: `kind` says which mapping `account` is a key of; debits are positive."""
OWN, LINE = "own", "line"
"""What a row is: the document's own side, or one of its lines."""
ACCOUNT, ROLE = "gl_account", "account_role"
NOUNS = {
    DocumentType.INVOICE: "invoice",
    DocumentType.BANK_DEPOSIT: "bank deposit",
    DocumentType.INVENTORY_ADJUSTMENT: "inventory adjustment",
    DocumentType.VENDOR_CREDIT: "vendor credit",
}
UNREADABLE = {
    "header": "its header is missing",
    "lines": "its lines are missing",
    "line": "one of its lines is not a line",
    "memo": "its memo is not text",
    "business_unit": "it or a line names the business unit without a valid id",
    "number": "its number is missing, or longer than NetSuite takes with the prefix",
    "id": "its id holds characters that NetSuite's external ids do not take",
}
"""Parts that any document has."""
_CHANGED = {
    Cause.BEFORE_GO_LIVE: "it is now dated before go-live",
    Cause.ZERO_AMOUNT: "it comes to nothing now",
    Cause.NO_LONGER_PENDING: "it is canceled now",
}
_ZERO = Decimal(0)


@dataclass(slots=True)
class Paper:
    """One document as read: its header, and what its rows add up to.

    `dirty` names the parts that could not be read. `exact` is the sum of all rows, `rounded` the
    same with each rounded to the cent; `net` holds the rounded sum by account.
    """

    document: SourceDocument
    dirty: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    memo: str | None = None
    exact: Decimal = _ZERO
    rounded: Decimal = _ZERO
    net: defaultdict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    kept: int = 0
    zero_lines: int = 0
    cut_memos: int = 0

    @property
    def noun(self) -> str:
        """What people call the document."""
        return NOUNS.get(self.document.type, "document")

    @property
    def correct(self) -> str:
        """What to do about a document that cannot be posted as it is."""
        return f"Correct the {self.noun} in ServiceTitan, and post it there again."

    @property
    def nothing_to_post(self) -> bool:
        """Everything could be read, and every account comes to nothing."""
        return not self.dirty and not self.problems and not any(self.net.values())

    def header(self) -> dict[str, Any]:
        """The header of the content; empty where there is none."""
        found = self._content().get("header")
        if not isinstance(found, dict):
            self.dirty.add("header")
            return {}
        note, short = memo(self.dirty, found.get("memo"), HEADER_MEMO)
        self.memo = note
        self.cut_memos += short
        return found

    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines that are lines."""
        lines = self._content().get("lines")
        if not isinstance(lines, list):
            self.dirty.add("lines")
            return
        for line in lines:
            if isinstance(line, dict):
                yield line
            else:
                self.dirty.add("line")

    def amount(self, value: object, part: str) -> Decimal:
        """An amount, zero where it cannot be read."""
        try:
            return money(value)
        except Dirty:
            self.dirty.add(part)
            return _ZERO

    def row(
        self,
        doc: int,
        part: str,
        account: tuple[str, str, str],
        unit: tuple[str | None, str],
        amount: Decimal,
        note: str | None = None,
    ) -> list[Line]:
        """The row of an amount, counted in the sums; none where it comes to nothing.

        `account` is kind, key and name.
        """
        rounded = to_cents(amount)
        self.exact = EXACT.add(self.exact, amount)
        self.rounded += rounded
        if not rounded:
            self.zero_lines += part == LINE
            return []
        self.kept += 1
        self.net[account[:2]] += rounded
        return [(doc, part, *account, *unit, rounded, note)]

    def _content(self) -> Json:
        content: Any = self.document.content
        return content if isinstance(content, dict) else {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one document.

    READY has a plan; BLOCKED has all its problems; SKIPPED the reason as its only problem. `notes`
    tell what was left out.
    """

    source_id: str
    state: State
    problems: tuple[Problem, ...] = ()
    plan: Any = None
    notes: tuple[str, ...] = ()

    @property
    def comes_to_nothing(self) -> bool:
        """Whether it is skipped because every account comes to zero."""
        causes = {problem.cause for problem in self.problems}
        return self.state is State.SKIPPED and causes == {Cause.ZERO_AMOUNT}


def account_key(dirty: set[str], account: object, part: str = "account") -> tuple[str, str] | None:
    """Id and name of an account of ServiceTitan's; None where there is none."""
    if account is None:
        return None
    if not isinstance(account, dict) or not isinstance(account.get("id"), str):
        dirty.add(part)
        return None
    name = f"{text(account.get('number'))} {text(account.get('name'))}".strip()
    return account["id"], name or account["id"]


def before_go_live(paper: Paper, from_: date) -> Problem | None:
    """The reason to skip a document dated before go-live."""
    day = paper.document.business_date
    if day is None or day >= from_:
        return None
    return Problem(
        Cause.BEFORE_GO_LIVE,
        f"It is dated before go-live, {from_.isoformat()}.",
        "Nothing to do: documents from before go-live stay in ServiceTitan.",
    )


def comes_to_nothing(paper: Paper) -> Problem | None:
    """The reason to skip a document that would move nothing."""
    if not paper.nothing_to_post:
        return None
    return Problem(
        Cause.ZERO_AMOUNT,
        "Each account comes to nothing.",
        "Nothing to do: nothing is posted.",
    )


def without_posting(paper: Paper, reason: Problem, in_netsuite: bool) -> Verdict:
    """The verdict on a document that `reason` keeps from posting; what is posted is not skipped."""
    source_id, notes = paper.document.source_id, notes_of(paper)
    if not in_netsuite:
        return Verdict(source_id, State.SKIPPED, (reason,), notes=notes)
    problem = Problem(
        Cause.UPDATE_NOT_POSSIBLE,
        f"This {paper.noun} was synced before, and {_CHANGED[reason.cause]}.",
        "Correct or delete the record in NetSuite by hand, or undo the change in ServiceTitan.",
    )
    return Verdict(source_id, State.BLOCKED, (problem,), notes=notes)


def check_paper(
    doc: int,
    paper: Paper,
    told: Mapping[str, str],
    dated: Dated,
    reference: ReferenceFrames,
    findings: Findings,
) -> None:
    """Report what is wrong with the document as a whole; `told` says what each dirty part means."""
    check_read(doc, paper, told, findings)
    for problem in check_date(paper.document.business_date, dated, reference):
        findings.add(doc, problem)


def check_read(doc: int, paper: Paper, told: Mapping[str, str], findings: Findings) -> None:
    """Report what could not be read, and what reading found wrong."""
    for part in sorted(paper.dirty):
        sentence = f"This {paper.noun} cannot be read: {told[part]}."
        findings.add(doc, Problem(Cause.DIRTY_DATA, sentence, paper.correct, part, part))
    for problem in paper.problems:
        findings.add(doc, problem)


def off_by(paper: Paper, wanted: Decimal, sentence: str) -> Iterator[Problem]:
    """Why the rows do not come to `wanted`; `sentence` says so where more than cents are lost."""
    if paper.rounded == to_cents(wanted):
        return
    if abs(paper.exact - wanted) < CENT and paper.exact != paper.rounded:
        yield Problem(
            Cause.TOO_MANY_DECIMALS,
            "Its amounts have more than two decimals; rounded to the cent they no longer come to "
            "its total.",
            paper.correct,
        )
        return
    yield Problem(Cause.NOT_BALANCED, sentence, paper.correct)


def notes_of(paper: Paper) -> tuple[str, ...]:
    """What was left out of a document."""
    notes = []
    if paper.zero_lines:
        notes.append(f"zero lines dropped: {paper.zero_lines}")
    if paper.cut_memos:
        notes.append(f"memos shortened: {paper.cut_memos}")
    return tuple(notes)
