"""Payments that people go on with after a part of them is in NetSuite."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_netsuite.steps.posting.verifier import Verifier
from support.paying import Document, cases, rows, run, waiting
from support.site import Site, call


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


def test_nothing_of_a_payment_is_applied_while_a_person_has_it_unposted(den: Site) -> None:
    documents = cases(waiting(den), "unapplied_later_applied")
    deposit = next(d for d in documents if d["type"] == "payment")
    ((number, amount),) = deposit["later"]
    den.post_batch([d for d in documents if d["type"] == "invoice"])
    batch = den.post_batch([deposit])
    run(den, "first")
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.edit(deposit, apply=[{"invoice": number, "amount": amount}])
    writes = den.truth()["writes"]
    run(den, "being edited")
    assert den.truth()["writes"] == writes
    assert {part for id_, part in rows(den) if id_ == deposit["id"]} == {""}
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    run(den, "posted again")
    own = {part: r.state for (id_, part), r in rows(den).items() if id_ == deposit["id"]}
    assert len(own) == 2
    assert set(own.values()) == {"confirmed"}


def test_a_credit_used_further_by_a_later_payment_makes_no_conflict_of_the_first(
    den: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = cases(waiting(den), "zero_applies_credit_memo")
    den.post_batch([d for d in documents if d["type"] != "payment"])
    run(den, "what it uses")
    (first,) = [d for d in documents if d["type"] == "payment"]
    ((_, bill), (_, memo)) = first["parents"]
    later = next(d for d in waiting(den) if d["case"] == "zero_of_nothing")
    den.post_batch([first])
    with monkeypatch.context() as patched:
        patched.setattr(Verifier, "pass_over", nothing_verified)
        run(den, "ended before it was verified")
    assert rows(den)[first["id"], ""].state == "posted"
    shown = edited(den, first, checkNumber=None)
    mine = [
        {**one, "appliedId": 900 + n, "appliedAmount": "-5.00" if one["appliedAmount"][0] == "-"
         else "5.00"}
        for n, one in enumerate(shown["appliedTo"])
    ]  # fmt: skip
    edited(den, later, customer=shown["customer"], businessUnit=shown["businessUnit"],
           appliedTo=mine)  # fmt: skip
    edited(den, {"type": "credit_memo", "id": memo}, apply=[{"invoice": bill, "amount": "5.00"}])
    den.post_batch([later])
    run(den, "second")
    for document in (first, later):
        row = rows(den)[document["id"], ""]
        assert row.state == "confirmed", row.sentence
    every = {r["external_id"]: r for r in den.truth()["records"] if r["external_id"]}
    (used,) = every[f"st-1004-credit_memo-{memo}"]["apply"]
    assert Decimal(used["amount"]) == Decimal(35)


async def nothing_verified(_: Any) -> int:
    return 0


def edited(site: Site, document: Document, **changes: Any) -> Document:
    """A person's edit; the document as ServiceTitan then shows it."""
    path = f"/sandbox/documents/{document['type']}/{document['id']}"
    return dict(call(site.servicetitan, path, changes, "PATCH"))
