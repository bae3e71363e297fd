"""What the database itself refuses, whatever code or person asks for it."""

from __future__ import annotations

import pytest
from ledger_world import PATH, PERSON, TENANT, World, entry
from sqlalchemy.exc import DBAPIError

from servicetitan_netsuite.documents import MappingRow, State
from servicetitan_netsuite.ledger import mappings, sending
from servicetitan_netsuite.ledger.moves import Actor, StateChanged, move
from servicetitan_netsuite.ledger.sending import Answer

LISTED = {
    ("pending", "ready"),
    ("pending", "blocked"),
    ("pending", "skipped"),
    ("pending", "withdrawn"),
    ("ready", "sending"),
    ("ready", "pending"),
    ("ready", "blocked"),
    ("ready", "withdrawn"),
    ("ready", "posted"),
    ("ready", "conflict"),
    ("blocked", "pending"),
    ("blocked", "withdrawn"),
    ("skipped", "pending"),
    ("skipped", "withdrawn"),
    ("withdrawn", "pending"),
    ("rejected", "pending"),
    ("rejected", "withdrawn"),
    ("sending", "ready"),
    ("sending", "posted"),
    ("sending", "rejected"),
    ("sending", "uncertain"),
    ("uncertain", "posted"),
    ("uncertain", "ready"),
    ("uncertain", "conflict"),
    ("posted", "confirmed"),
    ("posted", "conflict"),
    ("posted", "pending"),
    ("confirmed", "pending"),
    ("confirmed", "conflict"),
    ("conflict", "posted"),
    ("conflict", "pending"),
    ("conflict", "ready"),
}


def refused(world: World, statement: str, match: str | None = None, **params) -> None:
    before = world.dump()
    with pytest.raises(DBAPIError, match=match):
        world.run_sql(statement, **params)
    assert world.dump() == before


def test_the_ledger_lists_exactly_the_transitions_of_the_table(world):
    rows = world.sql("SELECT from_state, to_state FROM transition")
    assert {(row.from_state, row.to_state) for row in rows} == LISTED
    names = {row.name for row in world.sql("SELECT name FROM state")}
    assert names == {state.value for state in State}


@pytest.mark.parametrize("state", list(State))
def test_a_state_that_may_not_follow_is_refused_even_by_plain_sql(world, state):
    world.reach(state)
    for other in State:
        if other != state and (state, other) not in LISTED:
            refused(
                world,
                "UPDATE document SET state = :other, netsuite_id = '1', verified_at = 'now', "
                "check_after = 'then', cause = 'c', sentence = 's', advice = 'a'",
                match="not listed",
                other=other.value,
            )


@pytest.mark.parametrize("state", list(State))
def test_a_move_from_a_state_the_document_has_left_changes_nothing(world, state):
    of = world.reach(state)
    before = world.dump()
    elsewhere = State.POSTED if state != State.POSTED else State.CONFIRMED
    with pytest.raises(StateChanged, match=f"no longer {elsewhere}"):
        world.write(move, world.document().id, elsewhere, State.PENDING, Actor(run_id=of.id))
    assert world.dump() == before


def test_a_state_nobody_knows_is_refused(world):
    world.reach(State.PENDING)
    refused(world, "UPDATE document SET state = 'lost'")


@pytest.mark.parametrize(
    ("state", "column"),
    [
        (State.POSTED, "netsuite_id"),
        (State.CONFIRMED, "netsuite_id"),
        (State.CONFIRMED, "verified_at"),
        (State.UNCERTAIN, "check_after"),
        *(
            (state, column)
            for state in (
                State.BLOCKED,
                State.SKIPPED,
                State.REJECTED,
                State.UNCERTAIN,
                State.CONFLICT,
            )
            for column in ("cause", "sentence", "advice")
        ),
    ],
)
def test_a_state_without_what_proves_or_explains_it_is_refused(world, state, column):
    world.reach(state)
    refused(world, f"UPDATE document SET {column} = NULL")


