"""The words all rooms share: document types, states, external ids, money and values."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
CENT = Decimal("0.01")
Day = date


class DocumentType(StrEnum):
    """What is posted to NetSuite. Entities created on first use go through the same states."""

    CUSTOMER = "customer"
    ITEM = "item"
    PURCHASE_ITEM = "purchase_item"
    JOURNAL_ENTRY = "journal_entry"
    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"
    PAYMENT = "payment"
    BANK_DEPOSIT = "bank_deposit"
    PURCHASE_ORDER = "purchase_order"
    RECEIPT = "receipt"
    VENDOR_BILL = "vendor_bill"
    VENDOR_CREDIT = "vendor_credit"
    INVENTORY_ADJUSTMENT = "inventory_adjustment"


ENTITIES = (DocumentType.CUSTOMER, DocumentType.ITEM, DocumentType.PURCHASE_ITEM)
"""Records that documents need, created on first use and then linked; no transactions."""

DEPOSIT, COST_OF_SALES = "deposit", "cogs"
"""Parts: what is left of a payment, and the cost of sales of an invoice."""


def application(applied_id: str) -> str:
    """The part of a payment that is one later application of its deposit."""
    return f"application-{applied_id}"


_PART_NAMES = {
    DEPOSIT: "remainder as deposit",
    COST_OF_SALES: "cost of sales",
    "application": "applied later",
}


def part_name(part: str) -> str:
    """What people call a further record of a document; a part as it is where it has no name."""
    return _PART_NAMES.get(part.partition("-")[0], part)


class State(StrEnum):
    """Where a document stands; the transitions are a table of the ledger."""

    PENDING = "pending"
    READY = "ready"
    SENDING = "sending"
    POSTED = "posted"
    CONFIRMED = "confirmed"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    CONFLICT = "conflict"


OPENING_TYPES = (
    DocumentType.INVOICE,
    DocumentType.CREDIT_MEMO,
    DocumentType.PAYMENT,
    DocumentType.PURCHASE_ORDER,
    DocumentType.VENDOR_BILL,
)
"""Documents from before go-live that a person may link to what NetSuite holds already."""

UPDATABLE = (DocumentType.JOURNAL_ENTRY, DocumentType.PURCHASE_ORDER)
"""A newer version updates the record that is posted; of any other type it makes a conflict."""

UNRESOLVED = (State.SENDING, State.UNCERTAIN)
"""An attempt may have landed: such a document is looked up, never simply sent."""


class Operation(StrEnum):
    """What an attempt does in NetSuite."""

    CREATE = "create"
    UPDATE = "update"


class Cause(StrEnum):
    """Why a document is blocked, skipped, rejected, uncertain or in conflict."""

    ACCOUNT_NOT_MAPPED = "account_not_mapped"
    ACCOUNT_INACTIVE = "account_inactive"
    ACCOUNT_NOT_IN_SUBSIDIARY = "account_not_in_subsidiary"
    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_NOT_POSTABLE = "account_not_postable"
    ACCOUNT_NEEDS_ENTITY = "account_needs_entity"
    BUSINESS_UNIT_NOT_MAPPED = "business_unit_not_mapped"
    BUSINESS_UNIT_MISSING = "business_unit_missing"
    SUBSIDIARY_INVALID = "subsidiary_invalid"
    SEVERAL_SUBSIDIARIES = "several_subsidiaries"
    CLASSIFICATION_MISSING = "classification_missing"
    CLASSIFICATION_INVALID = "classification_invalid"
    CURRENCY_DIFFERS = "currency_differs"
    CUSTOMER_MISSING = "customer_missing"
    CUSTOMER_NOT_CREATED = "customer_not_created"
    VENDOR_MISSING = "vendor_missing"
    PARENT_BLOCKED = "parent_blocked"
    NOT_BALANCED = "not_balanced"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_MANY_LINES = "too_many_lines"
    NO_LINES = "no_lines"
    ZERO_AMOUNT = "zero_amount"
    DIRTY_DATA = "dirty_data"
    DATE_MISSING = "date_missing"
    PERIOD_CLOSED = "period_closed"
    PERIOD_MISSING = "period_missing"
    TYPE_NOT_ALLOWED = "type_not_allowed"
    BEFORE_GO_LIVE = "before_go_live"
    NO_LONGER_PENDING = "no_longer_pending"
    REFUSED_BY_NETSUITE = "refused_by_netsuite"
    OUTCOME_UNKNOWN = "outcome_unknown"
    CONTENT_DIFFERS = "content_differs"
    EXISTS_BUT_HIDDEN = "exists_but_hidden"
    CHANGED_IN_NETSUITE = "changed_in_netsuite"
    UPDATE_NOT_POSSIBLE = "update_not_possible"
    CHANGED_AFTER_POSTING = "changed_after_posting"
    DELETED_IN_NETSUITE = "deleted_in_netsuite"
    DECIDED_BY_PERSON = "decided_by_person"
    COST_NOT_POSTED = "cost_not_posted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason that stops a document, in words a bookkeeper understands.

    `key` names what is missing (an account's id, a business unit's id, a period), so that one row
    can stand for all documents it holds up; `key_name` is how people call it.
    """

    cause: Cause
    sentence: str
    advice: str
    key: str = ""
    key_name: str = ""


