"""What extraction does to the ledger: a pure decision, and what is written of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_world import JOURNAL, TENANT, World, entry

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.ledger.seen import (
    AGAIN,
    CHANGED,
    HELD,
    SEEN,
    Known,
    Sight,
    record_unreadable,
    sight,
)

SINCE = "2026-09-10T10:00:00.000000Z"
EARLIER = "2026-09-10T09:59:59.999999Z"
LATER = "2026-09-10T10:00:00.000001Z"


def known(state: State, **fields) -> Known:
    plain = Known(state, posted_version=None, version=1, state_since=SINCE, reported=False)
    return replace(plain, **fields)


POSTED = {"posted_version": 1}


@pytest.mark.parametrize(
    ("before", "version", "retry", "mappings", "expected"),
    [
        (None, 1, False, None, SEEN),
        (known(State.PENDING), 2, False, None, SEEN),
        (known(State.BLOCKED), 1, False, None, SEEN),
        (known(State.SKIPPED), 1, False, None, SEEN),
        (known(State.SENDING), 2, True, LATER, SEEN),
        (known(State.UNCERTAIN), 2, True, LATER, SEEN),
        (known(State.READY), 1, False, None, AGAIN),
        (known(State.WITHDRAWN), 1, False, None, AGAIN),
        (known(State.POSTED, **POSTED), 1, False, None, HELD),
        (known(State.POSTED, **POSTED), 1, True, LATER, HELD),
        (known(State.POSTED, **POSTED), 2, False, None, CHANGED),
        (known(State.POSTED, posted_version=1, version=2), 2, False, None, CHANGED),
        (
            known(State.POSTED, **POSTED, reported=True),
            1,
            False,
            None,
            Sight("held", None, False, True),
        ),
        (
            known(State.CONFIRMED, **POSTED, reported=True),
            1,
            False,
            None,
            Sight("held", None, False, True),
        ),
        (known(State.CONFIRMED, **POSTED, reported=True), 2, False, None, CHANGED),
        (known(State.CONFIRMED, **POSTED), 1, False, None, HELD),
        (known(State.REJECTED), 1, False, None, HELD),
        (known(State.REJECTED), 1, False, EARLIER, HELD),
        (known(State.REJECTED), 1, False, SINCE, HELD),
        (known(State.REJECTED), 1, False, LATER, AGAIN),
        (known(State.REJECTED), 2, False, None, AGAIN),
        (known(State.REJECTED), 1, True, None, AGAIN),
        (known(State.REJECTED, reported=True), 1, False, None, AGAIN),
        (known(State.CONFLICT), 2, True, LATER, HELD),
        (
            known(State.CONFLICT, reported=True),
            1,
            True,
            LATER,
            Sight("held", None, False, True),
        ),
    ],
)
def test_what_seeing_a_document_means(before, version, retry, mappings, expected):
    seen = sight(before, version, retry_rejected=retry, mappings_changed_at=mappings)
    assert seen == expected


@pytest.mark.parametrize("state", list(State))
def test_seeing_never_moves_what_may_be_in_netsuite_but_to_update_it(state):
    for version in (1, 2):
        before = known(state, posted_version=1, reported=True)
        seen = sight(before, version, retry_rejected=True, mappings_changed_at=LATER)
        if state in (State.SENDING, State.UNCERTAIN, State.CONFLICT):
            assert seen.to_state is None
        if state in (State.POSTED, State.CONFIRMED):
            assert seen.update == (seen.to_state is not None)


def test_extracting_the_same_twice_changes_nothing(world):
    of = world.start()
    world.see(of, "e1", "e2", "e3")
    before = world.dump()
    world.see(of, "e1", "e2", "e3")
    assert world.dump() == before
    assert len(world.sql("SELECT 1 FROM run_document")) == 3
    assert len(world.sql("SELECT 1 FROM content")) == 3


def test_a_document_that_shows_twice_on_shifting_pages_is_one_document(world):
    of = world.start()
    world.see(of, "e1", "e2")
    world.see(of, "e2", "e3")
    assert len(world.sql("SELECT 1 FROM document")) == 3
    assert world.steps("e2") == [(None, "pending")]


@pytest.mark.parametrize(
    "state",
    [State.PENDING, State.READY, State.BLOCKED, State.SKIPPED, State.WITHDRAWN, State.REJECTED],
)
def test_a_newer_version_replaces_what_is_not_being_sent(world, state):
    world.reach(state)
    of = world.start()
    world.see(of, entry("e1", version=5, amount="99.99"))
    row = world.document()
    assert (row.version, row.seen_version, row.amount_cents) == (5, 5, 9999)
    page = world.page(of)
    assert (page.version, page.amount_cents) == (5, 9999)
    contents = world.sql("SELECT body FROM content WHERE hash = :hash", hash=page.content_hash)
    assert contents[0].body == '{"id":"e1","version":5}'


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN, State.CONFLICT])
def test_a_newer_version_of_what_may_have_landed_is_only_remembered(world, state):
    world.reach(state)
    before = world.document()
    of = world.start()
    world.see(of, entry("e1", version=5, amount="99.99"))
    row = world.document()
    assert (row.seen_version, row.seen_run) == (5, of.id)
    unchanged = ("state", "version", "amount_cents", "number", "external_id", "netsuite_id")
    assert [getattr(row, n) for n in unchanged] == [getattr(before, n) for n in unchanged]
    assert world.page(of).amount_cents == 9999


def test_what_an_earlier_run_showed_stays_as_it_was(world):
    first = world.reach(State.BLOCKED)
    shown = world.page(first)
    world.see(world.start(), entry("e1", version=2, amount="99.99"))
    assert world.page(first) == shown


def test_two_tenants_with_the_same_source_ids_never_touch_each_other(world):
    world.reach(State.REJECTED)
    before = world.document()
    other = world.start(tenant_id="2002")
    world.see(other, "e1")
    rows = world.sql("SELECT * FROM document ORDER BY id")
    assert [row.tenant_id for row in rows] == [TENANT, "2002"]
    assert rows[0] == before
    assert rows[1].external_id == "st-2002-journal_entry-e1"
    assert world.withdraw_missing(world.start(tenant_id="2002")) == ["e1"]
    assert world.document().state == "rejected"


def test_a_document_that_cannot_be_read_is_shown_with_the_reason_and_not_withdrawn(world):
    world.reach(State.BLOCKED)
    of = world.start()
    before = world.dump()
    world.write(record_unreadable, of, JOURNAL, "e1", "JE-e1", "it has no lines")
    world.write(record_unreadable, of, JOURNAL, "e1", "JE-e1", "it has no lines")
    assert world.dump() == before
    page = world.page(of)
    assert (page.verdict, page.outcome, page.cause) == ("unreadable", None, "dirty_data")
    assert "it has no lines" in page.sentence
    assert len(world.sql("SELECT 1 FROM run_problem WHERE run_id = :run", run=of.id)) == 1
    assert world.withdraw_missing(of) == []


def test_an_update_that_is_no_longer_listed_leaves_the_document_as_it_was_posted(world: World):
    world.reach(State.CONFIRMED)
    of = world.start()
    world.see(of, entry("e1", version=2))
    assert world.withdraw_missing(world.start()) == ["e1"]
    assert world.state() == State.POSTED
    assert world.document().posted_canonical == '{"content":1,"type":"journal_entry"}'
