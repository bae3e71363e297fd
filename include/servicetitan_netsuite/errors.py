"""Every error the sync raises on purpose. The base class decides what a retry may do.

SyncError
├── ConfigurationError    set-up is wrong: fail, a retry cannot help
├── LeaseLost             another worker took over this tenant: stop at once
├── DocumentError         one document cannot go on; the others do
│   ├── Blocked               a mapping, period, parent or rule is missing
│   └── Rejected              NetSuite said no, in its own words
└── Waiting               try again after `wait_s` seconds
    ├── TransientError        the other side is busy or away
    ├── UncertainOutcome      nobody knows yet whether a document landed
    └── LeaseHeld             another worker is busy with this tenant
"""

from __future__ import annotations


class SyncError(Exception):
    """Root of the tree: one sentence that says what is wrong, where, and what to do."""


class ConfigurationError(SyncError):
    """Something a person has to set right: a file, a connection, a permission, a parameter."""


class LeaseLost(SyncError):
    """This worker's fence is older than the tenant's lease: whatever it does next is refused."""


class DocumentError(SyncError):
    """One document is stopped for a reason that a bookkeeper can read and act on.

    Args:
        cause: code from `documents.Cause`, by which problems are grouped.
        sentence: what is wrong, in words.
        advice: what to do about it.
    """

    def __init__(self, cause: str, sentence: str, advice: str) -> None:
        super().__init__(f"{sentence} {advice}")
        self.cause = cause
        self.sentence = sentence
        self.advice = advice


class Blocked(DocumentError):
    """A check of ours failed; nothing was sent."""


class Rejected(DocumentError):
    """NetSuite refused the document and certainly did not keep it."""


class Waiting(SyncError):
    """Work that goes on by itself after `wait_s` seconds."""

    def __init__(self, message: str, wait_s: float = 30.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class TransientError(Waiting):
    """The other side refused, throttled or was away before anything happened."""


class UncertainOutcome(Waiting):
    """Documents whose outcome is not known until their settle time is over."""


class LeaseHeld(Waiting):
    """Another worker holds the tenant's lease until it ends or expires."""
