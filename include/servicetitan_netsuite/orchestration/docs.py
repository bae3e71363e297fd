"""What Airflow shows beside a Dag: what it does, and what to do when it fails."""

from __future__ import annotations

from servicetitan_netsuite.tenants import MasterData, Tenant

STEPS = {
    "extract_pending": (
        "Reads what is pending in ServiceTitan into the ledger. Writes to neither server; "
        "run it again at any time."
    ),
    "validate_mappings": (
        "Checks every pending document against mappings, periods and NetSuite's accounts. "
        "What it blocks is listed by cause under *Sync results*."
    ),
    "post_to_netsuite": (
        "Posts each ready document once, verifies it and reports back to ServiceTitan. "
        "After a crash it looks up what may have landed before it sends anything."
    ),
    "summarize": (
        "Writes the run summary whatever happened before, then fails the run if a step did not "
        "succeed."
    ),
}

_TENANT = """\
# {name}

What is pending sync in ServiceTitan (tenant {tenant_id}) is posted to NetSuite
(connection `{netsuite}`), each document exactly once. Runs {schedule}.

**Trigger** it for a run of this tenant alone; *Dry run* shows what would be posted and writes
nothing anywhere. **Latest run** and **Sync results** show the outcome document by document.

## When a run fails

Nothing is lost and nothing is posted twice: clearing the failed task, or simply the next run, goes
on where this one stopped.

- **`extract_pending`**: ServiceTitan could not be read. The last line of its log says why; test the
  connection `{servicetitan}` under Admin > Connections.
- **`validate_mappings`**: NetSuite's accounts or periods could not be read. Test the connection
  `{netsuite}`; its role needs the permissions that the README lists.
- **`post_to_netsuite`**: NetSuite or the network went away, or outcomes are still unknown. Let it
  use up its retries, then trigger again: what may have landed is looked up first.
- **`summarize`** alone: the run as a whole failed. Its log holds the summary: what was posted and
  what remains.
- **No task starts**: the pool `{netsuite}` is missing, or smaller than this tenant's share of
  {slots}. Run the set-up again, or set the pool right under Admin > Pools.

Blocked and rejected documents do not fail a run. They wait for a person: see **Sync results**.
"""

MASTER_STEPS = {
    "sync_master_data": (
        "Links, creates and changes ServiceTitan's vendors and GL accounts as NetSuite has them. "
        "Run it again at any time: what is there is found, never made twice."
    ),
    "summarize": "Writes what was done and why, whatever happened before.",
}

_MASTER_DATA = """\
# {name}: vendors and accounts

NetSuite's vendors and GL accounts that carry its check box for ServiceTitan (`{vendor_flag}`,
`{account_flag}`) are taken there (tenant {tenant_id}): linked where they are found, created where
they are not, and changed when NetSuite changes them. What is not flagged is never created. Runs
{schedule}.

**Trigger** it with *Dry run* to see what it would do; nothing is written then.

## When a run fails

Nothing is made twice: trigger it again. The last line of the log of `sync_master_data` says what
is wrong: a connection (`{servicetitan}`, `{netsuite}`), a permission, or a check box that NetSuite
does not have. *What it left* in **Latest run** waits for a person and fails no run.
"""

_BROKEN = """\
# This tenant cannot be synced

`{file}` is not as a tenant file must be:

```
{message}
```

Correct the file; its Dag is back within a minute. No other tenant is touched.
"""

EXECUTE_ALL = """\
# Integration Run Controller

Runs every tenant's Dag, in parallel, and waits for them. One that fails stops no other.

`list_tenants` names the tenants that cannot run and why: a broken file, a paused Dag.
`report` shows all of them in one table, and fails when a tenant failed or could not run.

*Dry run* is passed on to every tenant.

## When it fails

Open `report`: its log names each tenant with the outcome of its run. Look at that tenant's own
Dag, put it right, and trigger that Dag alone; there is no need to run all of them again.
"""


def tenant_doc(tenant: Tenant, schedule: str) -> str:
    """The page of a tenant's Dag; changes only when the tenant file does."""
    return _TENANT.format(
        name=_plain(tenant.name),
        tenant_id=tenant.servicetitan.tenant_id,
        servicetitan=tenant.servicetitan.connection,
        netsuite=tenant.netsuite.connection,
        slots=tenant.netsuite.concurrency,
        schedule=schedule,
    )


def master_data_doc(tenant: Tenant, settings: MasterData, schedule: str) -> str:
    """The page of a tenant's master data Dag."""
    return _MASTER_DATA.format(
        name=_plain(tenant.name),
        tenant_id=tenant.servicetitan.tenant_id,
        servicetitan=tenant.servicetitan.connection,
        netsuite=tenant.netsuite.connection,
        vendor_flag=settings.vendor_flag,
        account_flag=settings.account_flag,
        schedule=schedule,
    )


def broken_doc(file: str, message: str) -> str:
    """The page of a tenant whose file cannot be used."""
    return _BROKEN.format(file=file.replace("`", "'"), message=message.replace("```", "'''"))


def _plain(text: str) -> str:
    """A name that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-.!|" else c for c in text)
