"""What all commands share: exit codes, two kinds of output, and the way to a tenant."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

from servicetitan_netsuite.connections import ConnectionFields, find, ledger_url
from servicetitan_netsuite.documents import AccountProfile
from servicetitan_netsuite.errors import (
    ConfigurationError,
    DocumentError,
    LeaseLost,
    SyncError,
    Waiting,
)
from servicetitan_netsuite.ledger import profiles
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.migrations import open_ledger
from servicetitan_netsuite.tenants import Tenant, read_tenant


class Exit(IntEnum):
    """Exit codes, as `--help` documents them."""

    FINE = 0
    ERRORS = 1
    WRONG = 2
    LATER = 3
    FAILED = 4
    UNEXPECTED = 70
    INTERRUPTED = 130


def exit_for(error: BaseException) -> Exit:
    """The exit code that tells a script what to do about `error`."""
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, ConfigurationError):
        return Exit.WRONG
    if isinstance(error, DocumentError):
        return Exit.ERRORS
    if isinstance(error, Waiting | LeaseLost):
        return Exit.LATER
    return Exit.FAILED if isinstance(error, SyncError) else Exit.UNEXPECTED


@dataclass(frozen=True, slots=True)
class Books:
    """One tenant and its open ledger."""

    tenant: Tenant
    ledger: Ledger

    @property
    def tenant_id(self) -> str:
        """ServiceTitan's id of the tenant, by which the ledger knows it."""
        return self.tenant.servicetitan.tenant_id

    @property
    def netsuite(self) -> ConnectionFields:
        """The tenant's NetSuite connection."""
        return find(self.tenant.netsuite.connection)

    @property
    def servicetitan(self) -> ConnectionFields:
        """The tenant's ServiceTitan connection."""
        return find(self.tenant.servicetitan.connection)

    def known_profile(self) -> AccountProfile | None:
        """The NetSuite account's profile as the ledger keeps it."""
        return profiles.read(self.ledger, self.tenant.netsuite.connection)


@contextmanager
def books(key: str) -> Iterator[Books]:
    """The tenant named `key` and the ledger, closed afterwards.

    Raises:
        ConfigurationError: no such tenant, a broken file, or a ledger that needs migrating.
    """
    tenant = read_tenant(key)
    with open_ledger(ledger_url()) as ledger:
        yield Books(tenant, ledger)


def person() -> str:
    """The operating system's name for who runs this: kept with every change of theirs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise ConfigurationError(
            "The operating system has no name for you, and every change is kept with a name: "
            "set USER or LOGNAME."
        ) from error


def say(text: str) -> None:
    """A line, or several, for a person."""
    print(text)


def say_json(value: object) -> None:
    """One JSON value for a machine."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def complain(sentence: str) -> None:
    """One sentence on stderr, whatever its text holds."""
    from servicetitan_netsuite.steps.summary_text import plain

    print(f"servicetitan-netsuite: {plain(sentence)}", file=sys.stderr)


def show_table(
    head: Sequence[str], rows: Iterable[Sequence[object]], right: frozenset[int] = frozenset()
) -> None:
    """A table fit for the terminal, the columns numbered in `right` flush right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from servicetitan_netsuite.steps.summary_text import plain, table

    console = Console()
    if not console.is_terminal:
        # Into a file or pipe, a row is a line: nothing is cut or wrapped.
        lines = table(head, [[str(cell) for cell in row] for row in rows], left=len(head))
        print("\n".join(line.strip() for line in lines))
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(head):
        shown.add_column(name, justify="right" if place in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(plain(cell)) for cell in row))
    console.print(shown)
