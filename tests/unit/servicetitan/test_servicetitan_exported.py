from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from receivables_fake import Receivables, invoice, memo
from servicetitan_fake import answer, problem, with_client

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.servicetitan.exported import Mark, Marked, mark_exported, still_posted
from servicetitan_netsuite.servicetitan.receivable import RECEIVABLES
from servicetitan_netsuite.servicetitan.report import Reported

INVOICE, MEMO = DocumentType.INVOICE, DocumentType.CREDIT_MEMO
ACCEPTED = Marked(Reported.ACCEPTED)


def books(count: int) -> Receivables:
    made = Receivables()
    made.rows["invoices"] = [invoice(n) for n in range(1, count + 1)]
    made.rows["credit-memos"] = [memo(n) for n in range(1, count + 1)]
    return made


def marks(*ids: int) -> list[Mark]:
    return [Mark(str(n), f"st-alb-invoice-{n}", f"NetSuite {n}") for n in ids]


def mark(served: Any, wanted: list[Mark], kind: DocumentType = INVOICE) -> dict[str, Marked]:
    made: dict[str, Marked] = with_client(
        served, lambda c: mark_exported(c, RECEIVABLES[kind], wanted)
    )
    return made


@pytest.mark.parametrize(
    ("kind", "path", "name"),
    [(INVOICE, "invoices", "invoiceId"), (MEMO, "credit-memos", "creditMemoId")],
)
def test_documents_are_marked_fifty_a_call(kind: DocumentType, path: str, name: str) -> None:
    served = books(120)
    assert mark(served, marks(*range(1, 121)), kind) == {str(n): ACCEPTED for n in range(1, 121)}
    assert [len(body) for body in served.marked] == [50, 50, 20]
    assert served.marked[0][0] == {
        name: 1,
        "externalId": "st-alb-invoice-1",
        "externalMessage": "NetSuite 1",
    }
    assert {row["syncStatus"] for row in served.rows[path]} == {"Exported"}
    assert served.row(1)["exportId"] == "st-alb-invoice-1" or kind is MEMO


def test_nothing_to_mark_asks_nothing() -> None:
    served = books(1)
    assert mark(served, []) == {}
    assert served.calls == []


def test_marking_again_is_accepted() -> None:
    served = books(2)
    mark(served, marks(1))
    assert mark(served, marks(1, 2)) == {"1": ACCEPTED, "2": ACCEPTED}


def test_each_documents_own_answer_counts() -> None:
    served = books(4)
    served.row(2)["syncStatus"] = "Pending"
    served.row(3)["active"] = False
    served.on_mark = lambda body: answer(
        [{"invoiceId": 1, "success": True, "errorMessage": None}]
        + [{"invoiceId": n, "success": False, "errorMessage": " on\nhold "} for n in (2, 3, 4, 99)]
    )
    assert mark(served, marks(1, 2, 3, 4, 99)) == {
        "1": ACCEPTED,
        "2": Marked(Reported.MOVED_ON),
        "3": Marked(Reported.MOVED_ON),
        "4": Marked(None, "on hold"),
        "99": Marked(Reported.GONE),
    }


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        [],
        '"ok"',
        [None, 5, {"invoiceId": "x"}],
        [{"invoiceId": 1, "success": "true"}],
        [{"invoiceId": 1, "success": True}, {"invoiceId": 1, "success": False}],
        [{"invoiceId": 1, "success": False}, {"invoiceId": 1, "success": True}],
    ],
)
def test_an_answer_that_says_nothing_certain_is_looked_up(given: Any) -> None:
    served = books(2)
    served.row(2)["syncStatus"] = "Exported"
    served.on_mark = lambda _: web.Response(text="") if given is None else answer(given)
    found = mark(served, marks(1, 2))
    assert found["1"].reported is None
    assert found["1"].refused
    assert found["2"] == ACCEPTED


def test_a_call_refused_as_a_whole_is_halved_until_the_offender_is_alone() -> None:
    served = books(50)

    def refuse(body: list[Any]) -> web.Response | None:
        bad = any(each["invoiceId"] == 37 for each in body)
        return problem(400, "The value is not valid.") if bad else None

    served.on_mark = refuse
    found = mark(served, marks(*range(1, 51)))
    assert {id_ for id_, each in found.items() if each != ACCEPTED} == {"37"}
    assert "The value is not valid." in found["37"].refused
    assert found["37"].reported is None
    assert len(served.marked) <= 13


def test_a_lost_answer_is_repeated_and_counts_as_accepted() -> None:
    served = books(3)

    def lose_once(body: list[Any]) -> web.Response:
        served.on_mark = lambda _: None
        for each in body:
            served.row(each["invoiceId"])["syncStatus"] = "Exported"
        return web.Response(status=502)

    served.on_mark = lose_once
    assert mark(served, marks(1, 2, 3)) == {str(n): ACCEPTED for n in (1, 2, 3)}
    assert len(served.marked) == 2


def test_when_servicetitan_is_away_what_was_accepted_is_kept_and_the_rest_left() -> None:
    served = books(70)
    served.on_mark = lambda body: web.Response(status=503) if len(body) < 50 else None
    found = mark(served, marks(*range(1, 71)))
    assert [found[str(n)] for n in range(1, 51)] == [ACCEPTED] * 50
    assert all(found[str(n)].reported is None and found[str(n)].refused for n in range(51, 71))


def test_a_missing_permission_is_a_matter_of_set_up() -> None:
    served = books(1)
    served.on_mark = lambda _: problem(403, "Forbidden")
    with pytest.raises(ConfigurationError, match=r"tn\.acc\.invoices:w"):
        mark(served, marks(1))


def test_a_message_is_one_line_and_cut() -> None:
    served = books(1)
    mark(served, [Mark("1", "x", "a\n\x00b " * 500)])
    said = served.marked[0][0]["externalMessage"]
    assert (len(said), said[:4]) == (400, "a b ")


def test_a_document_marked_twice_in_one_go_is_sent_once() -> None:
    served = books(1)
    assert mark(served, marks(1, 1)) == {"1": ACCEPTED}
    assert len(served.marked[0]) == 1


@pytest.mark.parametrize("kind", [INVOICE, MEMO])
def test_what_still_waits_is_told_and_what_is_gone_is_absent(kind: DocumentType) -> None:
    served = books(60)
    rows = {
        row["id"]: row for row in served.rows["invoices" if kind is INVOICE else "credit-memos"]
    }
    rows[2]["syncStatus"] = "Exported"
    rows[3]["syncStatus"] = "Pending"
    rows[4]["active"] = False
    rows[5]["syncStatus"] = 7
    asked = [str(n) for n in [*range(1, 61), 99]] + ["no id"]
    found = with_client(served, lambda client: still_posted(client, RECEIVABLES[kind], asked))
    assert {id_ for id_, posted in found.items() if not posted} == {"2", "3", "4", "5"}
    assert found.keys() == {str(n) for n in range(1, 61)}
    assert len(served.calls) == 2
