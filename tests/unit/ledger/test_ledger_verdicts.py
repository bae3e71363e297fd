"""Validation's writes: problems, parents, and the dry run that leaves the truth alone."""

from __future__ import annotations

import pytest
from ledger_world import (
    CUSTOMER,
    JOURNAL,
    PATH,
    PERSON,
    REFUSED,
    TENANT,
    UNMAPPED,
    ZERO,
    entry,
    name_of,
)

from servicetitan_netsuite.documents import MappingRow, State
from servicetitan_netsuite.ledger import actions, mappings, runs, sending
from servicetitan_netsuite.ledger.seen import record_unreadable

PARENT = name_of("c1", CUSTOMER)


def customer(world, of, source="c1"):
    """Intent for a customer."""
    row = next(row for row in world.ready(of) if row.source_id == source)
    held = {"type": "customer"}
    return world.write(sending.begin, of, world.fence, row, PATH, {"name": source}, held)


def refuse(world, of, source="c1"):
    intent = customer(world, of, source)
    world.write(sending.rejected, of, intent.document_id, REFUSED)


def family(world):
    """A run with e1 waiting for customer c1, and e2 for nobody."""
    of = world.start()
    world.see(of, "e1", "e2")
    world.parents(of, "c1")
    world.judge(of, "e1", parents=(PARENT,))
    world.judge(of, "e2")
    return of


def sources(rows):
    return [row.source_id for row in rows]


def test_every_problem_is_kept_and_the_first_is_told(world):
    of = world.start()
    world.see(of, "e1")
    world.judge(of, "e1", State.BLOCKED, UNMAPPED, ZERO)
    assert world.document().sentence == f"{UNMAPPED.sentence} And 1 more."
    problems = world.sql("SELECT cause, problem_key, key_name FROM run_problem ORDER BY cause")
    assert [tuple(p) for p in problems] == [
        ("account_not_mapped", "7", "4000 Sales"),
        ("zero_amount", "", ""),
    ]
    world.judge(of, "e1", State.BLOCKED, ZERO)
    assert [p.cause for p in world.sql("SELECT cause FROM run_problem")] == ["zero_amount"]
    world.judge(of, "e1")
    assert world.sql("SELECT cause FROM run_problem") == []


def test_a_verdict_given_twice_is_the_same_verdict(world):
    of = family(world)
    before = world.dump()
    world.judge(of, "e1", parents=(PARENT,))
    after = world.dump()
    same = ("document", "dependency", "attempt")
    changed = world.document("e1").state_since
    assert changed
    assert {t: after[t] for t in same[1:]} == {t: before[t] for t in same[1:]}
    assert world.state("e1") == "ready"


def test_a_document_waits_for_its_own_parent_only(world):
    of = family(world)
    assert sources(world.ready(of)) == ["e2", "c1"] or sources(world.ready(of)) == ["c1", "e2"]
    intent = customer(world, of)
    assert "e1" not in sources(world.ready(of))
    world.post(of, intent, "500")
    assert sources(world.ready(of)) == ["e1", "e2"]


def test_a_document_is_released_when_its_parent_is_found_after_all(world):
    of = family(world)
    intent = customer(world, of)
    world.doubt(of, intent)
    assert "e1" not in sources(world.ready(of))
    assert world.write(sending.block_orphaned_children, of) == 0
    world.post(of, intent, "500", State.UNCERTAIN)
    assert "e1" in sources(world.ready(of))


def test_a_document_whose_parent_was_refused_is_blocked_naming_it(world):
    of = family(world)
    refuse(world, of)
    assert world.write(sending.block_orphaned_children, of) == 1
    row = world.document("e1")
    assert (row.state, row.cause) == ("blocked", "parent_blocked")
    assert "customer Customer c1, which is rejected" in row.sentence
    assert REFUSED.sentence in row.sentence
    assert world.page(of, "e1").outcome == "blocked"
    assert world.state("e2") == "ready"
    assert world.events("e1")[-1].run_id == of.id


