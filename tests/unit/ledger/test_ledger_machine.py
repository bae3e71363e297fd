"""The ledger under any order of events: crashes, lost and late answers, edits and people.

NetSuite and ServiceTitan are dictionaries here, and they alone are believed: whatever happens,
no document has two live records, and what the ledger says of a document is so.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ledger_outside import Entry, NetSuite, Record
from ledger_world import (
    DIFFERS,
    PERSON,
    REFUSED,
    TENANT,
    UNMAPPED,
    ZERO,
    World,
    entry,
    form,
)
from sqlalchemy import event

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.ledger import actions, sending
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.sending import Intent

SOURCES = ("a", "b", "c")
STOPPED = ("rejected", "conflict")
source = st.sampled_from(SOURCES)


class LedgerMachine(RuleBasedStateMachine):
    """Three documents, one worker at a time, and everything that may go wrong between them."""

    template: Path

    @initialize()
    def begin_with_nothing(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="ledger-machine-")
        path = Path(self.folder.name) / "ledger.db"
        shutil.copy(self.template, path)
        self.ledger = Ledger(f"sqlite:///{path}")
        event.listen(
            self.ledger.engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF")
        )
        self.world = World(self.ledger)
        self.entries: dict[str, Entry] = {}
        self.netsuite = NetSuite()
        self.open: list[Intent] = []
        self.run = self.world.start()

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            self.folder.cleanup()

    # --- ServiceTitan ---------------------------------------------------------------------

    @rule(name=source)
    def start_syncing(self, name: str) -> None:
        self.entries.setdefault(name, Entry()).status = "InProgress"

    @rule(name=source)
    def edit(self, name: str) -> None:
        if name in self.entries:
            self.entries[name].version += 1
            self.entries[name].status = "InProgress"

    @rule(name=source)
    def exclude(self, name: str) -> None:
        if name in self.entries:
            self.entries[name].status = "Excluded"

    # --- one run ---------------------------------------------------------------------------

    @precondition(lambda self: not self.open)
    @rule(retry=st.booleans())
    def extract(self, retry: bool) -> None:
        self.run = self.world.start()
        for row in self.world.due():
            if row.report == "in_progress":
                self.entries[row.source_id].status = "InProgress"
                self.world.write(sending.reported, self.run, row, "in_progress")
        listed = [
            entry(name, found.version)
            for name, found in self.entries.items()
            if found.status == "InProgress"
        ]
        self.world.see(self.run, *listed, retry_rejected=retry)
        self._withdraw_missing()

    def _withdraw_missing(self) -> None:
        for name in self.world.withdraw_missing(self.run):
            assert not self._live(name), f"{name} is withdrawn, yet NetSuite holds it"

    @rule(name=source, state=st.sampled_from([State.READY] * 4 + [State.BLOCKED, State.SKIPPED]))
    def validate(self, name: str, state: State) -> None:
        page = self._page(name)
        if page and page.verdict in ("seen", "ready", "blocked", "skipped"):
            problems = {State.BLOCKED: (UNMAPPED,), State.SKIPPED: (ZERO,)}.get(state, ())
            self.world.judge(self.run, name, state, *problems)

    @rule(name=source)
    def send(self, name: str) -> None:
        row = next((r for r in self.world.ready(self.run) if r.source_id == name), None)
        if row is None:
            return
        if row.operation == "update" and not self._may_update(row):
            return
        self.open.append(self.world.send(self.run, name))

    def _may_update(self, row) -> bool:
        record = self.netsuite.by_id(row.netsuite_id)
        new = form(row.seen_version)
        last = self.world.document(row.source_id).posted_canonical
        if record and record.held == new:
            self.world.write(
                sending.posted,
                self.run,
                row.id,
                State.READY,
                row.netsuite_id,
                row.seen_version,
                new,
            )
        elif record is None or last != sending.canonical(record.held):
            self.world.write(sending.conflict, self.run, row.id, State.READY, DIFFERS)
        else:
            return True
        return False

    def _next(self, pick: int) -> Intent:
        return self.open.pop(pick % len(self.open))

    @precondition(lambda self: self.open)
    @rule(pick=st.integers(0, 5), heard=st.booleans())
    def netsuite_takes_it(self, pick: int, heard: bool) -> None:
        """It lands, and the answer arrives or is lost."""
        intent = self._next(pick)
        record = self.netsuite.take(intent)
        if record and heard:
            self.world.answer(intent, "posted")
            self.world.post(self.run, intent, record.id)
        else:
            self.world.answer(intent, "unknown" if record else "exists")
            self.world.doubt(self.run, intent)

    @precondition(lambda self: self.open)
    @rule(pick=st.integers(0, 5))
    def no_answer_and_it_may_land_later(self, pick: int) -> None:
        intent = self._next(pick)
        self.netsuite.late.append(intent)
        self.world.answer(intent, "unknown")
        self.world.doubt(self.run, intent)

    @precondition(lambda self: self.open)
    @rule(pick=st.integers(0, 5), refused=st.booleans())
    def it_is_certainly_not_taken(self, pick: int, refused: bool) -> None:
        intent = self._next(pick)
        if refused:
            self.world.answer(intent, "rejected")
            self.world.write(sending.rejected, self.run, intent.document_id, REFUSED)
        else:
            self.world.answer(intent, "not_sent")
            self.world.write(sending.not_sent, self.run, intent.document_id)

    @rule(sent=st.integers(0, 7))
    def crash(self, sent: int) -> None:
        """The worker dies: of what it had begun some was sent, some never."""
        for number, intent in enumerate(self.open):
            if sent >> number & 1:
                self.netsuite.late.append(intent)
        orphans = len(self.open)
        self.open.clear()
        assert self.world.take_over(self.run) == orphans

    @rule(landed=st.integers(0, 7))
    def settle(self, landed: int) -> None:
        """What was under way has landed by now, or never will."""
        for number, intent in enumerate(self.netsuite.late):
            if landed >> number & 1:
                self.netsuite.take(intent)
        self.netsuite.late.clear()

    # --- afterwards ------------------------------------------------------------------------

    @rule()
    def look_up(self) -> None:
        for row in self.world.write(sending.uncertain, TENANT, 0, 10):
            assert row.settled
            update = row.operation == "update"
            record = (
                self.netsuite.by_id(row.netsuite_id)
                if update
                else self.netsuite.by_name(row.external_id)
            )
            if record is None and not update:
                self._not_there(row)
            else:
                self._compare(row, record)

    def _compare(self, row, record: Record | None) -> None:
        attempts = self.world.write(sending.attempts_of, row.id)
        for attempt in attempts:
            fits = record and attempt.canonical == sending.canonical(record.held)
            if fits and attempt.operation == row.operation:
                held = (record.id, attempt.version, record.held)
                self.world.write(sending.posted, self.run, row.id, State.UNCERTAIN, *held)
                return
        if record and row.posted_canonical == sending.canonical(record.held):
            self._not_there(row)
            return
        found = record.id if record else None
        self.world.write(sending.conflict, self.run, row.id, State.UNCERTAIN, DIFFERS, found)

    def _not_there(self, row) -> None:
        if all(intent.document_id != row.id for intent in self.netsuite.late):
            self.world.write(sending.absent, self.run, row.id)

    @rule()
    def verify(self) -> None:
        for row in self.world.write(sending.unverified, TENANT, 0, 10):
            record = self.netsuite.by_id(row.netsuite_id)
            if record and row.posted_canonical == sending.canonical(record.held):
                self.world.write(sending.verified, self.run, row, "J-1")
            else:
                self.world.write(sending.conflict, self.run, row.id, State.POSTED, DIFFERS)

    @rule(lost=st.booleans())
    def report(self, lost: bool) -> None:
        for row in self.world.due():
            seen = self.entries[row.source_id]
            taken = row.report
            if row.report == "synced" and row.posted_version != seen.version:
                taken = "moved_on"
            elif row.report == "synced":
                seen.status = "Synced"
            elif row.report == "error" and row.version == seen.version:
                seen.status = "Error"
            elif row.report == "in_progress":
                seen.status = "InProgress"
            if not lost:
                self.world.write(sending.reported, self.run, row, taken)

    # --- people ----------------------------------------------------------------------------

    @rule(pick=st.integers(0, 5), delete=st.booleans())
    def somebody_changes_netsuite(self, pick: int, delete: bool) -> None:
        live = [record for record in self.netsuite.records if record.live]
        if not live:
            return
        record = live[pick % len(live)]
        if delete:
            record.live = False
        else:
            record.held = {"type": "journal_entry", "content": "by hand"}

    @precondition(lambda self: self._stopped())
    @rule(pick=st.integers(0, 5))
    def reset(self, pick: int) -> None:
        row = self._stopped()[pick % len(self._stopped())]
        actions.reset(self.ledger, TENANT, [row.source_id], PERSON)

    @precondition(lambda self: self._stopped("conflict"))
    @rule(pick=st.integers(0, 5), keep=st.booleans())
    def decide(self, pick: int, keep: bool) -> None:
        found = self._stopped("conflict")
        row = found[pick % len(found)]
        record = self.netsuite.by_name(row.external_id) or self.netsuite.by_id(row.netsuite_id)
        if record is None:
            if all(intent.document_id != row.id for intent in self.netsuite.late):
                actions.again(self.ledger, row, PERSON, "deleted")
            return
        deed = actions.accept if keep else actions.update
        deed(self.ledger, row, record.id, record.held, PERSON, "so it is")

    def _stopped(self, *states: str) -> list:
        rows = actions.find(self.ledger, TENANT, [])
        return [row for row in rows if row.state in (states or STOPPED)]

    # --- what always holds -----------------------------------------------------------------

    def _documents(self) -> list:
        return self.world.sql("SELECT * FROM document ORDER BY id")

    def _live(self, name: str) -> list[Record]:
        first = f"st-{TENANT}-journal_entry-{name}"
        names = {first, *(f"{first}-r{count}" for count in range(2, 100))}
        return [r for r in self.netsuite.records if r.live and r.external_id in names]

    def _page(self, name: str):
        found = self.world.sql(
            "SELECT * FROM run_document WHERE run_id = :run AND source_id = :name",
            run=self.run.id,
            name=name,
        )
        return found[0] if found else None

    @invariant()
    def no_document_has_two_live_records(self) -> None:
        for name in SOURCES:
            assert len(self._live(name)) <= 1

    @invariant()
    def a_state_is_what_its_last_event_says(self) -> None:
        last = self.world.sql(
            "SELECT d.state, e.to_state FROM document d JOIN document_event e ON e.id = "
            "(SELECT MAX(id) FROM document_event WHERE document_id = d.id)"
        )
        assert len(last) == len(self._documents())
        assert all(row.state == row.to_state for row in last)

    @invariant()
    def events_are_an_unbroken_chain(self) -> None:
        for name in {row.source_id for row in self._documents()}:
            steps = self.world.steps(name)
            assert steps[0] == (None, "pending")
            assert all(a[1] == b[0] for a, b in itertools.pairwise(steps))

    @invariant()
    def what_is_being_sent_has_an_attempt_for_every_time(self) -> None:
        for row in self._documents():
            times = self.world.steps(row.source_id).count(("ready", "sending"))
            assert len(self.world.attempts(row.source_id)) == times
        sending_now = {row.id for row in self._documents() if row.state == "sending"}
        assert sending_now == {intent.document_id for intent in self.open}

    @invariant()
    def what_counts_as_unsent_has_no_record(self) -> None:
        for row in self._documents():
            late = any(intent.document_id == row.id for intent in self.netsuite.late)
            unsent = row.state in ("pending", "ready", "blocked", "skipped", "withdrawn")
            if unsent and row.operation == "create" and not late:
                assert not self._live(row.source_id), f"{row.source_id} is {row.state}"

    @invariant()
    def what_is_confirmed_was_verified_in_netsuite(self) -> None:
        ids = {record.id for record in self.netsuite.records}
        for row in self._documents():
            if row.state in ("posted", "confirmed"):
                assert row.netsuite_id in ids
            if row.state == "confirmed":
                assert row.verified_at
                assert row.posted_canonical

    @invariant()
    def what_stands_still_says_why(self) -> None:
        for row in self._documents():
            if row.state in ("blocked", "skipped", "rejected", "uncertain", "conflict"):
                assert row.cause
                assert row.sentence

    @invariant()
    def a_run_shows_how_its_documents_stand(self) -> None:
        for row in self._documents():
            page = self._page(row.source_id)
            if page and page.outcome and row.seen_run == self.run.id:
                assert page.outcome == row.state or row.cause == "decided_by_person"


def test_whatever_happens_no_document_is_in_netsuite_twice_and_the_ledger_is_right(migrated_file):
    LedgerMachine.template = migrated_file
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
