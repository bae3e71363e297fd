"""Custom fields: the batch and the page of a document, where the tenant file names fields."""

from __future__ import annotations

from typing import Any

import pytest
from mapping_books import tenant

from servicetitan_netsuite.mapping.stamps import custom_fields

BOTH = {"batch": "custbody_st_batch", "link": "custbody_st_link"}
PAGE = "https://go.servicetitan.com/#/page/7"


def stamped(header: dict[str, Any], fields: dict[str, str] | None = None) -> dict[str, str]:
    own = tenant(method="documents", cost_of_sales="none", custom_fields=fields or BOTH)
    return custom_fields(header, own)


def test_batch_and_page_go_into_the_fields_that_the_tenant_file_names() -> None:
    header = {"batch": {"id": "9", "number": "118", "name": "March  AR"}, "url": PAGE}
    assert stamped(header) == {"custbody_st_batch": "118 March AR", "custbody_st_link": PAGE}
    assert stamped(header, {"batch": "custbody_a"}) == {"custbody_a": "118 March AR"}


def test_a_tenant_without_fields_sends_none() -> None:
    header = {"batch": {"id": "9", "number": "118", "name": "AR"}, "url": PAGE}
    assert custom_fields(header, tenant()) == {}


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"batch": None, "url": None},
        {"batch": {"id": "9", "number": None, "name": None}, "url": ""},
        {"batch": "AR", "url": "javascript:alert(1)"},
        {"batch": ["AR"], "url": 7},
        {"url": "https://" + "x" * 400},
    ],
)
def test_what_is_not_there_or_cannot_be_used_is_left_out(header: dict[str, Any]) -> None:
    assert stamped(header) == {}


def test_a_long_batch_name_is_cut_to_what_the_field_takes() -> None:
    made = stamped({"batch": {"number": "1", "name": "n" * 500}})["custbody_st_batch"]
    assert made.startswith("1 nnn")
    assert len(made) <= 300