def test_what_a_blocked_document_blocks_is_blocked_too_naming_the_root(world):
    of = world.start()
    world.see(of, "e1", "e2", "e3")
    world.parents(of, "c1")
    world.judge(of, "e3", parents=(name_of("e2"),))
    world.judge(of, "e2", parents=(name_of("e1"),))
    world.judge(of, "e1", parents=(PARENT,))
    refuse(world, of)
    assert world.write(sending.block_orphaned_children, of) == 3
    told = {world.document(name).sentence for name in ("e1", "e2", "e3")}
    (sentence,) = told
    assert sentence == f"It waits for customer Customer c1, which is rejected: {REFUSED.sentence}"


def test_a_document_is_blocked_at_once_when_its_parent_was_refused_before(world):
    of = family(world)
    refuse(world, of)
    later = world.start()
    world.see(later, "e1")
    world.parents(later, "c1")
    world.judge(later, "e1", parents=(PARENT,))
    row = world.document("e1")
    assert (row.state, row.cause) == ("blocked", "parent_blocked")
    page = world.page(later, "c1", CUSTOMER)
    assert (page.outcome, page.sentence) == ("rejected", REFUSED.sentence)
    assert world.sql("SELECT 1 FROM dependency") == []


def test_a_child_goes_on_by_itself_once_its_parent_was_reset_and_posted(world):
    of = family(world)
    refuse(world, of)
    world.write(sending.block_orphaned_children, of)
    actions.reset(world.ledger, TENANT, ["Customer c1"], PERSON)
    later = world.start()
    world.see(later, "e1")
    world.parents(later, "c1")
    world.judge(later, "e1", parents=(PARENT,))
    world.post(later, customer(world, later), "500")
    assert sources(world.ready(later)) == ["e1"]
    world.verify(later, "c1", CUSTOMER)
    assert world.state("c1", CUSTOMER) == "confirmed"
    assert [row.source_id for row in world.due()] == []


def test_a_parent_that_is_uncertain_is_sent_by_the_run_that_needs_it_once_it_is_absent(world):
    of = family(world)
    world.doubt(of, customer(world, of))
    later = world.start()
    world.see(later, "e1")
    world.parents(later, "c1")
    world.judge(later, "e1", parents=(PARENT,))
    assert world.state("c1", CUSTOMER) == "uncertain"
    world.write(sending.absent, later, world.document("c1", CUSTOMER).id)
    assert sources(world.ready(later)) == ["c1"]
    assert len(world.sql("SELECT 1 FROM attempt")) == 1


def test_a_parent_that_is_in_netsuite_already_is_not_sent_again(world):
    of = family(world)
    world.post(of, customer(world, of), "500")
    world.verify(of, "c1", CUSTOMER)
    later = world.start()
    world.see(later, "e1")
    world.parents(later, "c1")
    world.judge(later, "e1", parents=(PARENT,))
    assert sources(world.ready(later)) == ["e1"]
    page = world.page(later, "c1", CUSTOMER)
    assert (page.outcome, page.netsuite_id) == ("confirmed", "500")


def test_a_customer_whose_record_is_accepted_is_confirmed_and_linked(world):
    of = family(world)
    intent = customer(world, of)
    world.doubt(of, intent)
    world.write(sending.conflict, of, intent.document_id, State.UNCERTAIN, REFUSED)
    (row,) = actions.find(world.ledger, TENANT, ["Customer c1"])
    actions.accept(world.ledger, row, "500", {"type": "customer"}, PERSON, "it is them")
    assert world.state("c1", CUSTOMER) == "confirmed"
    assert [e.person for e in world.events("c1", CUSTOMER)[-2:]] == [PERSON, PERSON]
    assert world.write(mappings.links, TENANT, "customer", ["c1"]) == {"c1": "500"}


def test_a_created_customer_is_linked_unless_a_person_linked_another(world):
    of = world.start()
    world.write(sending.link_entity, of, "customer", "c1", "Customer c1", "500")
    mine = MappingRow("customer", "c2", "Customer c2", "600")
    mappings.save(world.ledger, TENANT, [mine], PERSON)
    world.write(sending.link_entity, of, "customer", "c2", "Customer c2", "500")
    linked = world.write(mappings.links, TENANT, "customer", ["c1", "c2", "c3"])
    assert linked == {"c1": "500", "c2": "600"}
    assert mappings.changed_at(world.ledger, TENANT) is None