def stopped_parent(
    document_type: str, number: str, name: str, state: str, cause: str | None, sentence: str | None
) -> Problem:
    """Why a document waits for another one, its parent, that is not in NetSuite and why so.

    `name` is the parent's external id, `cause` and `sentence` tell what stopped it. The words are
    true of whatever waits for the parent, be it through other documents.
    """
    called = f"{document_type.replace('_', ' ')} {number}"
    goes_on = "what waits for it then goes on by itself."
    if state == State.SKIPPED and cause == Cause.BEFORE_GO_LIVE and document_type in OPENING_TYPES:
        advice = (
            f"Link {called} to the record that NetSuite holds of it already, by "
            f"`servicetitan-netsuite mappings import` with kind opening_{document_type}; {goes_on}"
        )
    elif state == State.SKIPPED:
        advice = (
            f"Nothing is posted of {called}: correct in ServiceTitan what refers to it, or enter "
            "that in NetSuite by hand."
        )
    elif state == State.WITHDRAWN:
        advice = f"Post the batch of {called} again in ServiceTitan; {goes_on}"
    else:
        advice = f"Put {called} right first; {goes_on}"
    return Problem(
        Cause.PARENT_BLOCKED,
        f"It waits for {called}, which is {state}{f': {sentence}' if sentence else '.'}",
        advice,
        key=name,
        key_name=number,
    )


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document as ServiceTitan showed it, at one version.

    `content` is the whole of it as JSON values (money as strings, identifiers as strings, dates as
    ISO text), the same on every extraction of the same version. `business_date` is the accounting
    day or None where the source has none; `amount` its total (for a journal entry the debits).
    """

    type: DocumentType
    source_id: str
    number: str
    version: int
    business_date: date | None
    amount: Decimal
    content: Json = field(hash=False)
    part: str = ""
    url: str | None = None


_EXTERNAL_ID = re.compile(r"[a-z0-9_-]{1,200}")


def external_id(tenant_id: str, document: str, source_id: str, part: str = "") -> str:
    """The one name a document has in NetSuite for ever: never random, lower case, `[a-z0-9_-]`.

    Raises:
        ValueError: a piece holds a character that NetSuite's external ids do not take.
    """
    pieces = ["st", tenant_id, document, source_id, *([part] if part else [])]
    made = "-".join(pieces).lower()
    if not _EXTERNAL_ID.fullmatch(made):
        raise ValueError(f"{made!r} cannot be an external id: only letters, digits, - and _")
    return made


def to_money(value: object) -> Decimal:
    """Money from JSON's number or string, exact.

    Raises:
        ValueError: not a finite decimal number.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{value!r} is not an amount of money")
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not an amount of money") from error
    if not amount.is_finite():
        raise ValueError(f"{value!r} is not an amount of money")
    return amount


def to_cents(amount: Decimal) -> Decimal:
    """`amount` rounded half up to the cent."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def canonical(value: object) -> str:
    """The one text of a JSON value: sorted keys, no spaces, Decimal as plain text."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def content_hash(value: object) -> str:
    """SHA-256 (hex) of the canonical text of `value`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is sent for a document, if it is sent: where, exactly what, and what it does.

    `canonical` is the form NetSuite must then hold; `gl` its debits and credits by account, for
    people. Records still to be created are named by external id in all of them.
    """

    path: str
    body: Json = field(hash=False)
    canonical: Json = field(hash=False)
    gl: Sequence[Json] = field(default=(), hash=False)


@dataclass(frozen=True, slots=True)
class MappingRow:
    """What one ServiceTitan thing is in NetSuite, for one tenant.

    `kind` is gl_account, business_unit, ... (DOCUMENTS.md); `source_key` ServiceTitan's id;
    `target` NetSuite's internal id (of a business unit: its subsidiary, empty without OneWorld).
    """

    kind: str
    source_key: str
    source_name: str
    target: str | None
    target_name: str = ""
    department: str | None = None
    class_: str | None = None
    location: str | None = None


NO_PRICEBOOK = "a pricebook that the app may not read"
"""What stands as unclear for every role of a SKU where ServiceTitan refuses the pricebook."""


@dataclass(frozen=True, slots=True)
class SkuAccounts:
    """The ServiceTitan GL accounts that the pricebook names for a SKU.

    `accounts` holds {id, number, name} by role: `income`, `purchase` (what buying it debits),
    `cost_of_sale`, `asset`; a role nobody set is absent. `unclear` tells by role what the pricebook
    names that is not exactly one account.
    """

    code: str
    accounts: Mapping[str, Json] = field(default_factory=dict, hash=False)
    unclear: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class AccountProfile:
    """What a NetSuite account is like, as read when its connection is tested."""

    one_world: bool
    suite_tax: bool
    currencies: Mapping[str, str] = field(default_factory=dict, hash=False)
    departments: bool = True
    classes: bool = True
    locations: bool = True
    mandatory: tuple[str, ...] = ()
    number_override: bool = True
    max_journal_lines: int = 1000
    concurrency_limit: int | None = None
    primary_book: str = "1"
