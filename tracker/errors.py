"""Every error that a user can meet, each with its exit code.

TrackerError                1
├── UsageProblem            2   options that do not go together
├── ClaimNotFound           3
├── UnreadableSource        4   a file, page or feed that cannot be read
├── InvalidClaim            5   a claim or verdict that cannot be stored
├── ModelUnavailable        6   no weights or labels, or not the store's encoder
├── StoreTooNew             7   made by a newer tracker; left untouched
└── StoreDamaged            8   not a store, damaged, locked or not writable

The message is one line: what is wrong, where, and what to try. `cli` prints it on stderr and exits; anything that is
not a `TrackerError` is a bug and stays a traceback.
"""

from __future__ import annotations


class TrackerError(Exception):
    """Base of all errors that are the input's or the machine's fault, not a bug's."""

    exit_code = 1


class UsageProblem(TrackerError):
    """Options that are each fine but do not go together."""

    exit_code = 2


class ClaimNotFound(TrackerError):
    """No claim has this id."""

    exit_code = 3


class UnreadableSource(TrackerError):
    """A file, page or feed cannot be read: missing, empty, binary, too large, out of reach."""

    exit_code = 4


class InvalidClaim(TrackerError):
    """A claim or verdict cannot be stored as given."""

    exit_code = 5


class ModelUnavailable(TrackerError):
    """A model cannot be had or is not what it should be, or the encoder is not the store's."""

    exit_code = 6


class StoreTooNew(TrackerError):
    """The store was made by a newer tracker; it is left untouched."""

    exit_code = 7


class StoreDamaged(TrackerError):
    """The store is not one, is damaged, is locked, or cannot be written."""

    exit_code = 8
