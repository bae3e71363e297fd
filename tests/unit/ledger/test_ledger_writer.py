"""The writer thread: groups, order, bad changes, cancellation and closing."""

from __future__ import annotations

import asyncio
import queue
import threading
from concurrent.futures import Future, wait

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.writer import Writer

INSERT = text("INSERT INTO content (hash, body) VALUES (:hash, :body)")


def put(key: object):
    def change(connection):
        connection.execute(INSERT, {"hash": str(key), "body": ""})
        return key

    return change


def stored(ledger: Ledger) -> list[str]:
    with ledger.reading() as connection:
        return [row.hash for row in connection.execute(text("SELECT hash FROM content"))]


class NeverTimed(queue.SimpleQueue):
    """CPython's may wait for ever where the time it is given is over as it begins to wait."""

    def get(self, block=True, timeout=None):
        assert timeout is None, "a timed wait"
        return super().get(block)


def test_the_writer_never_waits_in_a_way_that_may_not_end(ledger, monkeypatch):
    monkeypatch.setattr("servicetitan_netsuite.ledger.writer.queue.SimpleQueue", NeverTimed)
    with Writer(ledger) as writer:
        answers = [writer.submit(put(key)) for key in range(600)]
        assert [one.result(timeout=10) for one in answers] == list(range(600))


class Held:
    """A writer kept busy, so that what is submitted meanwhile becomes one group."""

    def __init__(self, writer: Writer) -> None:
        self._go = threading.Event()
        self._busy = threading.Event()
        self._writer = writer

    def __enter__(self) -> None:
        def block(_: object) -> None:
            self._busy.set()
            self._go.wait(10)

        self._writer.submit(block)
        self._busy.wait(10)

    def __exit__(self, *_: object) -> None:
        self._go.set()


def commits(ledger: Ledger) -> list[int]:
    seen: list[int] = []
    event.listen(ledger.engine, "commit", lambda _: seen.append(1))
    return seen


def test_a_future_is_done_only_when_its_change_is_committed(ledger, ledger_url):
    with Writer(ledger) as writer, Ledger(ledger_url) as other:
        assert writer.do(put("a")) == "a"
        assert stored(other) == ["a"]


def test_changes_that_wait_share_one_commit_in_the_order_given(ledger):
    applied: list[int] = []

    def noted(number: int):
        def change(connection):
            applied.append(number)
            return put(number)(connection)

        return change

    with Writer(ledger) as writer:
        with Held(writer):
            counted = commits(ledger)
            futures = [writer.submit(noted(n)) for n in range(200)]
        assert [future.result(10) for future in futures] == list(range(200))
    assert applied == list(range(200))
    assert len(counted) <= 3
    assert len(stored(ledger)) == 200


def test_one_bad_change_takes_no_other_with_it(ledger):
    with Writer(ledger) as writer:
        with Held(writer):
            futures = {n: writer.submit(put(n)) for n in range(5)}
            twice = writer.submit(put(2))
            broken = writer.submit(lambda _: 1 / 0)
            last = writer.submit(put("last"))
        assert [future.result(10) for future in futures.values()] == list(range(5))
        with pytest.raises(IntegrityError):
            twice.result(10)
        with pytest.raises(ZeroDivisionError):
            broken.result(10)
        assert last.result(10) == "last"
    assert sorted(stored(ledger)) == ["0", "1", "2", "3", "4", "last"]


def test_a_change_that_fails_half_way_leaves_nothing(ledger):
    def half(connection):
        put("half")(connection)
        raise ZeroDivisionError

    with Writer(ledger) as writer, pytest.raises(ZeroDivisionError):
        writer.do(half)
    assert stored(ledger) == []


def test_a_ledger_that_is_away_fails_a_whole_group_at_once(ledger):
    tried: list[int] = []

    def away(_: object) -> None:
        tried.append(1)
        raise OperationalError("SELECT 1", {}, Exception("the ledger is away"))

    with Writer(ledger) as writer:
        with Held(writer):
            futures = [writer.submit(away) for _ in range(50)]
        for future in futures:
            with pytest.raises(OperationalError):
                future.result(10)
        assert len(tried) == 1
        assert writer.do(put("after")) == "after"


def test_closing_applies_what_is_queued(ledger):
    writer = Writer(ledger)
    with writer, Held(writer):
        futures = [writer.submit(put(n)) for n in range(600)]
    assert all(future.done() for future in futures)
    assert len(stored(ledger)) == 600


def test_a_closed_writer_answers_that_it_is_closed(ledger):
    writer = Writer(ledger)
    with writer:
        pass
    late = writer.submit(put("late"))
    with pytest.raises(RuntimeError, match="closed"):
        late.result(1)
    assert stored(ledger) == []


def test_everything_submitted_while_the_writer_closes_is_answered(ledger):
    futures: list[Future[object]] = []
    stop = threading.Event()

    def pour() -> None:
        number = 0
        while not stop.is_set() and number < 20000:
            futures.append(writer.submit(put(number)))
            number += 1

    thread = threading.Thread(target=pour)
    writer = Writer(ledger)
    with writer:
        thread.start()
        writer.do(lambda _: None)
    stop.set()
    thread.join()
    assert not wait(futures, 10).not_done
    applied = sum(1 for future in futures if future.exception() is None)
    assert len(stored(ledger)) == applied


def test_a_cancelled_waiter_neither_stops_the_writer_nor_loses_the_change(ledger):
    async def cancelled(writer: Writer) -> str:
        with Held(writer):
            waiting = asyncio.create_task(writer.done(put("kept")))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        return await asyncio.wait_for(writer.done(put("next")), 10)

    with Writer(ledger) as writer:
        assert asyncio.run(cancelled(writer)) == "next"
    assert sorted(stored(ledger)) == ["kept", "next"]


def test_the_event_loop_goes_on_while_the_ledger_is_busy(ledger):
    async def both(writer: Writer) -> list[str]:
        order: list[str] = []
        with Held(writer):
            task = asyncio.create_task(writer.done(put("a")))
            for _ in range(5):
                await asyncio.sleep(0)
                order.append("loop")
            assert not task.done()
        order.append(await task)
        return order

    with Writer(ledger) as writer:
        assert asyncio.run(both(writer)) == ["loop"] * 5 + ["a"]
