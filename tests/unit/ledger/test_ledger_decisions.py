"""The transition table after the look-up: verified, reported, and what people decide."""

from __future__ import annotations

import pytest
from ledger_world import DIFFERS, PERSON, TENANT, ZERO, World, entry, form, name_of

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import actions, sending
from servicetitan_netsuite.ledger.moves import StateChanged


def last(world: World, source: str = "e1"):
    return world.events(source)[-1]


def conflict_row(world: World, source: str = "e1"):
    return actions.find(world.ledger, TENANT, [source])[0]


# --- verified and reported -------------------------------------------------------------------


def test_a_posted_document_verified_equal_is_reported_and_then_confirmed(world):
    of = world.reach(State.POSTED)
    world.verify(of)
    row = world.document()
    assert (row.state, row.report, row.netsuite_number) == ("posted", "synced", "J-1")
    assert row.verified_at
    world.report(of)
    assert world.state() == "confirmed"
    assert (last(world).from_state, last(world).run_id) == ("posted", of.id)
    assert world.page(of).outcome == "confirmed"
    assert world.due() == []


def test_a_posted_document_verified_different_is_a_conflict(world):
    of = world.reach(State.POSTED)
    world.write(sending.conflict, of, world.document().id, State.POSTED, DIFFERS)
    assert world.state() == "conflict"
    assert world.document().netsuite_id == "77"
    assert last(world).from_state == "posted"
    assert world.page(of).outcome == "conflict"


def test_only_a_posted_document_can_be_verified(world):
    of = world.reach(State.POSTED)
    (row,) = world.write(sending.unverified, TENANT, 0, 10)
    world.write(sending.conflict, of, row.id, State.POSTED, DIFFERS)
    with pytest.raises(StateChanged):
        world.write(sending.verified, of, row, "J-1")
    assert world.document().verified_at is None
    assert world.document().report == "error"


def test_a_report_refused_because_the_entry_moved_on_leaves_it_posted(world):
    of = world.reach(State.POSTED)
    world.verify(of)
    world.report(of, "moved_on")
    assert (world.state(), world.document().report) == ("posted", "moved_on")
    assert world.due() == []


def test_an_entry_that_moved_on_yet_is_seen_pending_at_the_posted_version_is_reported_again(world):
    of = world.reach(State.POSTED)
    world.verify(of)
    world.report(of, "moved_on")
    world.see(world.start(), "e1")
    assert [r.report for r in world.due()] == ["synced"]
    world.report(of)
    assert world.state() == "confirmed"


@pytest.mark.parametrize("state", [State.POSTED, State.CONFIRMED])
def test_a_newer_version_of_what_is_posted_is_an_update_of_the_same_record(world, state):
    world.reach(state)
    of = world.start()
    world.see(of, entry("e1", version=2, amount="12.00"))
    row = world.document()
    assert (row.state, row.operation, row.netsuite_id) == ("pending", "update", "77")
    assert (row.version, row.posted_version, row.amount_cents) == (2, 1, 1200)
    assert (row.report, row.verified_at) == (None, None)
    assert (last(world).from_state, last(world).version) == (state, 2)
    world.judge(of)
    intent = world.send(of)
    assert (intent.operation, intent.netsuite_id, intent.version) == ("update", "77", 2)
    world.post(of, intent)
    world.verify(of)
    world.report(of)
    assert (world.state(), world.document().posted_version) == ("confirmed", 2)


def test_an_update_found_done_already_is_posted_without_being_sent(world):
    world.reach(State.CONFIRMED)
    of = world.start()
    world.see(of, entry("e1", version=2))
    world.judge(of)
    world.write(sending.posted, of, world.document().id, State.READY, "77", 2, form(2))
    assert (world.state(), len(world.attempts())) == ("posted", 1)
    assert last(world).from_state == "ready"


def test_an_update_of_a_record_changed_by_hand_is_a_conflict_before_anything_is_sent(world):
    world.reach(State.CONFIRMED)
    of = world.start()
    world.see(of, entry("e1", version=2))
    world.judge(of)
    world.write(sending.conflict, of, world.document().id, State.READY, DIFFERS)
    assert (world.state(), len(world.attempts())) == ("conflict", 1)


def test_what_is_in_netsuite_at_this_version_is_held(world):
    world.reach(State.POSTED)
    of = world.start()
    world.see(of, "e1")
    assert world.state() == "posted"
    page = world.page(of)
    assert (page.verdict, page.outcome, page.netsuite_id) == ("held", "posted", "77")


def test_a_confirmed_document_pending_again_at_its_version_is_only_reported_again(world):
    world.reach(State.CONFIRMED)
    of = world.start()
    world.see(of, "e1")
    assert world.state() == "confirmed"
    assert [r.report for r in world.due()] == ["synced"]
    world.report(of)
    assert (world.state(), len(world.attempts())) == ("confirmed", 1)


