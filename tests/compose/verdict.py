"""Whether both books agree, told from both stand-ins' own truth, never from ours.

A finding is what is wrong, by what it is; nothing found means that all is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from support.audit import Audit, Document, Lists, Record

Findings = dict[str, list[Any]]


def journals(entries: Iterable[Document], records: Iterable[Record]) -> Findings:
    """Journal entries whose sync was started, against what NetSuite holds of their tenants.

    Args:
        entries: ServiceTitan's truth of them, as it is now; all must be in NetSuite once that
            are valid, and no other.
        records: those that carry these tenants' external ids, but for their customers.
    """
    wanted = {_name(d): d for d in entries if d["valid"]}
    counts = Counter(str(r["external_id"]) for r in records)
    found = {
        "lost": sorted(set(wanted) - set(counts)),
        "doubled": sorted(name for name, count in counts.items() if count > 1),
        "unexpected": sorted(set(counts) - set(wanted)),
        "misbooked": [
            (name, r["type"], r.get("total"), wanted[name]["amount"])
            for r in records
            if (name := str(r["external_id"])) in wanted and not _same(r, wanted[name])
        ],
        "told wrongly": sorted(
            (name, d["sync_status"]) for name, d in wanted.items() if d["sync_status"] != "Synced"
        ),
    }
    return {what: wrong for what, wrong in found.items() if wrong}


def documents(
    tenant_id: int, account_id: str, batched: list[Document], records: list[Record], lists: Lists
) -> Findings:
    """What a tenant batched and posted, with its orders, against all that is of no other tenant.

    Args: as the attributes of `Audit`.
    """
    return Audit(str(tenant_id), account_id, batched, records, lists).findings()


def of_tenants(records: Iterable[Record], tenants: Iterable[int]) -> list[Record]:
    """The records whose external ids are of some tenants."""
    ours = tuple(f"st-{tenant}-" for tenant in tenants)
    return [r for r in records if str(r["external_id"]).startswith(ours)]


def counted(findings: Findings) -> str:
    """In one line; what was looked for and not found is told by zero."""
    always = dict.fromkeys(("lost", "doubled", "unexpected", "misbooked", "told wrongly"), 0)
    counts = always | {what: len(wrong) for what, wrong in findings.items()}
    return ", ".join(f"{what} {count}" for what, count in counts.items())


def _name(entry: Document) -> str:
    return f"st-{entry['tenant_id']}-journal_entry-{entry['id']}"


def _same(record: Record, entry: Document) -> bool:
    if record["type"] != "journalEntry":
        return False
    return Decimal(record["total"]) == Decimal(str(entry["amount"]))
