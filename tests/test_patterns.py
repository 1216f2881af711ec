"""Patterns are compiled when they are first asked, and are then what `re` makes of them."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import tracker
from tracker.patterns import _Uncompiled, pattern


def test_it_answers_as_a_compiled_one() -> None:
    """Each method, with the flags."""
    late, now = pattern(r"(?P<word>b+)", re.IGNORECASE), re.compile(r"(?P<word>b+)", re.IGNORECASE)
    assert late.pattern == now.pattern
    assert late.sub("-", "aBbc") == now.sub("-", "aBbc") == "a-c"
    assert [one["word"] for one in late.finditer("b aBB")] == ["b", "BB"]
    assert (found := late.search("xB")) is not None
    assert found.span() == (1, 2)
    assert late.groupindex == now.groupindex


def test_it_is_compiled_once_and_late() -> None:
    """A fault shows when it is asked; what was asked is kept."""
    with pytest.raises(re.error):
        pattern("(").match("x")
    late = pattern("x")
    assert "match" not in vars(late)
    late.match("x")
    assert vars(late)["match"] == re.compile("x").match


def test_all_patterns_of_the_package_compile() -> None:
    """What is compiled late would fail late."""
    modules = [importlib.import_module(one.name) for one in pkgutil.walk_packages(tracker.__path__, "tracker.")]
    found = {id(one): one for module in modules for one in vars(module).values() if isinstance(one, _Uncompiled)}
    assert len(found) > 80
    for one in found.values():
        re.compile(one.pattern, one.flags)
