"""A tenant whose tasks Airflow would never start is named."""

from __future__ import annotations

from servicetitan_netsuite.orchestration.pools import pool_problems
from servicetitan_netsuite.tenants import Tenant


def tenant(share: int) -> Tenant:
    return Tenant.model_validate(
        {
            "name": "Albany",
            "short_name": "ALB",
            "timezone": "America/New_York",
            "servicetitan": {"tenant_id": 1, "connection": "st"},
            "netsuite": {"connection": "ns", "concurrency": share},
            "sync": {"method": "journal_entries", "from": "2026-01-01"},
        }
    )


def test_a_share_within_the_pool_is_right():
    assert pool_problems([tenant(5)], {"ns": 5}) == ()


def test_a_pool_without_limit_fits_every_share():
    assert pool_problems([tenant(5)], {"ns": -1}) == ()


def test_a_share_above_the_pool_is_named():
    (problem,) = pool_problems([tenant(6)], {"ns": 5})
    assert "alb" in problem
    assert "share of 6" in problem


def test_a_missing_pool_is_named():
    (problem,) = pool_problems([tenant(1)], {"default_pool": 128})
    assert "no pool 'ns'" in problem
