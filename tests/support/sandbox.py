"""Fixtures: the stand-ins, started once, and a site of one tenant reset for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.serve import running
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.tenants import read_tenant
from support.site import QUICK, Site


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Both stand-ins in processes of their own, over real HTTP."""
    with running(tmp_path_factory.mktemp("sandbox")) as info:
        yield info


@pytest.fixture
def make_site(sandbox: dict[str, Any], tmp_path: Path) -> Callable[..., Site]:
    """Makes a site of a tenant, with both servers reset and an empty ledger."""
    return _maker(sandbox, tmp_path)


@pytest.fixture(scope="module")
def make_shared_site(
    sandbox: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Site]:
    """As `make_site`, for a run that several tests look at."""
    return _maker(sandbox, tmp_path_factory.mktemp("site"))


def _maker(sandbox: dict[str, Any], folder: Path) -> Callable[..., Site]:
    def make(tenant: str = "alb", ledger_url: str | None = None, **times: float) -> Site:
        url = ledger_url or f"sqlite:///{folder}/ledger.db"
        migrate(url)
        site = Site(sandbox, read_tenant(tenant), url, {**QUICK, **times})
        site.reset()
        return site

    return make


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """Tenant ALB: summary journal entries into a OneWorld account."""
    return make_site("alb")
