"""The body of a transaction: who, where, when, in which currency and under which number."""

from __future__ import annotations

from typing import Any, Protocol

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, not_valid_here, user_error
from sandbox.netsuite.records.base import check_lengths, money
from sandbox.netsuite.records.journal_entry import DIMENSIONS, MAX_RATE
from sandbox.netsuite.store import Document

LIMITS = {"memo": 4000, "tranId": 45, "otherRefNum": 45}
LINKED = "You cannot update linked transaction lines"
FIXED = ("entity", "customer", "subsidiary", "currency")


class Headed(Protocol):
    """What the rules here need to know of a record type."""

    name: str
    code: str
    number_prefix: str
    entity_field: str
    entity_type: str
    typed_number: bool


def complete_header(
    kind: Headed, context: Context, document: Document, old: Document | None
) -> None:
    """Check a transaction's body and fill in its defaults; raises Refusal."""
    check_lengths(document, LIMITS)
    entity = _entity(kind, context, document)
    _subsidiary(context, document, old, entity)
    document["currency"] = document.get("currency") or entity.get("currency") or "1"
    if document["currency"] != (entity.get("currency") or "1"):
        raise user_error("The transaction currency does not match the names currency")
    document["exchangeRate"] = document.get("exchangeRate") or 1
    if not 0 < money(document["exchangeRate"]) < MAX_RATE:
        raise invalid_value(document["exchangeRate"], "exchangeRate")
    document["tranDate"] = document.get("tranDate") or context.today()
    moved = old is not None and any(old.get(name) != document.get(name) for name in FIXED)
    if moved and context.is_linked(document["id"]):
        raise user_error(LINKED)
    _number(kind, context, document, old)
    check_dimensions(context, document, document.get("subsidiary"))


def _entity(kind: Headed, context: Context, document: Document) -> Document:
    name = kind.entity_field
    entity_id = document.get(name)
    if entity_id is None:
        raise missing("Customer" if kind.entity_type == "customer" else "Vendor")
    found = context.entity(entity_id)
    if found is None or found[0] != kind.entity_type:
        raise invalid_value(entity_id, name)
    if found[1].get("isInactive"):
        raise not_valid_here(entity_id, name)
    return found[1]


def _subsidiary(
    context: Context, document: Document, old: Document | None, entity: Document
) -> None:
    if not context.one_world:
        return
    chosen = document.get("subsidiary") or entity.get("subsidiary")
    document["subsidiary"] = chosen
    subsidiary = context.store.all("subsidiary").get(str(chosen))
    if subsidiary is None or subsidiary.get("isInactive"):
        raise invalid_value(chosen, "subsidiary")
    if old is not None and old.get("subsidiary") != chosen:
        raise invalid_value(chosen, "subsidiary")
    if chosen not in context.entity_subsidiaries(entity["id"], entity):
        raise user_error("Invalid combination of entity and subsidiary.")


def _number(kind: Headed, context: Context, document: Document, old: Document | None) -> None:
    if old is None:
        count = context.store.next_id(f"{kind.name} number")
        document["transactionNumber"] = f"{kind.number_prefix}{count}"
    else:
        document["transactionNumber"] = old["transactionNumber"]
    kept = old.get("tranId") if old is not None else None
    if kind.typed_number:
        document["tranId"] = document.get("tranId")
    else:
        override = context.settings.allow_transaction_number_override
        chosen = document.get("tranId") if override else None
        document["tranId"] = chosen or kept or document["transactionNumber"]
    document["duplicateNumber"] = _is_taken(kind, context, document)


def _is_taken(kind: Headed, context: Context, document: Document) -> bool:
    """Whether another of the type has the number: a warning on screen, no error here."""
    if not document.get("tranId"):
        return False
    clause, values = "", [kind.code, document["tranId"], int(document["id"])]
    if kind.typed_number:
        clause = " AND entity = ?"
        values.append(int(document[kind.entity_field]))
    found = context.store.db.execute(
        f"SELECT 1 FROM p_transaction WHERE type = ? AND tranid = ? AND id <> ?{clause} LIMIT 1",
        values,
    ).fetchone()
    return found is not None


def check_dimensions(context: Context, holder: Document, subsidiary: str | None) -> None:
    """Refuse a department, class or location that may not be used here."""
    for name, (record_type, _preference, _label) in DIMENSIONS.items():
        value = holder.get(name)
        if value is None:
            continue
        document = context.store.all(record_type)[value]
        if document.get("isInactive") or not context.shares(document, subsidiary):
            raise not_valid_here(value, name)


def require_dimensions(context: Context, holders: list[Document]) -> None:
    """Refuse lines without a classification the account's preferences make mandatory."""
    absent = [
        label
        for name, (_type, preference, label) in DIMENSIONS.items()
        if getattr(context.settings, preference) and any(h.get(name) is None for h in holders)
    ]
    if absent:
        raise missing(*absent)


def account_of(
    context: Context,
    document: Document,
    chosen: Any,
    special: str,
    types: tuple[str, ...],
    name: str,
) -> str:
    """The account of a body field, or NetSuite's own one when none is named; raises Refusal."""
    subsidiary = document.get("subsidiary")
    if chosen is None:
        found = context.special(special, subsidiary)
        if found is None:
            raise missing("Account")
        return str(found["id"])
    account = context.store.all("account")[chosen]
    check_account(context, account, subsidiary, name)
    if account["acctType"] not in types:
        raise invalid_value(chosen, name)
    return str(chosen)


def check_account(context: Context, account: Document, subsidiary: str | None, path: str) -> None:
    """Refuse an account nothing can be posted to here."""
    if account.get("isInactive") or account.get("isSummary") or account["acctType"] == "NonPosting":
        raise invalid_value(account["id"], "account", path)
    if not context.shares(account, subsidiary):
        raise user_error(
            f"Invalid account reference key {account['id']} for subsidiary {subsidiary}."
        )
