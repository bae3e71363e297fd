"""Send what is ready: intents are committed ahead, so that a slot is held only while HTTP is."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from servicetitan_netsuite.documents import (
    Cause,
    DocumentType,
    Json,
    Operation,
    Problem,
    State,
)
from servicetitan_netsuite.errors import Blocked, ConfigurationError
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.engine import run as query
from servicetitan_netsuite.ledger.moves import StateChanged
from servicetitan_netsuite.ledger.sending import Answer, Intent
from servicetitan_netsuite.netsuite import references, update
from servicetitan_netsuite.netsuite.client import Exchange
from servicetitan_netsuite.netsuite.outcome import Outcome, OutcomeKind, outcome
from servicetitan_netsuite.steps.posting.changes import prepare_application, prepare_update
from servicetitan_netsuite.steps.posting.desk import Desk
from servicetitan_netsuite.steps.posting.gate import Gate
from servicetitan_netsuite.steps.posting.links import link
from servicetitan_netsuite.steps.posting.orders import Orders

_LEAST_AHEAD = 8


class Sender:
    """Posts one run's ready documents, at most `share` at a time, parents before children."""

    def __init__(self, desk: Desk, share: int) -> None:
        self._desk = desk
        self._share = share
        self._gate = Gate(desk, share)
        self._orders = Orders(desk)
        # Intents are committed some way ahead, in groups, so that no slot waits for a commit.
        self._ahead = 2 * share + _LEAST_AHEAD
        self._intents: asyncio.Queue[Intent] = asyncio.Queue(maxsize=self._ahead)
        self._open = 0  # intents committed whose outcome is not yet in the ledger
        self._settled = asyncio.Event()
        self._answers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until nothing of this run is ready any more, or until told to stop."""
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._work()) for _ in range(self._share)]
            try:
                await self._feed()
                await self._finish()
            finally:
                for worker in workers:
                    worker.cancel()

    async def _feed(self) -> None:
        while not self._desk.stop.is_set():
            self._settled.clear()
            rows = await self._desk.read(sending.ready, self._desk.work.run, self._ahead)
            free = self._orders.take(rows)
            if free:
                await asyncio.gather(*(self._intend(row) for row in free))
            elif self._open == 0:
                return
            else:
                # What is under way may release children, or come back as ready.
                await self._settled.wait()

    async def _finish(self) -> None:
        while self._open:
            self._settled.clear()
            if self._open:
                await self._settled.wait()

    async def _intend(self, row: Any) -> None:
        """Commit to one document and queue it; a change first looks at what NetSuite holds."""
        desk = self._desk
        if desk.stop.is_set():
            return
        try:
            planned = await self._planned(row)
            if planned is None:
                self._orders.release(row.id)
                return
            intent = await desk.write(sending.begin, desk.work.run, desk.fence, row, *planned)
        except StateChanged:
            self._orders.release(row.id)
            return
        except Exception as error:  # others' answers are still awaited
            desk.halt(error)
            return
        self._open += 1
        await self._intents.put(intent)

    async def _planned(self, row: Any) -> tuple[str, Json, Json, str | None] | None:
        """What is sent for one document, as `_prepared` tells; None if it is blocked instead."""
        desk = self._desk
        try:
            path, body, form = await self._resolved(row)
            try:
                body, form = await self._orders.complete(row, path, body, form)
            except Blocked:
                if await self._there_already(row, path, body, form):
                    return None
                raise
        except Blocked as error:
            problem = Problem(Cause(error.cause), error.sentence, error.advice)
            await desk.write(sending.blocked, desk.work.run, row.id, problem)
            return None
        return await self._prepared(row, path, body, form)

    async def _there_already(self, row: Any, path: str, body: Json, form: Json) -> bool:
        """Whether NetSuite holds the document itself, which then took what its order lacks now.

        So it is where a backup of the ledger was restored. Nothing is sent: it is compared, as if
        NetSuite had answered that the name is taken.
        """
        desk = self._desk
        kind = DocumentType(row.document_type)
        if row.operation == Operation.UPDATE or not await desk.look_up(kind, [row.external_id]):
            return False
        body, form = await self._orders.complete(row, path, body, form, unused=True)
        begun = (desk.work.run, desk.fence, row, path, body, form)
        intent = await desk.write(sending.begin, *begun)
        answer = Answer(OutcomeKind.EXISTS, detail="Not sent: NetSuite holds a record of its name.")
        await desk.write(_record, desk, intent, answer, OutcomeKind.EXISTS, None)
        desk.changed.set()
        return True

    async def _prepared(
        self, row: Any, path: str, body: Json, form: Json
    ) -> tuple[str, Json, Json, str | None] | None:
        """Path, body, form and the id of the record that is changed; None if nothing is sent."""
        if update.changes(path):
            applied = await prepare_application(self._desk, row, path, form)
            return (path, body, applied, update.record_id(path)) if applied else None
        if row.operation != Operation.UPDATE:
            return path, body, form, None
        if not await prepare_update(self._desk, row, body, form):
            return None
        if row.document_type == DocumentType.PURCHASE_ORDER:
            return f"{row.path}/{row.netsuite_id}", body, form, row.netsuite_id
        return update.path(row.netsuite_id), update.update_body(body), form, row.netsuite_id

    async def _resolved(self, row: Any) -> tuple[str, Json, Json]:
        """Path, body and canonical form with every parent named by NetSuite's own id.

        Raises:
            Blocked: one of them is not in NetSuite.
        """
        body, form = json.loads(row.body), json.loads(row.canonical)
        waits = {*references.waits_for(body, row.path), *references.named_in(form)}
        if not waits:
            return row.path, body, form
        params = {"external_ids": sorted(waits)}
        found = await self._desk.read(query, "documents/read_netsuite_ids", params)
        links = {r.external_id: r.netsuite_id for r in found}
        if missing := sorted(waits - links.keys()):
            raise _not_there(missing)
        return (
            references.resolve_path(row.path, links),
            references.resolve(body, links),
            references.resolve_form(form, links),
        )

    async def _work(self) -> None:
        while True:
            intent = await self._intents.get()
            await self._gate.passed()
            async with self._desk.slots:
                self._desk.check_lease()
                exchange, shut = None, False
                if not self._desk.stop.is_set():
                    exchange = await self._send(intent)
                    meaning = outcome(exchange, intent.operation)
                    throttled = exchange.status == HTTPStatus.TOO_MANY_REQUESTS
                    if throttled or (meaning.wait_s and exchange.status):
                        self._desk.slots.throttled(meaning.wait_s)
                    shut = self._gate.note(meaning.kind, throttled=throttled)
            # The slot is free again; the ledger and the gate need not hold it.
            task = asyncio.create_task(self._settle(intent, exchange, shut=shut))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _send(self, intent: Intent) -> Exchange:
        send = self._desk.netsuite.send
        if intent.operation is Operation.UPDATE:
            params = update.params(intent.path)
            return await send("PATCH", intent.path, body=intent.body, params=params)
        return await send("POST", intent.path, body=intent.body)

    async def _settle(self, intent: Intent, exchange: Exchange | None, *, shut: bool) -> None:
        """Write down what became of one intent; a failure here stops the step, never a document."""
        desk = self._desk
        try:
            if exchange is None:
                answer = Answer("not_sent", detail="Sending had stopped before it was its turn.")
                await desk.write(_record, desk, intent, answer, OutcomeKind.NOT_SENT, None)
            else:
                meaning = outcome(exchange, intent.operation)
                answer = _answer(exchange, meaning)
                await desk.write(_record, desk, intent, answer, meaning.kind, meaning)
                desk.counts[meaning.kind] += 1
                self._stop_if_refused(meaning)
                if shut:
                    await self._gate.ask()
        except Exception as error:
            desk.halt(error)
        finally:
            self._orders.release(intent.document_id)
            self._open -= 1
            self._settled.set()
            desk.changed.set()

    def _stop_if_refused(self, meaning: Outcome) -> None:
        if meaning.kind is OutcomeKind.STOP:
            self._desk.halt(
                ConfigurationError(
                    f"NetSuite refuses this connection ({meaning.detail}). Sending stopped; "
                    "what was not sent stays ready. Check the role's permissions and the login."
                )
            )


def _record(
    connection: Any,
    desk: Desk,
    intent: Intent,
    answer: Answer,
    kind: OutcomeKind,
    meaning: Outcome | None,
) -> None:
    """The outcome of one attempt, in the ledger's transaction."""
    run = desk.work.run
    sending.note_answer(connection, intent.attempt_id, answer)
    if kind is OutcomeKind.POSTED:
        netsuite_id = (meaning and meaning.netsuite_id) or intent.netsuite_id
        assert netsuite_id, "a create that is posted names its record"
        sending.posted(
            connection,
            run,
            intent.document_id,
            State.SENDING,
            netsuite_id,
            intent.version,
            intent.canonical,
        )
        link(connection, run, intent, netsuite_id)
    elif kind is OutcomeKind.REJECTED:
        assert meaning, "NetSuite's words come with its refusal"
        sending.rejected(connection, run, intent.document_id, _refused(meaning))
    elif kind in (OutcomeKind.NOT_SENT, OutcomeKind.STOP):
        sending.not_sent(connection, run, intent.document_id)
    else:
        sending.unknown(connection, run, intent, desk.netsuite.times.settle_s)


def _not_there(names: Sequence[str]) -> Blocked:
    return Blocked(
        Cause.PARENT_BLOCKED,
        f"It names {', '.join(names)}, which is not in NetSuite.",
        "Nothing to do where that is posted by now: the next run takes this document up.",
    )


def _refused(meaning: Outcome) -> Problem:
    return Problem(
        Cause.REFUSED_BY_NETSUITE,
        f"NetSuite refused it: {meaning.detail}",
        "Correct what NetSuite names, then reset the document.",
        key=meaning.error_code or "",
        key_name=meaning.detail[:200],
    )


def _answer(exchange: Exchange, meaning: Outcome) -> Answer:
    hashed = hashlib.sha256(exchange.text.encode()).hexdigest() if exchange.text else None
    return Answer(
        outcome=meaning.kind,
        http_status=exchange.status,
        error_code=meaning.error_code,
        detail=meaning.detail or None,
        operation_id=meaning.operation_id,
        response_hash=hashed,
    )
