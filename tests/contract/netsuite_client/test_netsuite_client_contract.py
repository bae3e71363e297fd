"""The client against the stand-in NetSuite: two readings of one contract meet over HTTP."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from netsuite_standin import ONE_WORLD, SINGLE, Standin, run

from servicetitan_netsuite.documents import Operation
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.netsuite import (
    canonical,
    customer,
    journal,
    lookup,
    profile,
    reference,
    references,
    update,
)
from servicetitan_netsuite.netsuite.outcome import OutcomeKind, outcome
from servicetitan_netsuite.netsuite.throttle import Slots
from servicetitan_netsuite.plans.entities import CustomerPlan
from servicetitan_netsuite.plans.journal import JournalPlan, PlannedLine

K = OutcomeKind
EID = "st-1001-journal_entry-1"


def plan(s: Standin, *lines: PlannedLine, external_id: str = EID, **rest) -> JournalPlan:
    income, cash = s.account("Income", s.subsidiary), s.account("OthCurrAsset", s.subsidiary)
    fields = {
        "external_id": external_id,
        "date": s.period.start,
        "period": s.period.id,
        "subsidiary": s.subsidiary,
        "currency": "1",
        "memo": "March <b>&amp;</b> Zoë",
        "tran_id": "ALB-1",
        "lines": lines
        or (
            PlannedLine(cash, Decimal("1234.56"), memo="in"),
            PlannedLine(income, Decimal("-1234.56")),
        ),
    }
    return JournalPlan(**{**fields, **rest})


async def create(s: Standin, made: JournalPlan):
    return outcome(await s.client.send("POST", journal.PATH, body=journal.body(made)))


@pytest.mark.parametrize("which", [ONE_WORLD, SINGLE])
@pytest.mark.parametrize(("auth", "elliptic"), [("oauth2", True), ("oauth2", False), ("tba", True)])
def test_a_journal_is_posted_found_and_equal_by_every_login(which, auth, elliptic):
    async def work(s: Standin):
        made = plan(s)
        posted = await create(s, made)
        assert (posted.kind, posted.operation_id is not None) == (K.POSTED, True)
        found = await profile.discover(s.client)
        held = (await lookup.journals(s.client, found, [EID, "st-none"]))[EID]
        assert (held.netsuite_id, held.tran_id) == (posted.netsuite_id, "ALB-1")
        assert held.last_modified is not None
        sent = canonical.journal(journal.body(made))
        assert canonical.differences(sent, held.canonical) == []
        record = await lookup.by_id(s.client, "journalEntry", held.netsuite_id)
        assert canonical.differences(sent, update.journal_from_record(record)) == []
        assert await lookup.by_eid(s.client, "journal_entry", EID) == posted.netsuite_id

    run(work, which, auth, elliptic)


def test_the_same_external_id_never_posts_twice():
    async def work(s: Standin):
        first = await create(s, plan(s))
        second = await create(s, plan(s, tran_id="ALB-2"))
        assert (first.kind, second.kind) == (K.POSTED, K.EXISTS)
        assert len(await s.truth()) == 1

    run(work)


@pytest.mark.parametrize("which", [ONE_WORLD, SINGLE])
def test_what_netsuite_refuses_is_rejected_in_its_words(which):
    async def work(s: Standin):
        income = s.account("Income", s.subsidiary)
        one_sided = await create(s, plan(s, PlannedLine(income, Decimal("5"))))
        closed = next(p for p in s.books.periods if p.closed and not p.is_year and not p.is_quarter)
        late = await create(s, plan(s, date=closed.start, period=closed.id))
        odd = await create(s, plan(s, PlannedLine("999999", Decimal("1"))))
        assert [x.kind for x in (one_sided, late, odd)] == [K.REJECTED] * 3
        assert "balance" in one_sided.detail
        assert all(x.error_code and x.operation_id for x in (one_sided, late, odd))
        assert await s.truth() == []

    run(work, which)


FAULTS = [
    # fault, what it means, whether the journal lands at once
    ("refuse", K.UNKNOWN, False),
    ("drop_before_write", K.UNKNOWN, False),
    ("drop_after_write", K.UNKNOWN, True),
    ("reset", K.UNKNOWN, True),
    ("500_before_write", K.UNKNOWN, False),
    ("500_after_write", K.UNKNOWN, True),
    ("429", K.NOT_SENT, False),
    ("401", K.NOT_SENT, False),
    ("403", K.STOP, False),
    ("html", K.UNKNOWN, False),
    ("no_location", K.UNKNOWN, True),
    ("slow", K.UNKNOWN, True),
]


@pytest.mark.parametrize(("fault", "kind", "lands"), FAULTS, ids=[f[0] for f in FAULTS])
def test_every_fault_gets_its_meaning_and_a_second_try_never_doubles(fault, kind, lands):
    async def work(s: Standin):
        await s.fault(fault, delay_s=1.5)
        assert (await create(s, plan(s))).kind is kind
        assert len(await s.truth()) == (1 if lands else 0)
        again = await create(s, plan(s))
        assert again.kind is (K.EXISTS if lands else K.POSTED)
        assert len(await s.truth()) == 1

    run(work)


def test_a_200_page_of_html_after_the_write_is_no_success():
    async def work(s: Standin):
        await s.fault("html", status=200, after=True)
        assert (await create(s, plan(s))).kind is K.UNKNOWN
        assert len(await s.truth()) == 1

    run(work)


def test_a_write_that_lands_late_is_found_later():
    async def work(s: Standin):
        await s.fault("late", delay_s=0.3)
        assert (await create(s, plan(s))).kind is K.UNKNOWN
        assert await lookup.by_eid(s.client, "journalEntry", EID) is None
        async with asyncio.timeout(5):
            while await lookup.by_eid(s.client, "journalEntry", EID) is None:
                await asyncio.sleep(0.05)

    run(work)


def test_what_is_stored_otherwise_is_named():
    async def work(s: Standin):
        await s.fault("alter")
        made = plan(s)
        assert (await create(s, made)).kind is K.POSTED
        found = await profile.discover(s.client)
        held = (await lookup.journals(s.client, found, [EID]))[EID]
        sentences = canonical.differences(canonical.journal(journal.body(made)), held.canonical)
        assert sentences[0] == "the total is 1235.56 in NetSuite, 1234.56 was sent"
        assert len(sentences) == 3

    run(work)


@pytest.mark.parametrize("which", [ONE_WORLD, SINGLE])
def test_an_update_leaves_the_same_journal_with_exactly_the_new_lines(which):
    async def work(s: Standin):
        posted = await create(s, plan(s))
        cash = s.account("OthCurrAsset", s.subsidiary)
        other = s.account("Expense", s.subsidiary)
        new = plan(
            s,
            PlannedLine(other, Decimal("7.77")),
            PlannedLine(cash, Decimal("-7.77")),
            memo=None,
        )
        exchange = await s.client.send(
            "PATCH",
            update.path(posted.netsuite_id),
            body=update.update_body(new),
            params=update.PARAMS,
        )
        assert outcome(exchange, Operation.UPDATE).kind is K.POSTED
        record = await lookup.by_id(s.client, "journalEntry", posted.netsuite_id)
        sent = canonical.journal(journal.body(new))
        assert canonical.differences(sent, update.journal_from_record(record)) == []
        assert record.get("memo") is None
        (truth,) = await s.truth()
        assert (truth["id"], truth["tran_id"], len(truth["lines"])) == (
            posted.netsuite_id,
            "ALB-1",
            2,
        )
        missing = await s.client.send(
            "PATCH", update.path("99999999"), body=update.update_body(new), params=update.PARAMS
        )
        assert outcome(missing, Operation.UPDATE).error_code == "NONEXISTENT_ID"

    run(work, which)


@pytest.mark.parametrize("which", [ONE_WORLD, SINGLE])
@pytest.mark.parametrize(("name", "is_person"), [("Zoë Smith", True), ("Acme, Inc.", False)])
def test_a_customer_is_created_found_and_used_on_a_receivable_line(which, name, is_person):
    async def work(s: Standin):
        made = CustomerPlan(
            external_id="st-1001-customer-9",
            name=name,
            is_person=is_person,
            subsidiary=s.subsidiary,
            suffix="ALB",
            address={
                "street": "1 Main St",
                "unit": "Apt 2",
                "city": "Albany",
                "state": "NY",
                "zip": "12207",
                "country": "USA",
            },
            phone="518-555-0100",
            email="not an address",
        )
        body = customer.body(made)
        posted = outcome(await s.client.send("POST", customer.PATH, body=body))
        assert posted.kind is K.POSTED, posted
        again = outcome(await s.client.send("POST", customer.PATH, body=body))
        assert again.kind is K.EXISTS
        found = await profile.discover(s.client)
        held = (await lookup.customers(s.client, found, [made.external_id]))[made.external_id]
        assert held.netsuite_id == posted.netsuite_id
        assert canonical.differences(canonical.customer(body), held.canonical) == []
        record = await lookup.by_id(s.client, "customer", posted.netsuite_id)
        assert canonical.differences(canonical.customer(body), canonical.customer(record)) == []
        receivable = next(a.id for a in s.books.accounts if a.special == "AcctRec")
        entry = journal.body(
            plan(
                s,
                PlannedLine(receivable, Decimal("5"), entity=made.external_id),
                PlannedLine(s.account("Income", s.subsidiary), Decimal("-5")),
            )
        )
        resolved = references.resolve(entry, {made.external_id: posted.netsuite_id})
        sent = await s.client.send("POST", journal.PATH, body=resolved)
        assert outcome(sent).kind is K.POSTED
        on_books = (await lookup.journals(s.client, found, [EID]))[EID]
        assert canonical.differences(canonical.journal(resolved), on_books.canonical) == []

    run(work, which)


def test_a_role_that_is_shown_nothing_is_not_believed():
    async def work(s: Standin):
        found = await profile.discover(s.client)
        assert await lookup.shown(s.client, "journal_entry")  # new books, none hidden
        await create(s, plan(s))
        assert await lookup.shown(s.client, "journal_entry")
        await s.control("POST", "settings", {"hide": ["journalEntry"]})
        assert await lookup.journals(s.client, found, [EID]) == {}
        assert not await lookup.shown(s.client, "journal_entry")
        assert await lookup.shown(s.client, "customer")

    run(work)


def test_an_account_tells_what_it_is_like():
    async def work(s: Standin):
        return await profile.discover(s.client), await profile.check(s.client)

    large, words = run(work, ONE_WORLD)
    small, _ = run(work, SINGLE)
    assert (large.one_world, small.one_world) == (True, False)
    assert large.currencies == {"1": "USD"}
    assert (large.concurrency_limit, large.primary_book) == (5, "1")
    assert "OneWorld with" in words
    assert "5 requests at once" in words


@pytest.mark.parametrize("which", [ONE_WORLD, SINGLE])
def test_the_reference_data_are_those_of_the_books(which):
    async def work(s: Standin):
        found = await reference.reference(s.client, await profile.discover(s.client))
        books = s.books
        everywhere = {x.id for x in books.subsidiaries}
        assert {
            a["id"]: (a["number"], a["type"], a["inactive"], a["summary"], a["special"])
            for a in found.accounts
        } == {
            a.id: (a.number, a.type, a.is_inactive, a.is_summary, a.special) for a in books.accounts
        }
        names = {a.id: a.name for a in books.accounts}
        assert all(names[a["id"]] in a["name"] for a in found.accounts)
        for row in found.accounts:
            own = next(a.subsidiaries for a in books.accounts if a.id == row["id"])
            assert (set(row["subsidiaries"]) or everywhere) == (set(own) or everywhere)
        assert {x["id"]: x["parent"] for x in found.subsidiaries} == (
            {x.id: x.parent for x in books.subsidiaries} if books.preferences.one_world else {}
        )
        for kind in ("departments", "classes", "locations"):
            for row in getattr(found, kind):
                own = next(x for x in getattr(books, kind) if x.id == row["id"])
                assert row["inactive"] == own.is_inactive
                assert (set(row["subsidiaries"]) or everywhere) == (
                    set(own.subsidiaries) or everywhere
                )
        base = {p.id: p for p in books.periods if not (p.is_year or p.is_quarter or p.is_adjust)}
        assert {p["id"] for p in found.periods} == set(base)
        for row in found.periods:
            own = base[row["id"]]
            assert (row["start"], row["end"]) == (own.start, own.end)
            assert (row["closed"], row["ar_locked"]) == (own.closed, own.ar_locked)

    run(work, which)


@pytest.mark.parametrize(
    ("setting", "table", "permission"),
    [
        ("deny", "account", "Lists > Accounts"),
        ("hide", "account", "Lists > Accounts"),
        ("deny", "accountingPeriod", "Manage Accounting Periods"),
        ("hide", "accountingPeriod", "Manage Accounting Periods"),
    ],
)
def test_what_the_role_must_see_is_named_with_its_permission(setting, table, permission):
    async def work(s: Standin):
        found = await profile.discover(s.client)
        await s.control("POST", "settings", {setting: [table]})
        with pytest.raises(ConfigurationError, match=permission):
            await reference.reference(s.client, found)

    run(work)


def test_what_the_role_need_not_see_is_empty():
    async def work(s: Standin):
        await s.control("POST", "settings", {"deny": ["department", "accountsubsidiarymap"]})
        found = await profile.discover(s.client)
        seen = await reference.reference(s.client, found)
        assert (found.departments, seen.departments) == (False, ())
        assert {a["subsidiaries"] for a in seen.accounts} == {()}

    run(work)


def test_under_a_lower_limit_than_the_share_all_documents_land():
    async def work(s: Standin):
        await s.control("POST", "settings", {"concurrency_limit": 2, "latency_median_s": 0.005})
        slots, objections = Slots(5), 0

        async def post(n: int):
            nonlocal objections
            made = plan(s, external_id=f"st-1001-journal_entry-{n}", tran_id=f"ALB-{n}")
            while True:
                async with slots:
                    result = await create(s, made)
                    if result.kind is K.NOT_SENT:
                        objections += 1
                        slots.throttled()
                        continue
                return result.kind

        kinds = await asyncio.gather(*(post(n) for n in range(30)))
        assert set(kinds) == {K.POSTED}
        assert objections > 0
        assert len(await s.truth()) == 30

    run(work)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.integers(0, 1), st.integers(0, 1), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_any_balanced_journal_comes_back_as_it_was_sent(drawn):
    async def work(s: Standin):
        cash = s.account("OthCurrAsset", s.subsidiary)
        income = s.account("Income", s.subsidiary)
        department = s.books.departments[0].id
        lines = []
        for cents, one, other, turned in drawn:
            amount = Decimal(-cents if turned else cents) / 100
            marked = department if one else None
            lines.append(PlannedLine(cash, amount, department=marked))
            lines.append(PlannedLine(income, -amount, department=department if other else None))
        made = plan(s, *lines)
        sent = canonical.journal(journal.body(made))
        posted = await create(s, made)
        assert posted.kind is K.POSTED, posted.detail
        found = await profile.discover(s.client)
        held = (await lookup.journals(s.client, found, [EID]))[EID]
        assert held.canonical == sent
        record = await lookup.by_id(s.client, "journalEntry", posted.netsuite_id)
        assert update.journal_from_record(record) == sent

    run(work)
