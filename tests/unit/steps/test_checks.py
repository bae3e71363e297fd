"""Names of what is in NetSuite already: looked up, never copied for each of very many documents."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from servicetitan_netsuite.netsuite.references import rename
from servicetitan_netsuite.steps.checks import Checks

CUSTOMER, INVOICE = "st-1-customer-7", "st-1-invoice-5"


class Many(dict[str, Any]):
    """So many names that reading them all for one document is a fault."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("every name was read")

    items = keys = values = __iter__  # type: ignore[assignment]

    def copy(self) -> Any:
        raise AssertionError("every name was copied")


def names() -> Any:
    entities = Many({CUSTOMER: {"id": "70"}})
    items = SimpleNamespace(entities=Many())
    known = SimpleNamespace(
        openings=Many({INVOICE: {"id": "50"}, CUSTOMER: {"id": "1"}}),
        renewed={},
        customers=SimpleNamespace(entities=entities),
        items=items,
        purchase_items=items,
    )
    return Checks.names.fget(known)  # type: ignore[attr-defined]


def test_a_body_and_a_form_take_the_names_they_need_and_read_no_others() -> None:
    body = {"customer": {"externalId": CUSTOMER}, "apply": {"items": [{"doc": {"id": "9"}}]}}
    assert rename(body, names())["customer"] == {"id": "70"}
    form = {"type": "x", "entity": CUSTOMER, "lines": [], "applied": [[INVOICE, "1.00"]]}
    renamed = rename(form, names())
    assert (renamed["entity"], renamed["applied"]) == ("70", [["50", "1.00"]])


def test_a_customer_found_for_the_run_counts_more_than_what_else_has_its_name() -> None:
    assert names()[CUSTOMER] == {"id": "70"}
    assert "st-1-customer-8" not in names()
