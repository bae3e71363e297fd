"""Airflow's pools: one per NetSuite connection, as large as the account's concurrency limit."""

from __future__ import annotations

from collections.abc import Iterable

from servicetitan_netsuite.tenants import Tenant


def save_pool(connection_id: str, slots: int) -> None:
    """Make the pool of a NetSuite connection, or resize it. Needs Airflow's database."""
    from airflow.models.pool import Pool

    Pool.create_or_update_pool(
        connection_id,
        slots=slots,
        description="Requests at once to this NetSuite account, all tenants together",
        include_deferred=False,
    )


def pool_sizes() -> dict[str, int]:
    """Every pool's slots by name. Needs Airflow's database."""
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return {str(pool.pool): pool.slots for pool in session.scalars(select(Pool))}


def pool_problems(tenants: Iterable[Tenant], sizes: dict[str, int]) -> tuple[str, ...]:
    """One sentence per tenant whose tasks Airflow would never start."""
    problems = []
    for tenant in tenants:
        name, share = tenant.netsuite.connection, tenant.netsuite.concurrency
        if name not in sizes:
            problems.append(
                f"{tenant.key}: Airflow has no pool {name!r}; run the set-up, or create it."
            )
        elif 0 <= sizes[name] < share:
            problems.append(
                f"{tenant.key}: its share of {share} is above the {sizes[name]} slots of "
                f"pool {name!r}; lower netsuite.concurrency, or enlarge the pool."
            )
    return tuple(problems)
