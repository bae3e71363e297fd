"""A stand-in NetSuite: SuiteTalk REST over real HTTP, written from the contract."""

from __future__ import annotations

from sandbox.netsuite.app import create_app
from sandbox.netsuite.credentials import Credentials, load_or_create

__all__ = ["Credentials", "create_app", "load_or_create"]
