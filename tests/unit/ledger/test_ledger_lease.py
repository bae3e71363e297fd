"""One worker per tenant: the lease, its fence, and what a worker that lost it may still do."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ledger_world import TENANT, entry
from sqlalchemy import text

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.errors import LeaseHeld, LeaseLost
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.lease import Lease
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.ledger.moves import Actor
from servicetitan_netsuite.ledger.seen import Seeing
from servicetitan_netsuite.ledger.writer import Writer


def lease(ledger, holder="first", lease_s=60.0, renew_s=15.0, tenant=TENANT) -> Lease:
    return Lease(ledger, tenant, holder, lease_s, renew_s)


def expire(ledger, tenant=TENANT) -> None:
    with ledger.writing() as connection:
        past = text("UPDATE lease SET expires_at = utc_after(-1) WHERE tenant_id = :tenant")
        connection.execute(past, {"tenant": tenant})


def row(ledger):
    return ledger.rows("lease/read_lease", tenant_id=TENANT)[0]


def test_the_fence_grows_with_every_holder(ledger):
    fences = []
    for holder in ("first", "second", "third"):
        with lease(ledger, holder) as held:
            fences.append(held.fence)
            assert row(ledger).holder == holder
    assert fences == [1, 2, 3]


def test_a_second_worker_is_told_who_works_and_how_long_to_wait(ledger):
    with lease(ledger, "the night run", lease_s=30.0):
        with pytest.raises(LeaseHeld, match="the night run") as refused, lease(ledger, "me"):
            pytest.fail("both would work")
        assert 20 < refused.value.wait_s <= 30.2
        assert row(ledger).holder == "the night run"
    with lease(ledger, "me") as held:
        assert held.fence == 2


def test_another_tenant_is_another_lease(ledger):
    with lease(ledger), lease(ledger, tenant="2002") as other:
        assert other.fence == 1


def test_a_lease_given_back_is_free_at_once_even_after_a_failure(ledger):
    with pytest.raises(ZeroDivisionError), lease(ledger):
        raise ZeroDivisionError
    with lease(ledger, "second") as held:
        assert held.fence == 2


def test_a_worker_whose_lease_was_taken_over_does_not_give_back_the_new_holders(ledger):
    with lease(ledger, "first") as first:
        expire(ledger)
        second = lease(ledger, "second")
        second.__enter__()
    assert first.fence == 1
    assert row(ledger).left_s > 50
    second.__exit__(None, None, None)
    assert row(ledger).left_s <= 0


def test_a_held_lease_is_renewed_and_knows_how_long_it_still_has(ledger):
    with lease(ledger, lease_s=10.0, renew_s=0.02) as held:
        ends = {row(ledger).expires_at}
        until = time.monotonic() + 20
        while len(ends) < 4 and time.monotonic() < until:
            ends.add(row(ledger).expires_at)
        assert len(ends) >= 4
        assert 0 < held.left_s() <= 10
        with pytest.raises(LeaseHeld):
            lease(ledger, "second").__enter__()
        with ledger.writing() as connection:
            held.check(connection)


def test_a_lease_that_was_taken_over_is_known_to_be_lost(ledger):
    with lease(ledger, lease_s=60, renew_s=0.02) as held:
        with ledger.writing() as connection:  # at once, or a renewal comes between
            connection.execute(text("UPDATE lease SET fence = fence + 1, holder = 'second'"))
        held._renewal.join(20)
        assert held.left_s() <= 0
    assert row(ledger).holder == "second"
    assert row(ledger).left_s > 0


def test_a_lease_that_expired_but_was_not_taken_is_renewed(ledger):
    with lease(ledger, lease_s=60, renew_s=0.02) as held:
        expire(ledger)
        until = time.monotonic() + 5
        while row(ledger).left_s <= 0 and time.monotonic() < until:
            pass
        assert row(ledger).left_s > 0
        with ledger.writing() as connection:
            held.check(connection)


def test_every_write_of_a_worker_that_lost_its_lease_is_refused_however_many_are_queued(world):
    of = world.reach(State.SENDING)
    document, attempt = world.document().id, world.attempts()[0].id
    seeing = Seeing(of, False, None)
    first = lease(world.ledger, "first").__enter__()
    expire(world.ledger)
    with lease(world.ledger, "second") as second:
        before = world.dump()
        with Writer(world.ledger, first) as writer:
            late = [
                lambda c: sending.note_answer(c, attempt, sending.Answer("posted")),
                lambda c: sending.posted(c, of, document, State.SENDING, "77", 1, {}),
                lambda c: sending.not_sent(c, of, document),
                seeing.record([entry("e2")]),
                lambda c: sending.orphans_to_uncertain(c, TENANT, 9, 0, Actor(run_id=of.id)),
            ]
            with world.ledger.writing():  # the writer must queue them into one group
                futures = [writer.submit(work) for work in late]
            for future in futures:
                with pytest.raises(LeaseLost):
                    future.result(10)
        assert world.dump() == before
        with Writer(world.ledger, second) as writer:
            writer.do(lambda c: sending.not_sent(c, of, document))
    assert world.state() == "ready"
    first.__exit__(None, None, None)


def test_of_many_who_ask_at_once_exactly_one_works(ledger_url):
    start = threading.Barrier(6)

    def ask(number: int) -> int | None:
        with Ledger(ledger_url) as own:
            start.wait()
            try:
                return lease(own, f"worker {number}").__enter__().fence
            except LeaseHeld:
                return None

    for turn in (1, 2):
        with ThreadPoolExecutor(6) as pool:
            fences = list(pool.map(ask, range(6)))
        assert [fence for fence in fences if fence] == [turn]
        with Ledger(ledger_url) as own:
            expire(own)


def test_a_take_over_waits_for_the_commit_of_a_write_that_has_checked_its_fence(world):
    of = world.reach(State.SENDING)
    first = lease(world.ledger, "first").__enter__()
    expire(world.ledger)
    taken, asked = threading.Event(), threading.Event()

    def take_over() -> str:
        asked.set()
        with lease(world.ledger, "second"):
            taken.set()
            return world.state()

    with ThreadPoolExecutor(1) as pool:
        with world.ledger.writing() as connection:
            first.check(connection)
            later = pool.submit(take_over)
            asked.wait(5)
            assert not taken.wait(0.2)
            sending.not_sent(connection, of, world.document().id)
        assert later.result(10) == "ready"
    first.__exit__(None, None, None)


def test_giving_a_lease_back_to_a_ledger_that_is_gone_does_not_hide_what_happened(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrate(url)
    own = Ledger(url)

    def work_while_it_goes() -> None:
        with lease(own):
            with own.writing() as connection:
                connection.exec_driver_sql("DROP TABLE lease")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work_while_it_goes()
    own.close()
