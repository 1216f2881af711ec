"""A group of commands imports and builds the one that is run; the others are names."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from tracker import cli

if TYPE_CHECKING:
    from tests.conftest import CommandLine

WHAT_IS_LOADED = """
import atexit, sys
atexit.register(lambda: print(*(name for name in sys.modules if name.startswith("tracker.cli_")), file=sys.stderr))
from tracker.__main__ import main
main()
"""


def group(app: typer.Typer) -> Any:
    return typer.main.get_command(app)


@pytest.mark.parametrize(
    ("app", "name", "inside"),
    [(cli.app, "list", "rating"), (cli.app, "suggest-merges", "store"), (cli.evaluate, "no-match", "queries")],
)
def test_one_command_is_built(app: typer.Typer, name: str, inside: str) -> None:
    """The others have no options yet; the next time it is there already."""
    commands = group(app)
    _, built, rest = commands.resolve_command(typer.Context(commands), [name, "rest"])
    assert inside in {param.name for param in built.params}
    assert rest == ["rest"]
    assert [key for key, command in commands.commands.items() if command.params] == [name]
    assert commands.resolve_command(typer.Context(commands), [name])[1] is built


@pytest.mark.parametrize("app", [cli.app, cli.evaluate])
def test_a_command_is_told_alike_built_or_not(app: typer.Typer) -> None:
    """Every name leads to a command, and its line of help is that of the command itself."""
    commands = group(app)
    context = typer.Context(commands)
    for name in commands.list_commands(context):
        told = commands.get_command(context, name).get_short_help_str(200)
        _, built, _ = commands.resolve_command(context, [name])
        assert told == built.get_short_help_str(200) != "", name


def test_the_modules_of_other_commands_are_not_loaded(desk: CommandLine) -> None:
    """To list claims nothing is read that imports feeds or measures models."""
    done = subprocess.run(
        [sys.executable, "-c", WHAT_IS_LOADED, "list"],
        capture_output=True,
        text=True,
        check=True,
        env=desk.environment,
        cwd=desk.folder,
    )
    assert done.stderr.split() == ["tracker.cli_claims"]
