"""The newsroom number engine: which quantities a text holds, and which of its numerals are none."""

from tracker.quantities.reader import quantities

__all__ = ["quantities"]