def test_a_document_cannot_be_posted_without_its_netsuite_id(world):
    of = world.reach(State.SENDING)
    with pytest.raises(DBAPIError):
        world.write(move, world.document().id, "sending", State.POSTED, Actor(run_id=of.id))
    assert world.state() == "sending"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attempt SET body = '{}'",
        "DELETE FROM attempt",
        "UPDATE attempt_result SET outcome = 'posted'",
        "DELETE FROM attempt_result",
        "UPDATE document_event SET person = 'somebody else'",
        "DELETE FROM document_event",
        "UPDATE mapping_event SET person = 'somebody else'",
        "DELETE FROM mapping_event",
    ],
)
def test_what_was_written_for_ever_is_never_changed(world, statement):
    of = world.reach(State.SENDING)
    world.write(sending.note_answer, world.attempts()[0].id, Answer("unknown"))
    mappings.save(world.ledger, TENANT, [MappingRow("gl_account", "1", "Cash", "9")], PERSON)
    assert of
    refused(world, statement, match="append-only")


def test_a_document_is_never_deleted(world):
    world.reach(State.WITHDRAWN)
    refused(world, "DELETE FROM document")


def test_on_postgresql_not_even_truncate_forgets(world):
    if world.ledger.dialect == "sqlite":
        return  # it has no such statement
    world.reach(State.SENDING)
    for table in ("document", "attempt", "attempt_result", "document_event", "mapping_event"):
        refused(world, f"TRUNCATE {table} CASCADE", match="append-only")


def test_an_attempt_is_answered_once(world):
    world.reach(State.SENDING)
    attempt = world.attempts()[0].id
    world.write(sending.note_answer, attempt, Answer("not_sent"))
    before = world.dump()
    with pytest.raises(DBAPIError):
        world.write(sending.note_answer, attempt, Answer("posted"))
    assert world.dump() == before


def test_one_external_id_belongs_to_one_document(world):
    world.reach(State.PENDING, "e1")
    world.reach(State.PENDING, "e2")
    name = world.document("e1").external_id
    refused(world, "UPDATE document SET external_id = :name WHERE source_id = 'e2'", name=name)


def test_one_source_document_has_one_row(world):
    world.reach(State.PENDING)
    columns = "tenant_id, document_type, source_id, part, number, amount_cents, state, state_since"
    refused(
        world,
        f"INSERT INTO document ({columns}, version, seen_version, first_seen_at, external_id) "
        f"SELECT {columns}, version, seen_version, first_seen_at, 'another' FROM document",
    )


def test_an_event_needs_somebody_and_starts_with_pending(world):
    of = world.reach(State.PENDING)
    event = (
        "INSERT INTO document_event (document_id, from_state, to_state, version, run_id, "
        "happened_at) VALUES (:id, :before, :after, 1, :run, 'now')"
    )
    where = {"id": world.document().id, "run": of.id}
    refused(world, event, before=None, after="posted", **where)
    refused(world, event, before="pending", after="posted", **where)
    refused(world, event, before="pending", after="ready", **{**where, "run": None})


def test_a_document_cannot_wait_for_itself(world):
    world.reach(State.PENDING)
    refused(world, "INSERT INTO dependency SELECT id, id FROM document")


def test_reading_refuses_every_write(world):
    world.reach(State.PENDING)
    before = world.dump()
    with pytest.raises(DBAPIError), world.ledger.reading() as connection:
        connection.exec_driver_sql("UPDATE document SET number = 'x'")
    assert world.dump() == before
    world.see(world.start(), entry("e2"))
    assert world.state("e2") == "pending"


def test_reading_shows_one_moment(world):
    with world.ledger.reading() as connection:
        count = "SELECT COUNT(*) FROM run"
        before = connection.exec_driver_sql(count).scalar()
        world.start()
        assert connection.exec_driver_sql(count).scalar() == before


def test_a_write_that_fails_leaves_nothing_half_done(world):
    of = world.reach(State.READY)
    row = world.ready(of)[0]
    before = world.dump()

    def begin_and_break(connection):
        sending.begin(connection, of, 1, row, PATH, {}, {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.write(begin_and_break)
    assert world.dump() == before
