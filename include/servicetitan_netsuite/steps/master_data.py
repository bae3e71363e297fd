"""Take NetSuite's flagged vendors and GL accounts to ServiceTitan: linked, created, changed.

A creation is noted before it is sent. One whose answer was lost is looked for, by the NetSuite id
it carries, its name or its number, and made again only when it is not there after settle time.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.errors import (
    Blocked,
    ConfigurationError,
    TransientError,
    UncertainOutcome,
)
from servicetitan_netsuite.ledger import mappings, profiles
from servicetitan_netsuite.ledger.master_data import Result, Taken, put_result, put_taken, taken
from servicetitan_netsuite.mapping.master_data import Action, Deciding, Step
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.servicetitan.client import NotAllowed, Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.servicetitan.parallel import together
from servicetitan_netsuite.steps.context import RunContext
from servicetitan_netsuite.steps.master_kinds import AccountKind, MasterKind, VendorKind
from servicetitan_netsuite.steps.work import Work, working

STEP = "sync_master_data"
AT_ONCE = 8
_TO_DO = (Action.CREATED, Action.LINKED, Action.UPDATED)

log = logging.getLogger(__name__)


def run(context: RunContext) -> dict[str, int]:
    """Bring ServiceTitan's vendors and accounts up to date; how many were dealt with in each way.

    Raises:
        Waiting: a server or the ledger is away, another worker has the tenant, or whether
            something was created is not known yet.
        ConfigurationError: the tenant file has no `master_data`, or a connection, permission or
            field is wrong.
    """
    if context.tenant.master_data is None:
        raise ConfigurationError(
            f"Tenant {context.tenant.short_name} takes no master data to ServiceTitan: "
            "its file has no master_data."
        )
    with working(context, STEP, alone=True) as work:
        return asyncio.run(_sync(work))


async def _sync(work: Work) -> dict[str, int]:
    context, settings = work.context, work.context.tenant.master_data
    assert settings is not None, "checked before"
    own = servicetitan_credentials(context.servicetitan, work.tenant_id)
    limits = times(context.netsuite)
    async with (
        ServiceTitan(own, context.on_secret) as servicetitan,
        NetSuite(netsuite_credentials(context.netsuite), limits, context.on_secret) as netsuite,
    ):
        kinds: list[MasterKind] = []
        if settings.vendors:
            known = profiles.read(work.ledger, context.netsuite.id)
            profile = known or await account.discover(netsuite)
            kinds.append(VendorKind(settings, profile, servicetitan, netsuite))
        if settings.accounts:
            kinds.append(AccountKind(settings, servicetitan, netsuite))
        counts: dict[str, int] = {}
        waits: list[float] = []
        for kind in kinds:
            doing = _Doing(work, kind, timedelta(seconds=limits.settle_s))
            for result in await doing.all():
                counts[result.action] = counts.get(result.action, 0) + 1
            waits += doing.waits
    if waits:
        raise UncertainOutcome(
            f"Whether {len(waits)} records were created in ServiceTitan is not known yet; they "
            "are looked for when settle time is over.",
            max(waits),
        )
    log.info("%s: %s", context.tenant.short_name, counts or "nothing flagged")
    return counts


@dataclass(slots=True)
class _Doing:
    """One kind at work; `waits` the seconds until creations of unknown outcome are looked for."""

    work: Work
    kind: MasterKind
    settle: timedelta
    waits: list[float] = field(default_factory=list)
    known: dict[str, Taken] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def all(self) -> list[Result]:
        """Decide about every flagged record and do it, some side by side."""
        work, kind = self.work, self.kind
        self.read_at = datetime.now(UTC)
        ours, theirs = await kind.read()
        self.names = {one.id: one.values.get("name", "") for one in theirs}
        self.known = await asyncio.to_thread(taken, work.ledger, work.tenant_id, kind.name)
        rows = await asyncio.to_thread(mappings.read, work.ledger, work.tenant_id)
        links = {row.source_key: row.target for row in rows if row.kind == kind.name}
        told = {key: one.content for key, one in self.known.items() if one.content is not None}
        begun = {key for key, one in self.known.items() if one.creating_since}
        steps = Deciding(kind.words, ours, theirs, links, told, begun).steps()
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(step: Step) -> Result:
            async with slots:
                return await self._one(step)

        found = await together(*map(one, steps))
        self.work.progress(len(found), len(steps))
        return found

    async def _one(self, step: Step) -> Result:
        action, sentence, advice, source = step.action, step.sentence, step.advice, step.theirs
        if not self.work.run.dry_run:
            try:
                source = await self._do(step)
            except Refused as refused:
                action, sentence = Action.REFUSED, str(refused)
                advice = "Mend it in ServiceTitan or NetSuite; the next run tries again."
            except Blocked as blocked:
                action, sentence, advice = Action.BLOCKED, blocked.sentence, blocked.advice
            except UncertainOutcome as lost:
                action, sentence, advice = Action.UNCERTAIN, str(lost), "It is looked for again."
                self.waits.append(lost.wait_s)
        ours = step.ours
        result = Result(
            self.kind.name, ours.id, ours.label, action, ", ".join(source), sentence, advice
        )
        if action is not Action.UNCHANGED:
            await self.work.writer.done(lambda c: put_result(c, self.work.run, result))
        return result

    async def _do(self, step: Step) -> tuple[str, ...]:
        """Write to ServiceTitan what is to be written, then keep it; ServiceTitan's ids."""
        if step.action is Action.CREATED:
            return (await self._create(step),)
        if step.action in _TO_DO or step.theirs:
            for theirs in step.theirs:
                carry = step.ours.id if theirs in step.write_id else None
                if carry or step.changes:
                    await self.kind.change(theirs, step.changes, carry)
            last = self.known.get(step.ours.id)
            if step.link or last is None or last != Taken(dict(step.ours.values)):
                await self._keep(step, step.link)
        return step.theirs

    async def _create(self, step: Step) -> str:
        ours, now = step.ours, datetime.now(UTC)
        begun = self.known.get(ours.id)
        # What was read before settle time was over does not show that it is not there.
        if begun and begun.creating_since and self.read_at < begun.creating_since + self.settle:
            left = (begun.creating_since + self.settle - now).total_seconds()
            raise UncertainOutcome(
                f"{ours.label} was being created; no answer came.", max(left, 0.1)
            )
        await self._note(ours.id, Taken(dict(ours.values), now))
        try:
            made = await self.kind.create(ours)
        except (Refused, NotAllowed, Blocked, TransientError):
            # Certainly not made.
            await self._note(ours.id, Taken(None))
            raise
        except UncertainOutcome as lost:
            raise UncertainOutcome(str(lost), self.settle.total_seconds()) from lost
        await self._keep(step, (made,))
        return made

    async def _note(self, netsuite_id: str, now: Taken) -> None:
        tenant, kind = self.work.tenant_id, self.kind.name
        await self.work.writer.done(lambda c: put_taken(c, tenant, kind, netsuite_id, now))

    async def _keep(self, step: Step, link: tuple[str, ...]) -> None:
        """Keep the links and what ServiceTitan was told, in one transaction."""
        ours, tenant, kind = step.ours, self.work.tenant_id, self.kind.name
        rows = [
            MappingRow(kind, one, self.names.get(one) or ours.label, ours.id, ours.label)
            for one in link
        ]
        person = f"master data, run {self.work.run.id}"
        last = self.known.get(ours.id)
        content = {**(last.content or {} if last else {}), **ours.values}

        def keep(connection: Connection) -> None:
            mappings.put(connection, tenant, rows, person, only_new=True)
            put_taken(connection, tenant, kind, ours.id, Taken(content))

        await self.work.writer.done(keep)
