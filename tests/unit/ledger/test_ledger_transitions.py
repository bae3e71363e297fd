"""The transition table up to the look-up: seen, judged, sent, and what became of it."""

from __future__ import annotations

import pytest
from ledger_world import (
    DIFFERS,
    PATH,
    REFUSED,
    TENANT,
    UNMAPPED,
    ZERO,
    World,
    entry,
    form,
    name_of,
)

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.moves import StateChanged


def last(world: World, source: str = "e1"):
    return world.events(source)[-1]


# --- seen ------------------------------------------------------------------------------------


def test_a_document_seen_for_the_first_time_is_pending(world):
    of = world.reach(State.PENDING)
    row = world.document()
    assert (row.version, row.seen_version, row.seen_run) == (1, 1, of.id)
    assert (row.external_id, row.operation, row.amount_cents) == (name_of("e1"), "create", 1000)
    first = last(world)
    assert (first.from_state, first.to_state, first.run_id, first.person) == (
        None,
        "pending",
        of.id,
        None,
    )
    assert first.happened_at >= row.first_seen_at
    assert world.page(of).verdict == "seen"


def test_a_blocked_document_seen_again_is_judged_anew(world):
    world.reach(State.BLOCKED)
    of = world.start()
    world.see(of, "e1")
    assert world.state() == "blocked"
    world.judge(of)
    assert world.state() == "ready"
    assert world.steps()[-2:] == [("blocked", "pending"), ("pending", "ready")]
    assert {event.run_id for event in world.events()[-2:]} == {of.id}
    assert world.document().cause is None


def test_a_blocked_document_still_blocked_tells_its_newest_reason(world):
    world.reach(State.BLOCKED)
    of = world.start()
    world.see(of, "e1")
    world.judge(of, "e1", State.BLOCKED, ZERO)
    assert world.document().sentence == ZERO.sentence
    page = world.page(of)
    assert (page.outcome, page.sentence) == ("blocked", ZERO.sentence)
    assert len(world.events()) == 2


def test_a_rejected_document_is_pending_again_when_its_version_changed(world):
    world.reach(State.REJECTED)
    of = world.start()
    world.see(of, entry("e1", version=2))
    row = world.document()
    assert (row.state, row.version, row.cause) == ("pending", 2, None)
    assert (last(world).from_state, last(world).run_id) == ("rejected", of.id)
    assert world.page(of).outcome == "pending"


def test_a_rejected_document_is_pending_again_when_a_mapping_changed(world):
    world.reach(State.REJECTED)
    world.see(world.start(), "e1", mappings_changed_at="9999-01-01T00:00:00.000000Z")
    assert world.state() == "pending"


def test_a_rejected_document_seen_unchanged_is_held_with_its_reason(world):
    world.reach(State.REJECTED)
    of = world.start()
    before = world.events()
    world.see(of, "e1", mappings_changed_at="2000-01-01T00:00:00.000000Z")
    assert world.state() == "rejected"
    assert world.events() == before
    page = world.page(of)
    assert (page.verdict, page.outcome, page.sentence) == ("held", "rejected", REFUSED.sentence)


def test_a_withdrawn_document_that_is_pending_again_is_taken_up(world):
    world.reach(State.WITHDRAWN)
    of = world.start()
    world.see(of, entry("e1", version=3))
    assert (world.state(), world.document().version) == ("pending", 3)
    assert last(world).from_state == "withdrawn"


@pytest.mark.parametrize("state", [State.PENDING, State.READY, State.BLOCKED, State.REJECTED])
def test_an_unsent_document_that_is_no_longer_listed_is_withdrawn(world, state):
    world.reach(state)
    of = world.start()
    world.see(of, "another")
    assert world.withdraw_missing(of) == ["e1"]
    row = world.document()
    assert (row.state, row.cause) == ("withdrawn", "no_longer_pending")
    assert (last(world).from_state, last(world).run_id) == (state, of.id)
    page = world.page(of)
    assert (page.verdict, page.outcome) == ("withdrawn", "withdrawn")


@pytest.mark.parametrize(
    "state",
    [
        State.SENDING,
        State.UNCERTAIN,
        State.POSTED,
        State.CONFIRMED,
        State.CONFLICT,
        State.SKIPPED,
        State.WITHDRAWN,
    ],
)
def test_what_may_be_in_netsuite_is_never_withdrawn(world, state):
    world.reach(state)
    assert world.withdraw_missing(world.start()) == []
    assert world.state() == state


# --- judged ----------------------------------------------------------------------------------


def test_a_pending_document_that_passes_every_check_is_ready(world):
    of = world.reach(State.READY)
    assert (last(world).from_state, last(world).to_state, last(world).run_id) == (
        "pending",
        "ready",
        of.id,
    )
    page = world.page(of)
    assert (page.verdict, page.outcome, page.body) == ("ready", "ready", '{"id":"e1"}')


