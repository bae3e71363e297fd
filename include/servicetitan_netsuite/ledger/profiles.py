"""What each NetSuite account is like, kept since its connection was last tested."""

from __future__ import annotations

import json
from dataclasses import asdict

from servicetitan_netsuite.documents import AccountProfile, canonical
from servicetitan_netsuite.ledger.engine import Ledger, change


def store(ledger: Ledger, connection_id: str, profile: AccountProfile) -> None:
    """Keep `profile` as what the account behind `connection_id` is like now."""
    with ledger.writing() as connection:
        change(
            connection,
            "profiles/store_profile",
            {"connection_id": connection_id, "profile": canonical(asdict(profile))},
        )


def read(ledger: Ledger, connection_id: str) -> AccountProfile | None:
    """The profile kept for `connection_id`, or None when it was never tested."""
    rows = ledger.rows("profiles/read_profile", connection_id=connection_id)
    if not rows:
        return None
    fields = json.loads(rows[0].profile)
    return AccountProfile(**{**fields, "mandatory": tuple(fields["mandatory"])})
