"""What plans of different families have in common, for builders that take any of them."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Named(Protocol):
    """A plan that tells what its record is called, and in whose books it is."""

    @property
    def external_id(self) -> str:
        """The external id of the record."""

    @property
    def tran_id(self) -> str | None:
        """Its number, None where NetSuite gives one."""

    @property
    def subsidiary(self) -> str | None:
        """Its subsidiary, None in an account without any."""

    @property
    def currency(self) -> str | None:
        """Its currency, None where the account has just one."""


class Dated(Protocol):
    """A plan that is posted on a day, in a period."""

    @property
    def date(self) -> date:
        """The day it is posted on."""

    @property
    def period(self) -> str:
        """The posting period of that day."""


class Posting(Named, Dated, Protocol):
    """A plan of what moves the general ledger."""


class Placed(Protocol):
    """A line, or a plan, with the segments of a business unit."""

    @property
    def department(self) -> str | None:
        """Its department, if it has one."""

    @property
    def class_(self) -> str | None:
        """Its class, if it has one."""

    @property
    def location(self) -> str | None:
        """Its location, if it has one."""