# --- people ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.REJECTED, State.CONFLICT])
def test_a_person_resets_what_stands_still(world, state):
    world.reach(state)
    assert actions.reset(world.ledger, TENANT, ["JE-e1"], PERSON) == ["JE-e1"]
    row = world.document()
    assert (row.state, row.operation, row.report) == ("pending", "create", "in_progress")
    event = last(world)
    assert (event.from_state, event.person, event.run_id) == (state, PERSON, None)
    assert event.happened_at >= row.state_since


def test_a_conflict_over_a_posted_record_is_only_compared_again_after_a_reset(world):
    of = world.reach(State.POSTED)
    world.write(sending.conflict, of, world.document().id, State.POSTED, DIFFERS)
    actions.reset(world.ledger, TENANT, [], PERSON)
    row = world.document()
    assert (row.state, row.operation, row.netsuite_id) == ("pending", "update", "77")


@pytest.mark.parametrize("state", [s for s in State if s not in (State.REJECTED, State.CONFLICT)])
def test_only_what_was_rejected_or_is_in_conflict_can_be_reset(world, state):
    world.reach(state)
    before = world.dump()
    with pytest.raises(ConfigurationError, match=f"JE-e1 is {state}"):
        actions.reset(world.ledger, TENANT, ["e1"], PERSON)
    assert world.dump() == before


def test_a_reset_of_several_is_all_or_nothing(world):
    world.reach(State.REJECTED, "e1")
    world.reach(State.POSTED, "e2")
    before = world.dump()
    with pytest.raises(ConfigurationError, match="JE-e2 is posted"):
        actions.reset(world.ledger, TENANT, ["e1", "e2"], PERSON)
    with pytest.raises(ConfigurationError, match="nobody"):
        actions.reset(world.ledger, TENANT, ["e1", "nobody"], PERSON)
    assert world.dump() == before


def test_of_records_of_one_number_those_that_stand_still_are_reset(world):
    world.reach(State.CONFIRMED, "e1")
    world.reach(State.REJECTED, "e2")
    world.run_sql("UPDATE document SET number = 'JE-e1' WHERE source_id = 'e2'")
    assert actions.reset(world.ledger, TENANT, ["JE-e1"], PERSON) == ["JE-e1"]
    assert (world.state("e1"), world.state("e2")) == ("confirmed", "pending")
    with pytest.raises(ConfigurationError, match="JE-e1 is confirmed"):
        actions.reset(world.ledger, TENANT, ["e1"], PERSON)


def test_a_person_accepts_the_record_netsuite_holds(world):
    world.reach(State.CONFLICT)
    held = {"type": "journal_entry", "content": "theirs"}
    actions.accept(world.ledger, conflict_row(world), "88", held, PERSON, "same money")
    row = world.document()
    assert (row.state, row.netsuite_id, row.posted_version) == ("posted", "88", 1)
    assert row.posted_canonical == '{"content":"theirs","type":"journal_entry"}'
    assert (last(world).from_state, last(world).person) == ("conflict", PERSON)
    assert last(world).sentence == "accepted: same money"
    assert [r.report for r in world.due()] == ["synced"]
    world.report(world.start())
    assert world.state() == "confirmed"


def test_a_person_lets_the_record_be_updated(world):
    world.reach(State.CONFLICT)
    held = {"type": "journal_entry", "content": "theirs"}
    actions.update(world.ledger, conflict_row(world), "88", held, PERSON, "ours is right")
    row = world.document()
    assert (row.state, row.operation, row.netsuite_id) == ("pending", "update", "88")
    assert (row.version, row.posted_version, row.report) == (1, None, "in_progress")
    assert (last(world).person, last(world).version) == (PERSON, 1)
    of = world.start()
    world.see(of, "e1")
    world.judge(of)
    assert world.send(of).operation == "update"


def test_a_person_lets_it_be_posted_again_under_a_new_name_each_time(world):
    of = world.reach(State.POSTED)
    for count in (2, 3):
        world.write(sending.conflict, of, world.document().id, State.POSTED, DIFFERS)
        renewed = actions.again(world.ledger, conflict_row(world), PERSON, "deleted by mistake")
        row = world.document()
        assert renewed == row.external_id == f"{name_of('e1')}-r{count}"
        assert (row.state, row.operation, row.netsuite_id) == ("pending", "create", None)
        assert last(world).sentence == "post again: deleted by mistake"
        of = world.start()
        world.see(of, "e1")
        assert world.page(of).external_id == renewed
        world.judge(of)
        world.post(of, world.send(of), str(77 + count))


