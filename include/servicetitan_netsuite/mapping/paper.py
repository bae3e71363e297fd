"""A document of accounts and amounts as it was read: what is odd is named, nothing is raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from servicetitan_netsuite.documents import CENT, Cause, Problem, State, to_cents
from servicetitan_netsuite.mapping.date_rules import Dated, check_date
from servicetitan_netsuite.mapping.document_rules import since_posted, unread
from servicetitan_netsuite.mapping.findings import Findings
from servicetitan_netsuite.mapping.reading import Line, Reading
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.values import text
from servicetitan_netsuite.mapping.verdict import Verdict

COLUMNS = ("doc", "part", "kind", "account", "account_name", "unit", "unit_name", "amount", "memo")
"""A row of a document: `kind` says which mapping `account` is a key of; debits are positive."""
OWN, LINE = "own", "line"
"""What a row is: the document's own side, or one of its lines."""
ACCOUNT, ROLE = "gl_account", "account_role"


@dataclass(slots=True)
class Paper(Reading):
    """One document as read: its header, and what its rows add up to.

    `net` holds the rounded sum by account, `kept` counts the rows.
    """

    problems: list[Problem] = field(default_factory=list)
    net: defaultdict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    kept: int = 0

    @property
    def nothing_to_post(self) -> bool:
        """Everything could be read, and every account comes to nothing."""
        return not self.dirty and not self.problems and not any(self.net.values())

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
        rounded = self.add(amount)
        if not rounded:
            self.zero_lines += part == LINE
            return []
        self.kept += 1
        self.net[account[:2]] += rounded
        return [(doc, part, *account, *unit, rounded, note)]


def account_key(dirty: set[str], account: object, part: str = "account") -> tuple[str, str] | None:
    """Id and name of an account of ServiceTitan's; None where there is none."""
    if account is None:
        return None
    if not isinstance(account, dict) or not isinstance(account.get("id"), str):
        dirty.add(part)
        return None
    name = f"{text(account.get('number'))} {text(account.get('name'))}".strip()
    return account["id"], name or account["id"]


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
    source_id, notes = paper.document.source_id, paper.notes
    if not in_netsuite:
        return Verdict(source_id, State.SKIPPED, (reason,), notes=notes)
    return Verdict(source_id, State.BLOCKED, (since_posted(paper, reason),), notes=notes)


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
    for problem in (*unread(paper, told), *paper.problems):
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