def test_every_change_of_a_mapping_is_kept_with_who_and_from_what_to_what(world):
    first = MappingRow("gl_account", "1", "Cash", "9", class_="3")
    second = MappingRow("gl_account", "1", "Cash", "10", class_="3")
    assert mappings.save(world.ledger, TENANT, [first], PERSON) == 1
    changed = mappings.changed_at(world.ledger, TENANT)
    assert mappings.save(world.ledger, TENANT, [first], "Bob") == 0
    assert mappings.changed_at(world.ledger, TENANT) == changed
    assert mappings.save(world.ledger, TENANT, [second], "Bob") == 1
    assert mappings.changed_at(world.ledger, TENANT) > changed
    assert mappings.read(world.ledger, TENANT) == [second]
    events = world.sql("SELECT person, old_value, new_value FROM mapping_event ORDER BY id")
    assert [e.person for e in events] == [PERSON, "Bob"]
    assert events[0].old_value is None
    assert events[1].old_value == events[0].new_value
    assert mappings.read(world.ledger, "2002") == []


@pytest.fixture
def crowded(world):
    """A ledger with a document in every state, a mapping and a parent."""
    for state in sorted(State, key=lambda s: s != State.WITHDRAWN):
        world.reach(state, f"x-{state}")
    family(world)
    mappings.save(world.ledger, TENANT, [MappingRow("gl_account", "1", "Cash", "9")], PERSON)
    return world


def test_a_dry_run_writes_its_own_page_and_not_one_row_of_the_truth(crowded):
    before = crowded.dump()
    of = crowded.start(dry_run=True)
    for version in (1, 2):
        crowded.see(of, *(entry(f"x-{state}", version) for state in State), retry_rejected=True)
    crowded.see(of, "new", "new2", "new3")
    crowded.write(record_unreadable, of, JOURNAL, "bad", "JE-bad", "it has no lines")
    crowded.parents(of, "c1", "c2")
    for state in State:
        crowded.judge(of, f"x-{state}")
    crowded.judge(of, "new", parents=(name_of("c2", CUSTOMER),))
    crowded.judge(of, "new2", State.BLOCKED, UNMAPPED)
    crowded.judge(of, "new3", State.SKIPPED, ZERO)
    crowded.withdraw_missing(of)
    crowded.write(runs.note_would, of, [MappingRow("gl_account", "2", "Sales", "4")])
    runs.start_step(crowded.ledger, of, "validate_mappings")
    runs.end_step(crowded.ledger, of, "validate_mappings", "done")
    runs.end_run(crowded.ledger, of, "dry_run", {})
    assert crowded.dump() == before
    counts = runs.verdict_counts(crowded.ledger, of)
    assert counts["unreadable"] == 1
    assert counts["ready"] >= 2
    pages = crowded.sql("SELECT outcome FROM run_document WHERE run_id = :run", run=of.id)
    assert {page.outcome for page in pages} == {None}
    assert len(crowded.sql("SELECT 1 FROM run_would")) == 1


def test_a_dry_run_asks_only_after_documents_it_did_not_see(crowded):
    of = crowded.start(dry_run=True)
    crowded.see(of, "x-ready", "x-blocked", "e1", "e2")
    assert crowded.withdraw_missing(of) == ["x-pending", "x-rejected"]
    assert crowded.page(of, "x-pending").verdict == "withdrawn"


def test_a_cleared_run_starts_a_new_generation_and_keeps_the_pages_of_the_old(world):
    def opened(dry_run=False):
        return runs.open_run(world.ledger, TENANT, "dag", "r", dry_run=dry_run, params={"a": 1})

    first = opened()
    assert opened() == first
    assert runs.unfinished_run(world.ledger, "dag", "r") == first
    world.see(first, "e1")
    runs.start_step(world.ledger, first, "extract_pending")
    assert opened() == first
    runs.start_step(world.ledger, first, "validate_mappings")
    second = opened(dry_run=True)
    assert (second.generation, second.dry_run, first.dry_run) == (2, True, False)
    runs.end_run(world.ledger, second, "dry_run", {"n": 1})
    assert runs.unfinished_run(world.ledger, "dag", "r") is None
    assert opened().generation == 3
    assert world.page(first).verdict == "seen"
