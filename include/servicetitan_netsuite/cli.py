"""The command line: names and options of every command; `commands` does the work.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

_EPILOG = """
Exit codes: 0 fine; 1 done, but something needs a person; 2 wrong use or configuration; 3 try
again later (a server or the ledger is away, another worker is busy, an outcome is not known yet);
4 a run failed; 70 unexpected; 130 interrupted.

Connections are read from AIRFLOW_CONN_<ID>, the ledger from SYNC_LEDGER_URL or
AIRFLOW_CONN_SYNC_LEDGER, tenant files from SYNC_HOME. servicetitan-netsuite-airflow is the
same with the connections that Airflow keeps.
"""
_SETTINGS = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    help="Accounting documents from ServiceTitan to NetSuite, exactly once.",
    epilog=" ".join(_EPILOG.split()),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
)


def _group(name: str, text: str, *, without_command: bool = False) -> typer.Typer:
    group = typer.Typer(
        help=text,
        no_args_is_help=not without_command,
        invoke_without_command=without_command,
        rich_markup_mode=None,
        context_settings=_SETTINGS,
    )
    app.add_typer(group, name=name)
    return group


tenants = _group("tenants", "Tenant files.")
mappings = _group("mappings", "What ServiceTitan's things are in NetSuite.")
ledger = _group("ledger", "The sync's own memory.")
sandbox = _group("sandbox", "Stand-ins for both servers on this machine.", without_command=True)

Tenant = Annotated[str, typer.Argument(metavar="TENANT", help="A tenant's short name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def _done(code: int) -> None:
    raise typer.Exit(int(code))


@tenants.command("check")
def tenants_check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[TENANT]...", help="Only these.")
    ] = None,
    connect: Annotated[
        bool, typer.Option("--connect", help="Log in to both servers and read a little.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check every tenant file and its connections, and a schedule that never runs.

    Airflow's pools are checked by its own set-up.
    """
    from servicetitan_netsuite.commands import tenants as command

    _done(command.check(names or [], connect=connect, as_json=as_json))


@mappings.command("export")
def mappings_export(
    tenant: Tenant,
    file: Annotated[str, typer.Argument(help="Where to; - is stdout.")] = "-",
    as_json: AsJson = False,
) -> None:
    """Write a tenant's mappings as CSV."""
    from servicetitan_netsuite.commands import mappings as command

    _done(command.export(tenant, file, as_json=as_json))


@mappings.command("import")
def mappings_import(
    tenant: Tenant,
    file: Annotated[str, typer.Argument(help="A CSV as export writes it; - is stdin.")],
    as_json: AsJson = False,
) -> None:
    """Take in a CSV of mappings whole, or not at all if anything in it is wrong.

    An account may be named by #number in place of its internal id.

    Documents from before go-live that NetSuite holds already are linked by the kinds
    opening_invoice, opening_credit_memo, opening_payment, opening_purchase_order and
    opening_vendor_bill: source_key is ServiceTitan's id, target NetSuite's internal id. What waits
    for such a document is posted by the next run.
    """
    from servicetitan_netsuite.commands import mappings as command

    _done(command.import_(tenant, file, as_json=as_json))


@mappings.command("fill")
def mappings_fill(
    tenant: Tenant,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Map what is not mapped yet and needs no guess.

    Accounts by number, business units and terms by exact name, and the default accounts that the
    tenant's documents need as ServiceTitan uses them. Vendors, customers and items are linked by
    the runs that need them; everything else is mapped by a person.
    """
    from servicetitan_netsuite.commands import mappings as command

    _done(command.fill(tenant, dry_run=dry_run, as_json=as_json))


@app.command("run")
def run(
    tenant: Tenant,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing to either server.")
    ] = False,
    document: Annotated[
        list[str] | None, typer.Option(help="Only this number or id; may be given again.")
    ] = None,
    document_type: Annotated[
        list[str] | None,
        typer.Option(help="Only this type, like invoice or vendor_bill; may be given again."),
    ] = None,
    batch: Annotated[
        str | None, typer.Option(help="Only this batch of ServiceTitan's: its number, id or name.")
    ] = None,
    retry_rejected: Annotated[
        bool, typer.Option("--retry-rejected", help="Send again what NetSuite refused.")
    ] = False,
    max_wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait in all for what goes on by itself.")
    ] = 3600,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sync a tenant here and now, without Airflow: the same four steps."""
    from servicetitan_netsuite.commands import sync as command
    from servicetitan_netsuite.steps.context import RunParams

    params = RunParams.parse(
        {
            "dry_run": dry_run,
            "documents": document or [],
            "document_types": document_type or [],
            "batch": batch,
            "retry_rejected": retry_rejected,
        }
    )
    _done(command.run(tenant, params, max_wait, as_json=as_json, verbose=verbose))


@app.command("master-data")
def master_data(
    tenant: Tenant,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing to either server.")
    ] = False,
    max_wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait in all for what goes on by itself.")
    ] = 3600,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take NetSuite's flagged vendors and GL accounts to a tenant's ServiceTitan, here and now.

    Linked where they are found, created where they are not, changed when NetSuite changed them.
    """
    from servicetitan_netsuite.commands import master_data as command

    _done(
        command.run(tenant, dry_run=dry_run, max_wait_s=max_wait, as_json=as_json, verbose=verbose)
    )


@app.command("latest")
def latest(tenant: Tenant, as_json: AsJson = False) -> None:
    """Show the summary of a tenant's newest run; exits as that run did."""
    from servicetitan_netsuite.commands import results as command

    _done(command.latest(tenant, as_json=as_json))