def test_a_source_id_that_looks_like_a_renewal_does_not_take_another_documents_name(world):
    world.reach(State.READY, "5-r3")
    world.reach(State.CONFLICT, "5-r2")
    renewed = actions.again(world.ledger, conflict_row(world, "5-r2"), PERSON, "gone")
    assert renewed == f"{name_of('5-r2')}-r2"


@pytest.mark.parametrize("deed", [actions.accept, actions.update])
@pytest.mark.parametrize("state", [State.REJECTED, State.PENDING, State.POSTED])
def test_only_a_conflict_can_be_decided(world, state, deed):
    world.reach(state)
    before = world.dump()
    row = conflict_row(world)
    with pytest.raises(StateChanged):
        deed(world.ledger, row, "88", form(), PERSON, "why")
    with pytest.raises(StateChanged):
        actions.again(world.ledger, row, PERSON, "why")
    assert world.dump() == before


def test_a_record_that_a_conflict_was_found_with_is_only_compared_again(world):
    """Else a reset could send over it, or withdraw the document while NetSuite holds it."""
    of = world.reach(State.UNCERTAIN)
    where = (world.document().id, State.UNCERTAIN)
    world.write(sending.conflict, of, *where, DIFFERS, "88")
    assert (world.document().netsuite_id, world.page(of).netsuite_id) == ("88", "88")
    actions.reset(world.ledger, TENANT, ["e1"], PERSON)
    row = world.document()
    assert (row.state, row.operation, row.netsuite_id) == ("pending", "update", "88")
    world.withdraw_missing(world.start())
    assert world.state() == "pending"


def test_what_is_only_compared_again_is_asked_for_though_a_list_of_changes_lacks_it(world):
    of = world.reach(State.UNCERTAIN)
    world.write(sending.conflict, of, world.document().id, State.UNCERTAIN, DIFFERS, "88")
    actions.reset(world.ledger, TENANT, ["e1"], PERSON)
    world.report(of)
    assert world.withdraw_missing(world.start()) == ["e1"], "a watermarked list shows it no more"
    assert world.state() == "pending"


def test_what_is_in_netsuite_is_blocked_where_a_new_one_would_be_skipped(world):
    world.reach(State.CONFIRMED)
    of = world.start()
    world.see(of, entry("e1", version=2))
    world.judge(of, "e1", State.SKIPPED, ZERO)
    assert (world.state(), world.document().sentence) == ("blocked", ZERO.sentence)
    assert (world.page(of).verdict, world.page(of).outcome) == ("blocked", "blocked")


def test_of_two_people_who_decide_at_once_the_second_is_refused(world):
    world.reach(State.CONFLICT)
    row = conflict_row(world)
    actions.accept(world.ledger, row, "88", form(), PERSON, "mine")
    before = world.dump()
    with pytest.raises(StateChanged):
        actions.again(world.ledger, row, "Bob", "mine too")
    assert world.dump() == before


# --- reports ---------------------------------------------------------------------------------


def test_a_report_of_a_refusal_is_not_told_any_more_once_the_document_moved_on(world):
    world.reach(State.REJECTED)
    assert [r.report for r in world.due()] == ["error"]
    world.see(world.start(), entry("e1", version=2))
    assert world.due() == []


def test_a_refusal_of_a_withdrawn_document_is_not_told(world):
    world.reach(State.REJECTED)
    world.withdraw_missing(world.start())
    assert world.due() == []


def test_a_reset_pressed_while_the_refusal_is_being_reported_is_not_lost(world):
    of = world.reach(State.REJECTED)
    (row,) = world.due()
    actions.reset(world.ledger, TENANT, ["e1"], PERSON)
    world.write(sending.reported, of, row, "error")
    assert [r.report for r in world.due()] == ["in_progress"]
    assert world.state() == "pending"


def test_a_refusal_that_was_reported_and_is_pending_again_was_pressed_by_a_person(world):
    of = world.reach(State.REJECTED)
    world.report(of)
    world.see(world.start(), "e1")
    assert world.state() == "pending"


def test_retry_rejected_takes_an_unchanged_refusal_up_again(world):
    world.reach(State.REJECTED)
    world.see(world.start(), "e1", retry_rejected=True)
    assert world.state() == "pending"


def test_an_accepted_record_that_servicetitan_is_not_told_about_is_confirmed_at_once(world):
    world.reach(State.CONFLICT)
    world.run_sql("UPDATE document SET part = 'cogs' WHERE source_id = 'e1'")
    actions.accept(world.ledger, conflict_row(world), "88", form(), PERSON, "as agreed")
    assert world.state() == "confirmed", "else its document waits for it for ever"
