"""A tenant file is checked whole, in sentences that name the file and the field."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.tenants import (
    Tenant,
    home,
    json_schema,
    read_tenant,
    read_tenant_file,
    tenant_files,
)

GOOD = """
name: Albany Heating & Air
short_name: ALB
timezone: America/New_York
servicetitan: {tenant_id: 1001, connection: servicetitan_alb}
netsuite: {connection: netsuite, concurrency: 2}
sync:
  method: journal_entries
  from: 2026-01-01
schedule:
  status: scheduled
  frequency: weekly
  on: [mon, thu]
  at: "02:00"
  starts: 2026-01-05
"""


def written(folder: Path, text: str, name: str = "alb.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_reads_with_its_defaults(tmp_path: Path) -> None:
    tenant = read_tenant_file(written(tmp_path, GOOD))
    assert (tenant.key, tenant.dag_id) == ("alb", "netsuite_sync_alb")
    assert tenant.servicetitan.tenant_id == "1001"
    assert tenant.sync.pending == ("InProgress",)
    assert tenant.schedule.on == ("mon", "thu")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("short_name: ALB", "short_name: albany", "short_name"),
        ("America/New_York", "New York", "IANA time zone"),
        ("method: journal_entries", "method: everything", "sync.method"),
        ("from: 2026-01-01", "from: soon", "sync.from"),
        ("concurrency: 2", "concurrency: 0", "netsuite.concurrency"),
        ("  from: 2026-01-01", "  from: 2026-01-01\n  pendng: []", "sync.pendng"),
        ("  from: 2026-01-01", "  from: 2026-01-01\n  pending: [NotSynced]", "sync.pending"),
        ('"02:00"', "14:30", "quotes"),
        ("  on: [mon, thu]\n", "", "weekly needs days"),
        ("on: [mon, thu]", "on: last fri", "weekly needs days"),
        ("frequency: weekly", "frequency: daily", "no meaning for daily"),
        ("starts: 2026-01-05", "starts: 2026-01-05\n  ends: 2025-01-01", "before starts"),
        ("name: Albany", "name: Albany\nname: Albany", "given twice"),
        ("tenant_id: 1001", "tenant_id: ../1001", "tenant_id"),
        ("name: Albany Heating & Air", "name: [", "cannot be read"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=r"alb\.yaml") as error:
        read_tenant_file(written(tmp_path, GOOD.replace(old, new)))
    assert told in str(error.value)


def test_the_file_is_called_after_the_short_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"must be alb\.yaml"):
        read_tenant_file(written(tmp_path, GOOD, "albany.yaml"))


@pytest.mark.parametrize("key", ["zzz", "../alb", "alb/../alb", ""])
def test_an_unknown_tenant_is_refused_with_the_ones_there_are(key: str) -> None:
    with pytest.raises(ConfigurationError, match="alb"):
        read_tenant(key)


def test_the_shipped_files_are_right_and_fit_the_shipped_schema() -> None:
    for path in tenant_files():
        assert isinstance(read_tenant_file(path), Tenant)


def test_the_schema_in_the_repository_is_the_one_the_code_checks_by() -> None:
    shipped = (home() / "tenants" / "tenant.schema.json").read_text(encoding="utf-8")
    assert shipped == json_schema()


def test_an_editor_accepts_by_the_schema_what_the_code_accepts() -> None:
    values = yaml.safe_load(GOOD.replace("  on:", '  "on":'))
    as_editor_sees = json.loads(json.dumps(values, default=str))
    jsonschema.validate(as_editor_sees, json.loads(json_schema()))


def test_an_account_that_demands_tax_codes_takes_journal_entries_only(tmp_path: Path) -> None:
    demanding = GOOD.replace("concurrency: 2", "concurrency: 2, tax_codes: true")
    assert read_tenant_file(written(tmp_path, demanding)).netsuite.tax_codes
    documents = demanding.replace("  method: journal_entries", "  method: documents")
    documents = documents.replace("from: 2026-01-01", "from: 2026-01-01\n  cost_of_sales: none")
    with pytest.raises(ConfigurationError, match="takes journal entries only"):
        read_tenant_file(written(tmp_path, documents))
