"""The connection types as Airflow's forms show them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import airflow
import jsonschema
import pytest

import servicetitan_netsuite
from servicetitan_netsuite.orchestration.provider import get_provider_info

TYPES = {"servicetitan", "netsuite", "ledger"}


def declared() -> dict[str, Any]:
    return {part["connection-type"]: part for part in get_provider_info()["connection-types"]}


def test_it_is_what_airflow_expects_of_a_provider():
    schema = json.loads((Path(airflow.__file__).parent / "provider_info.schema.json").read_text())
    jsonschema.validate(get_provider_info(), schema)
    assert set(declared()) == TYPES


@pytest.fixture(scope="module")
def forms() -> dict[str, Any]:
    from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService

    return {form.connection_type: form for form in HookMetaService.hook_meta_data()}


def test_airflow_offers_the_three_types(forms: dict[str, Any]):
    assert set(forms) >= TYPES
    assert forms["netsuite"].hook_name == "NetSuite"
    assert forms["servicetitan"].standard_fields.login.title == "Client ID"


def test_the_forms_fields_are_those_that_the_clients_read(forms: dict[str, Any]):
    root = Path(servicetitan_netsuite.__file__).parent
    for kind in ("servicetitan", "netsuite"):
        readers = [root / kind / "credentials.py", root / "dashboard" / "links.py"]
        source = "".join(path.read_text(encoding="utf-8") for path in readers)
        for name in forms[kind].extra_fields:
            read = f'"{name}"' in source or f"`{name}`" in source
            assert read, f"{kind}: nobody reads {name}"


@pytest.mark.parametrize(
    ("kind", "name"),
    [("servicetitan", "app_key"), ("netsuite", "token_id"), ("netsuite", "token_secret")],
)
def test_secrets_are_asked_for_as_passwords(forms: dict[str, Any], kind: str, name: str):
    assert forms[kind].extra_fields[name]["schema"]["format"] == "password"


def test_the_port_is_asked_for_because_airflows_test_button_needs_it(forms: dict[str, Any]):
    for kind in ("servicetitan", "netsuite"):
        assert not forms[kind].standard_fields.port.hidden


def test_every_type_has_a_hook_with_a_test():
    from airflow.sdk.module_loading import import_string

    for kind, part in declared().items():
        hook = import_string(part["hook-class-name"])
        assert hook.conn_type == kind
        assert callable(hook.test_connection)