@app.command("errors")
def errors(
    tenant: Tenant,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 shows all.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the documents that stand still now, why, and what to do; exits 1 if there are any.

    Documents that the newest run could not read are among them.
    """
    from servicetitan_netsuite.commands import results as command

    _done(command.errors(tenant, limit, as_json=as_json))


@app.command("reset")
def reset(
    tenant: Tenant,
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DOCUMENT]...", help="Numbers, ids or external ids."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All that is rejected or in conflict.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put rejected and conflicting documents back in the queue.

    A conflict is only compared again: nothing is sent over a record that differs.
    """
    from servicetitan_netsuite.commands import actions as command

    if bool(documents) == every:
        raise typer.BadParameter("name documents, or give --all")
    _done(command.reset(tenant, documents or [], as_json=as_json))


@app.command("resolve")
def resolve(
    tenant: Tenant,
    document: Annotated[str, typer.Argument(help="Its number, id or external id.")],
    reason: Annotated[str, typer.Option(help="Why; kept with your name.")],
    accept: Annotated[
        bool, typer.Option("--accept", help="NetSuite's record is right as it is.")
    ] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Change NetSuite's record to ServiceTitan's content.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="It is deleted or void in NetSuite: post a new one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Settle a document that is in conflict with what NetSuite holds."""
    if accept + update + again != 1:
        raise typer.BadParameter("give one of --accept, --update and --again")
    from servicetitan_netsuite.commands import actions as command
    from servicetitan_netsuite.steps.resolve import Decision

    chosen = Decision.ACCEPT if accept else Decision.UPDATE if update else Decision.AGAIN
    _done(command.resolve(tenant, document, chosen, reason, as_json=as_json))


@app.command("tie-out")
def tie_out(
    tenant: Tenant,
    period: Annotated[str, typer.Option(help="A posting period by its name, like 'Sep 2026'.")],
    as_json: AsJson = False,
) -> None:
    """Compare all that was posted into a period with NetSuite's books; exits 1 if they differ."""
    from servicetitan_netsuite.commands import tie_out as command

    _done(command.tie_out(tenant, period, as_json=as_json))


@ledger.command("migrate")
def ledger_migrate(as_json: AsJson = False) -> None:
    """Bring the ledger up to date, or make it."""
    from servicetitan_netsuite.commands import ledger as command

    _done(command.migrate(as_json=as_json))


@ledger.command("status")
def ledger_status(as_json: AsJson = False) -> None:
    """Say where the ledger is, its revision, and how many documents stand where."""
    from servicetitan_netsuite.commands import ledger as command

    _done(command.status(as_json=as_json))


@ledger.command("move")
def ledger_move(
    source: Annotated[str, typer.Option("--from", help="Where the ledger is: its url.")],
    target: Annotated[str, typer.Option("--to", help="An empty database's url.")],
    as_json: AsJson = False,
) -> None:
    """Move the whole ledger into an empty database, compare it there, and retire the old one.

    A password in a url is seen by whoever lists processes: PGPASSWORD or ~/.pgpass keeps it out.
    """
    from servicetitan_netsuite.commands import ledger as command

    _done(command.move(source, target, as_json=as_json))


@sandbox.callback()
def sandbox_default(context: typer.Context) -> None:
    """Serve the stand-ins when no command is named."""
    if context.invoked_subcommand is None:
        sandbox_serve(context)


@sandbox.command(
    "serve", context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def sandbox_serve(context: typer.Context) -> None:
    """Serve both on loopback until stopped; options as of `python -m sandbox serve`."""
    from servicetitan_netsuite.commands import sandbox as command

    command.serve(context.args)


@sandbox.command("env")
def sandbox_env(
    info_file: Annotated[Path, typer.Option(help="What the running stand-ins wrote.")] = Path(
        ".run/sandbox.json"
    ),
    as_json: AsJson = False,
) -> None:
    """Print the connections to running stand-ins as shell exports, for eval."""
    from servicetitan_netsuite.commands import sandbox as command

    _done(command.env(info_file, as_json=as_json))


def main() -> None:
    """The console script: whatever goes wrong is one sentence on stderr and an exit code."""
    try:
        app()
    except Exception as error:
        if os.environ.get("SYNC_DEBUG"):
            raise
        sys.exit(_failed(error))


def _failed(error: Exception) -> int:
    from servicetitan_netsuite.commands.base import Exit, complain, exit_for
    from servicetitan_netsuite.errors import SyncError

    if isinstance(error, SyncError):
        complain(str(error))
        return exit_for(error)
    if isinstance(error, BrokenPipeError):
        # Whoever read the output has had enough; the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINE
    from sqlalchemy.exc import OperationalError

    if isinstance(error, OperationalError):
        kind = type(error.orig).__name__
        complain(f"The ledger cannot be opened or does not answer ({kind}): check where it is.")
        return Exit.LATER
    complain(f"An unexpected {type(error).__name__}: {error} (SYNC_DEBUG=1 shows where).")
    return Exit.UNEXPECTED