def test_a_pending_document_that_fails_a_check_is_blocked_with_cause_and_advice(world):
    of = world.reach(State.BLOCKED)
    row, page = world.document(), world.page(of)
    why = (UNMAPPED.cause, UNMAPPED.sentence, UNMAPPED.advice)
    assert (row.cause, row.sentence, row.advice) == why
    assert (page.verdict, page.outcome) == ("blocked", "blocked")
    assert (page.cause, page.sentence, page.advice) == why
    assert (last(world).cause, last(world).sentence) == why[:2]


def test_a_pending_document_with_nothing_to_post_is_skipped_with_the_reason(world):
    of = world.reach(State.SKIPPED)
    assert world.document().sentence == ZERO.sentence
    assert world.page(of).outcome == "skipped"


def test_a_verdict_of_a_run_that_is_not_the_last_to_see_it_changes_no_truth(world):
    older = world.reach(State.PENDING)
    newer = world.start()
    world.see(newer, entry("e1", version=2))
    world.judge(older)
    assert world.state() == "pending"
    assert world.page(older).verdict == "ready"
    world.judge(newer)
    world.judge(older, "e1", State.BLOCKED, UNMAPPED)
    assert world.state() == "ready"


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN])
def test_a_verdict_never_moves_what_may_have_landed_and_shows_how_it_stands(world, state):
    world.reach(state)
    of = world.start()
    world.see(of, entry("e1", version=2))
    world.judge(of)
    assert world.state() == state
    page = world.page(of)
    assert (page.outcome, page.sentence) == (state, world.document().sentence)


# --- sent ------------------------------------------------------------------------------------


def test_an_intent_is_an_attempt_committed_with_the_move_to_sending(world):
    of = world.reach(State.READY)
    world.fence = 7
    intent = world.send(of)
    (attempt,) = world.attempts()
    assert attempt.id == intent.attempt_id
    assert (attempt.number, attempt.fence, attempt.run_id, attempt.version) == (1, 7, of.id, 1)
    assert (attempt.body, attempt.canonical) == (
        '{"id":"e1"}',
        '{"content":1,"type":"journal_entry"}',
    )
    assert world.state() == "sending"
    assert (last(world).from_state, last(world).run_id) == ("ready", of.id)
    assert world.page(of).outcome == "sending"


def test_a_second_intent_for_the_same_document_is_refused(world):
    of = world.reach(State.READY)
    row = world.ready(of)[0]
    world.send(of)
    with pytest.raises(StateChanged):
        world.write(sending.begin, of, 1, row, PATH, {}, form())
    assert len(world.attempts()) == 1


def test_a_document_that_another_run_saw_since_is_not_sent_by_this_one(world):
    of = world.reach(State.READY)
    row = world.ready(of)[0]
    world.see(world.start(), "e1")
    assert world.ready(of) == []
    with pytest.raises(StateChanged):
        world.write(sending.begin, of, 1, row, PATH, {}, form())
    assert world.attempts() == []


def test_a_document_that_a_later_run_saw_while_it_was_uncertain_is_that_runs_to_send(world):
    older = world.reach(State.READY)
    row = world.ready(older)[0]
    world.doubt(older, world.send(older))
    newer = world.start()
    world.see(newer, "e1")
    world.write(sending.absent, newer, row.id)
    assert world.state() == "ready"
    assert world.ready(older) == []
    with pytest.raises(StateChanged):
        world.write(sending.begin, older, 1, row, PATH, {}, form())
    assert world.ready(newer) == []  # not before it has judged it
    world.judge(newer)
    assert world.send(newer).attempt_id == world.attempts()[-1].id


def test_an_intent_at_a_version_that_is_no_longer_the_seen_one_is_refused(world):
    of = world.reach(State.READY)
    row = world.ready(of)[0]
    world.see(of, entry("e1", version=2))
    world.judge(of)
    with pytest.raises(StateChanged):
        world.write(sending.begin, of, 1, row, PATH, {}, form())
    assert world.state() == "ready"


def test_a_document_that_netsuite_took_is_posted_with_its_id_and_form(world):
    of = world.reach(State.SENDING)
    intent_id = world.attempts()[0].id
    world.write(sending.note_answer, intent_id, sending.Answer("posted", 204))
    world.write(sending.posted, of, world.document().id, State.SENDING, "77", 1, form())
    row = world.document()
    assert (row.state, row.netsuite_id, row.posted_version) == ("posted", "77", 1)
    assert row.posted_canonical == '{"content":1,"type":"journal_entry"}'
    assert row.verified_at is None
    assert (last(world).from_state, last(world).run_id) == ("sending", of.id)
    page = world.page(of)
    assert (page.outcome, page.netsuite_id) == ("posted", "77")
    assert [r.outcome for r in world.sql("SELECT outcome FROM attempt_result")] == ["posted"]


def test_a_document_that_certainly_was_not_taken_is_ready_again_and_may_be_sent_again(world):
    of = world.reach(State.SENDING)
    world.write(sending.not_sent, of, world.document().id)
    assert world.state() == "ready"
    assert world.page(of).outcome == "ready"
    assert world.send(of).attempt_id != world.attempts()[0].id
    assert [a.number for a in world.attempts()] == [1, 2]


