from __future__ import annotations

from typing import Any

import pytest
from receivables_fake import Receivables, invoice, item
from servicetitan_fake import Script, all_of, page, problem, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.client import Refused
from servicetitan_netsuite.servicetitan.found import Unreadable
from servicetitan_netsuite.servicetitan.invoices import pending_invoices

TENANT = tenant()


def read(server: Any, **options: Any) -> list[Any]:
    return with_client(server, lambda client: all_of(pending_invoices(client, TENANT, **options)))


def numbers(found: list[Any]) -> list[str]:
    return [each.number for each in found]


def books(*rows: Any, **options: Any) -> Receivables:
    made = Receivables(**options)
    made.rows["invoices"] = list(rows)
    return made


def test_posted_active_invoices_are_read_on_every_page() -> None:
    served = books(*(invoice(n) for n in range(1, 26)), page_limit=10)
    served.row(3)["syncStatus"] = "Pending"
    served.row(4)["syncStatus"] = "Exported"
    served.row(5)["active"] = False
    left = [n for n in range(1, 26) if n not in (3, 4, 5)]
    assert numbers(read(served)) == [f"N{n}" for n in left]
    assert "statuses=Posted&activeState=ActiveOnly&sort=%2BId" in served.calls[0]


def test_a_server_that_ignores_the_filters_gives_no_document_that_is_not_posted() -> None:
    rows = [invoice(1, syncStatus="Exported"), invoice(2, active=False), invoice(3)]
    assert numbers(read(Script(page(rows)))) == ["N3"]


def test_a_list_that_cannot_be_sorted_is_read_unsorted() -> None:
    served = books(invoice(1), invoice(2))
    served.sorts = False
    assert numbers(read(served)) == ["N1", "N2"]


def test_another_refusal_is_told() -> None:
    with pytest.raises(Refused):
        read(Script(problem(400, "The tenant is away.")))


def test_rows_that_repeat_and_shift_come_once() -> None:
    served = Script(
        page([invoice(1), invoice(2)], more=True),
        page([invoice(2), invoice(3), invoice(3)], number=2, more=True),
        page([invoice(1), invoice(4)], number=3),
    )
    assert numbers(read(served)) == ["N1", "N2", "N3", "N4"]


def test_dirty_rows_are_told_and_the_rest_is_read() -> None:
    rows = [
        None,
        "text",
        [],
        {},
        invoice(1, total="a lot"),
        invoice(2, syncStatus="Frobbed"),
        invoice(3, items=[item(1), None]),
        invoice(4, customer=7),
        invoice(5),
    ]
    found = read(Script(page(rows)))
    assert len(found) == 9
    assert [each.source_id for each in found if isinstance(each, Unreadable)] == (
        ["", "", "", "", "1", "2", "3", "4"]
    )
    assert [each.number for each in found if isinstance(each, SourceDocument)] == ["N5"]
    assert "total is 'a lot' instead of an amount" in found[4].reason
    assert "syncStatus is 'Frobbed'" in found[5].reason


def test_chosen_documents_are_found_by_number_and_else_by_id() -> None:
    served = books(*(invoice(n, referenceNumber=f"{n}00") for n in range(1, 9)))
    served.rows["invoices"].append(invoice(9, referenceNumber=None))
    # "1" is a part of 100 and the id of that invoice; "200" is the number of 2; "9" an id.
    assert numbers(read(served, documents=("200", " 1 ", "9", "800 ", "77", ""))) == [
        "200",
        "800",
        "100",
        "9",
    ]


def test_a_choice_of_nothing_is_not_everything() -> None:
    assert read(books(invoice(1)), documents=(" ",)) == []


def test_a_number_goes_before_an_id() -> None:
    served = books(invoice(1, referenceNumber="2"), invoice(2, referenceNumber="x"))
    assert numbers(read(served, documents=("2",))) == ["2"]


def test_many_chosen_ids_are_asked_for_in_groups() -> None:
    served = books(*(invoice(n, referenceNumber=f"A-{n}") for n in range(1, 121)))
    assert len(read(served, documents=tuple(str(n) for n in range(1, 121)))) == 120
    assert sum("ids=" in call for call in served.calls) == 3


@pytest.mark.parametrize("batch", ["7", "300", "ar march", " AR March "])
def test_one_batch_is_read_by_number_id_or_name(batch: str) -> None:
    served = books(
        invoice(1, batch={"id": 300, "number": "7", "name": "AR March"}),
        invoice(2, batch={"id": 7, "number": "8", "name": "other"}),
        invoice(3, batch=None),
    )
    assert numbers(read(served, batch=batch)) == ["N1"]


def test_a_batch_and_chosen_documents_narrow_each_other() -> None:
    one = {"id": 300, "number": "7", "name": "AR March"}
    served = books(invoice(1, batch=one), invoice(2, batch=one), invoice(3, batch=None))
    assert numbers(read(served, batch="7", documents=("n2", "n3"))) == ["N2"]


def test_a_batch_that_is_not_there_is_empty() -> None:
    assert read(books(invoice(1)), batch="99") == []


def test_a_server_that_ignores_the_batch_gives_no_other_batch() -> None:
    rows = [invoice(1), invoice(2, batch={"id": 1, "number": "1", "name": None})]
    assert numbers(read(Script(page(rows)), batch="7475")) == ["N1"]
