"""What people are told to do about a document that another one waits for."""

from __future__ import annotations

import pytest

from servicetitan_netsuite.documents import OPENING_TYPES, Cause, State, stopped_parent
from servicetitan_netsuite.mapping.mappings import KINDS, OPENING

NAME = "st-1004-invoice-485"


def test_what_was_before_go_live_is_linked_as_an_opening_document():
    problem = stopped_parent(
        "purchase_order", "PO-881", NAME, State.SKIPPED, Cause.BEFORE_GO_LIVE, "It is too old."
    )
    assert problem.sentence == (
        "It waits for purchase order PO-881, which is skipped: It is too old."
    )
    assert "mappings import` with kind opening_purchase_order" in problem.advice
    assert (problem.key, problem.key_name) == (NAME, "PO-881")


def test_every_type_that_advice_names_can_be_linked():
    assert {f"{OPENING}{kind}" for kind in OPENING_TYPES} <= set(KINDS)


@pytest.mark.parametrize(
    ("state", "cause", "advice"),
    [
        (State.BLOCKED, Cause.ACCOUNT_NOT_MAPPED, "Put invoice 485-1 right first"),
        (State.REJECTED, Cause.REFUSED_BY_NETSUITE, "Put invoice 485-1 right first"),
        (State.SKIPPED, Cause.ZERO_AMOUNT, "Nothing is posted of invoice 485-1"),
        (State.WITHDRAWN, None, "Post the batch of invoice 485-1 again"),
    ],
)
def test_the_advice_follows_what_became_of_it(state, cause, advice):
    assert stopped_parent("invoice", "485-1", NAME, state, cause, "").advice.startswith(advice)


def test_receipts_from_before_go_live_cannot_be_linked_so_nobody_is_told_to():
    problem = stopped_parent("receipt", "R-1", NAME, "skipped", Cause.BEFORE_GO_LIVE, "Old.")
    assert "mappings import" not in problem.advice
