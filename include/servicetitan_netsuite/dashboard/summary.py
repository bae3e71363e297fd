"""A run's summary, read back from the ledger: the shape that the summarize step writes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from servicetitan_netsuite.documents import to_cents


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Amount(_Part):
    """A count of documents and their money."""

    count: int = 0
    amount: Decimal = Decimal(0)

    @property
    def cents(self) -> int:
        """The money in cents."""
        return int(to_cents(self.amount) * 100)


class TenantPart(_Part):
    """Whose run it was."""

    short_name: str = ""
    name: str = ""
    tenant_id: str = ""


class ProblemPart(_Part):
    """One cause and what is missing."""

    cause: str
    key: str = ""
    key_name: str = ""
    sentence: str = ""
    advice: str = ""
    documents: int = 0
    waiting: int = 0
    here: bool = True
    amount: Decimal = Decimal(0)
    examples: tuple[str, ...] = ()

    @property
    def cents(self) -> int:
        """The money held up, in cents."""
        return int(to_cents(self.amount) * 100)


class Age(Amount):
    """What of the closing queue is dated how long ago."""

    age: str = ""


class RollForward(_Part):
    """Opening queue + new - posted - withdrawn - skipped = closing queue."""

    opening: Amount = Amount()
    new: Amount = Amount()
    posted: Amount = Amount()
    withdrawn: Amount = Amount()
    skipped: Amount = Amount()
    closing: Amount = Amount()
    oldest_days: int | None = None
    ages: tuple[Age, ...] = ()


class TieOutRow(_Part):
    """One account in one subsidiary and period: what was sent against what NetSuite holds."""

    period: str | None = ""
    subsidiary: str | None = ""
    account: str | None = ""
    account_name: str | None = ""
    expected_debit: Decimal | None = None
    expected_credit: Decimal | None = None
    netsuite_debit: Decimal | None = None
    netsuite_credit: Decimal | None = None
    difference: Decimal | None = None


class ControlPart(_Part):
    """Debits less credits of what is told apart from other accounts, like receivables."""

    control: str = ""
    expected: Decimal | None = None
    netsuite: Decimal | None = None
    difference: Decimal | None = None


class TieOut(_Part):
    """Whether both books agree; `reason` says why it was not checked."""

    checked: bool = False
    reason: str | None = ""
    difference: Decimal | None = None
    controls: tuple[ControlPart, ...] = ()
    rows: tuple[TieOutRow, ...] = ()


class WouldCreate(_Part):
    """Master data that a real run would create or fill in first."""

    customers: tuple[Any, ...] = ()
    items: tuple[Any, ...] = ()
    mappings: tuple[Any, ...] = ()


class Summary(_Part):
    """What a run came to, beyond what its documents' own rows tell."""

    tenant: TenantPart = TenantPart()
    problems: tuple[ProblemPart, ...] = ()
    would_create: WouldCreate = WouldCreate()
    filled_mappings: tuple[Any, ...] = ()
    roll_forward: RollForward | None = None
    tie_out: TieOut | None = None
    cost_not_posted: Amount | None = None


def read_summary(text: str | None) -> Summary | None:
    """The summary in `run.summary`; None while there is none or when it cannot be read."""
    if not text:
        return None
    try:
        return Summary.model_validate_json(text)
    except ValidationError:
        return None
