"""Every flagged record of NetSuite has one place in ServiceTitan, found before it is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicetitan_netsuite.mapping.master_data import VENDORS, Action, Deciding, Ours, Theirs

OURS = Ours("31", "Ferguson", "Ferguson", True, True, {"name": "Ferguson", "phone": "1"})


def decide(theirs=(), ours=(OURS,), links=None, taken=None, begun=()):
    return Deciding(VENDORS, ours, theirs, links or {}, taken or {}, begun).steps()


def one(*args, **more):
    (step,) = decide(*args, **more)
    return step


def their(key="7", name="Ferguson", *, carried=None, active=True, phone="2"):
    return Theirs(key, name, active, carried, {"name": name, "phone": phone})


def test_what_servicetitan_lacks_is_created_only_when_flagged():
    unflagged = Ours("32", "Other", "Other", True, False)
    assert [step.action for step in decide(ours=(OURS, unflagged))] == [Action.CREATED]


def test_what_is_there_by_name_is_linked_and_its_content_left_alone():
    step = one([their()])
    assert (step.action, step.link, step.write_id, step.changes) == (
        Action.LINKED, ("7",), ("7",), {},
    )  # fmt: skip


def test_what_carries_the_id_is_linked_whatever_its_name():
    step = one([their(name="Branch 12", carried="31")])
    assert (step.action, step.link, step.write_id) == (Action.LINKED, ("7",), ())


def test_a_persons_link_wins_over_what_is_carried():
    step = one([their(name="Branch", carried="99")], links={"7": "31"})
    assert (step.link, step.write_id) == ((), ("7",))


def test_only_what_netsuite_changed_since_is_changed():
    step = one(
        [their(carried="31")], links={"7": "31"}, taken={"31": {"name": "Fergusen", "phone": "1"}}
    )
    assert step.action is Action.UNCHANGED  # the name is what ServiceTitan has already
    step = one(
        [their(carried="31")], links={"7": "31"}, taken={"31": {"name": "Ferguson", "phone": "0"}}
    )
    assert (step.action, dict(step.changes)) == (Action.UPDATED, {"phone": "1"})


def test_of_several_that_are_linked_none_is_changed():
    several = [their("7", carried="31"), their("8", "Branch", carried="31")]
    step = one(several, links={"7": "31", "8": "31"}, taken={"31": {"phone": "0"}})
    assert (step.action, dict(step.changes)) == (Action.SKIPPED, {})
    assert "several" in step.sentence


@pytest.mark.parametrize(
    ("theirs", "links"),
    [
        ([their(carried="99")], {}),
        ([their()], {"7": "99"}),
        ([their()], {"7": None}),
        ([their("7"), their("8")], {}),
    ],
)
def test_a_namesake_that_is_taken_or_not_alone_is_left_to_a_person(theirs, links):
    step = one(theirs, links=links)
    assert step.action is Action.BLOCKED
    assert step.sentence
    assert step.advice


def test_a_name_that_two_of_netsuite_bear_is_left_to_a_person():
    twin = Ours("32", "Ferguson", "Ferguson", True, False)
    assert one([their()], ours=(OURS, twin)).action is Action.BLOCKED


def test_inactive_ones_are_neither_created_nor_linked_by_name():
    retired = Ours("31", "Ferguson", "Ferguson", False, True)
    assert one([], ours=(retired,)).action is Action.SKIPPED
    assert one([their()], ours=(retired,)).action is Action.SKIPPED


names = st.sampled_from(["A", "B", "C"])
ids = st.sampled_from(["1", "2", "3", "4"])


@given(
    st.lists(st.tuples(ids, names, st.booleans(), st.booleans()), unique_by=lambda one: one[0]),
    st.lists(st.tuples(ids, names, st.none() | ids, st.booleans()), unique_by=lambda one: one[0]),
    st.dictionaries(ids, st.none() | ids),
    st.dictionaries(ids, names),
)
def test_nothing_is_made_under_a_name_that_is_there_and_nothing_linked_twice(
    ours, theirs, links, sent
):
    left = [Ours(key, name, name, active, flagged) for key, name, active, flagged in ours]
    right = [Theirs(key, name, active, carried) for key, name, carried, active in theirs]
    told = {key: {"name": name} for key, name in sent.items()}
    steps = decide(right, left, links, told, sent)
    linked = [key for step in steps for key in step.theirs]
    assert len(linked) == len(set(linked))
    there = {one.key for one in right}
    carried = {one.carried for one in right if one.id not in links}
    for step in steps:
        if step.action is Action.CREATED:
            assert step.ours.flagged
            assert step.ours.active
            assert not {step.ours.key, sent.get(step.ours.id)} & there
            assert step.ours.id not in carried
    again = {**links, **{key: step.ours.id for step in steps for key in step.link}}
    assert not any(step.link for step in decide(right, left, again, told, sent))


def test_a_creation_without_an_answer_is_found_by_the_name_it_was_sent_with():
    """NetSuite renamed it meanwhile: it is linked and renamed, never made a second time."""
    sent = {"name": "Fergusen", "phone": "2"}
    step = one([their(name="Fergusen")], taken={"31": sent}, begun={"31"})
    assert (step.action, step.link) == (Action.UPDATED, ("7",))
    assert dict(step.changes) == {"name": "Ferguson", "phone": "1"}
    assert one([their(name="Other")], taken={"31": sent}, begun={"31"}).action is Action.CREATED


def test_a_name_that_a_creation_without_an_answer_bears_too_is_left_to_a_person():
    renamed = Ours("32", "Fergusen", "Fergusen", True, True, {"name": "Fergusen"})
    sent = {"31": {"name": "Fergusen"}}
    steps = decide([their(name="Fergusen")], ours=(OURS, renamed), taken=sent, begun={"31"})
    assert [step.action for step in steps] == [Action.BLOCKED, Action.BLOCKED]


def test_what_netsuite_does_not_show_this_time_is_not_emptied_in_servicetitan():
    silent = Ours("31", "Ferguson", "Ferguson", True, True, {"name": "Ferguson"})
    step = one(
        [their(carried="31")],
        ours=(silent,),
        links={"7": "31"},
        taken={"31": {"name": "Ferguson", "phone": "2"}},
    )
    assert (step.action, dict(step.changes)) == (Action.UNCHANGED, {})
