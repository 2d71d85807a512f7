"""A group of commands, each a module that is imported when it is named."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

PACKAGE = "fleet_tui.cli"


class LazyGroup(click.Group):
    """`modules`: the commands, and where below this package each of them is: `module`, or `module:name`.

    Without a name it is the module's `command`.
    """

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names for `--help` and completion."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in self._modules:
            return None
        module, _, name = self._modules[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"{PACKAGE}.{module}"), name or "command")
        return command