def test_a_document_that_netsuite_refused_is_rejected_in_its_words_and_reported(world):
    of = world.reach(State.REJECTED)
    row = world.document()
    assert (row.cause, row.sentence, row.report) == (REFUSED.cause, REFUSED.sentence, "error")
    assert (last(world).from_state, last(world).cause) == ("sending", REFUSED.cause)
    assert world.page(of).outcome == "rejected"
    assert [r.report for r in world.due()] == ["error"]


def test_a_document_without_an_answer_is_uncertain_until_settle_is_over(world):
    of = world.reach(State.SENDING)
    intent = world.attempts()[0]
    world.write(sending.unknown, of, _intent(world, intent), 900)
    row = world.document()
    assert (row.state, row.cause) == ("uncertain", "outcome_unknown")
    assert row.check_after > row.state_since
    (found,) = world.write(sending.uncertain, TENANT, 0, 10)
    assert not found.settled
    assert world.page(of).outcome == "uncertain"
    with pytest.raises(StateChanged):
        world.write(sending.absent, of, row.id)
    assert world.state() == "uncertain"


def test_what_a_worker_of_an_older_fence_left_sending_is_uncertain(world):
    world.reach(State.SENDING)
    of = world.start()
    assert (
        world.write(
            sending.orphans_to_uncertain, TENANT, world.fence, 0, sending.Actor(run_id=of.id)
        )
        == 0
    )
    assert world.take_over(of, settle_s=60) == 1
    row = world.document()
    assert row.state == "uncertain"
    assert (last(world).from_state, last(world).run_id) == ("sending", of.id)
    # Settle counts from the take-over: the intent may have waited for its turn to be sent.
    (now,) = world.sql("SELECT MAX(happened_at) AS happened_at FROM document_event")
    assert row.check_after[:15] >= now.happened_at[:15]
    assert not world.write(sending.uncertain, TENANT, 0, 10)[0].settled


# --- looked up -------------------------------------------------------------------------------


def test_an_uncertain_document_found_equal_to_an_attempt_is_posted(world):
    of = world.reach(State.UNCERTAIN)
    (attempt,) = world.write(sending.attempts_of, world.document().id)
    assert (attempt.version, attempt.outcome) == (1, "unknown")
    world.write(sending.posted, of, world.document().id, State.UNCERTAIN, "77", 1, form())
    assert (world.state(), world.document().netsuite_id) == ("posted", "77")
    assert last(world).from_state == "uncertain"
    assert world.page(of).outcome == "posted"


def test_only_attempts_that_may_have_landed_are_compared(world):
    of = world.reach(State.READY)
    for outcome, then in (("not_sent", sending.not_sent), ("stop", sending.not_sent)):
        intent = world.send(of)
        world.answer(intent, outcome)
        world.write(then, of, intent.document_id)
    intent = world.send(of)
    world.answer(intent, "unknown")
    world.doubt(of, intent)
    assert [a.number for a in world.write(sending.attempts_of, intent.document_id)] == [3]


def test_an_uncertain_document_found_different_is_a_conflict(world):
    of = world.reach(State.CONFLICT)
    row = world.document()
    assert (row.cause, row.sentence, row.report) == (DIFFERS.cause, DIFFERS.sentence, "error")
    assert last(world).from_state == "uncertain"
    assert world.page(of).outcome == "conflict"


def test_an_uncertain_document_nowhere_found_after_settle_is_ready_under_the_same_name(world):
    of = world.reach(State.UNCERTAIN)
    name = world.document().external_id
    world.write(sending.absent, of, world.document().id)
    assert (world.state(), world.document().external_id) == ("ready", name)
    assert world.page(of).outcome == "ready"
    assert world.send(of).external_id == name


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN])
def test_a_newer_version_seen_while_unresolved_is_kept_and_taken_up_when_it_is_absent(world, state):
    first = world.reach(state)
    of = world.start()
    world.see(of, entry("e1", version=2))
    row = world.document()
    assert (row.state, row.version, row.seen_version) == (state, 1, 2)
    world.judge(of)
    if state == State.SENDING:
        world.take_over(first)
    world.write(sending.absent, of, row.id)
    assert (world.state(), world.document().version) == ("ready", 2)
    assert world.send(of).version == 2


def test_a_newer_version_seen_while_uncertain_becomes_an_update_when_the_old_one_landed(world):
    world.reach(State.UNCERTAIN)
    of = world.start()
    world.see(of, entry("e1", version=2))
    world.write(sending.posted, of, world.document().id, State.UNCERTAIN, "77", 1, form())
    assert (world.document().posted_version, world.document().seen_version) == (1, 2)
    again = world.start()
    world.see(again, entry("e1", version=2))
    row = world.document()
    assert (row.state, row.operation, row.version) == ("pending", "update", 2)


def _intent(world: World, attempt):
    row = world.document()
    return sending.Intent(
        row.id,
        attempt.id,
        row.document_type,
        "e1",
        row.external_id,
        row.number,
        "create",
        1,
        PATH,
        {},
        {},
        None,
    )
