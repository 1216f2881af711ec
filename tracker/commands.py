"""Commands by their names: of a group only the one that is run is imported and built.

To build all of some forty takes Typer longer than most of them run. The others are names to list, to complete and to
guess a slip from; their help is read off their docstrings where it is asked for.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Mapping


class Commands(TyperGroup):
    """A group that knows where its commands stand: `places` has "module:function" by name, in the order of the help.

    In the place of a function there may be a `typer.Typer`, for a group.
    """

    places: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: _Named(name, place) for name, place in self.places.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is named first, built, and what follows its name."""
        name, command, rest = super().resolve_command(ctx, args)
        if isinstance(command, _Named):
            command = self.commands[str(name)] = command.built()
        return name, command, rest


class _Named(TyperCommand):
    """A command that is not built yet."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(name)
        self._place = place

    def get_short_help_str(self, limit: int = 45) -> str:
        """The line that the group's help has for it."""
        found = self._found()
        if isinstance(found, typer.Typer):
            return str(self.built().get_short_help_str(limit))
        self.help = inspect.getdoc(found)
        return super().get_short_help_str(limit)

    def built(self) -> Any:
        """The command itself."""
        found = self._found()
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(rich_markup_mode=None, add_completion=False)
            alone.command(self.name)(found)
            found = alone
        return typer.main.get_command(found)

    def _found(self) -> Any:
        module, _, name = self._place.partition(":")
        return getattr(import_module(f"tracker.{module}"), name)
