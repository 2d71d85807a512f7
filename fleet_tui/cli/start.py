"""What all commands share: the options of the program, its configuration, and words for the person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

from fleet_tui import keys
from fleet_tui.domain.text import harmless
from fleet_tui.paths import Paths

if TYPE_CHECKING:
    from fleet_tui.config.schema import Config

F = TypeVar("F", bound=Callable[..., Any])


class Start(Struct, frozen=True):
    """How the program was called."""

    paths: Paths
    screen: str | None = None
    read_only: bool = False


def drawing_options(command: F) -> F:
    """Adds the options of the commands that draw."""
    screen = click.option("--screen", type=click.Choice(list(keys.SCREENS)), help="The screen to begin with.")
    read_only = click.option("--read-only", is_flag=True, help="Take away every key that changes something outside.")
    return screen(read_only(command))


def settings(paths: Paths) -> Config:
    """The settings in force: those of the file, or the defaults when there is none. Raises `ConfigError`."""
    from fleet_tui.config.schema import Config

    return read_settings(paths.config_file) if paths.config_file.exists() else Config()


def read_settings(path: Path) -> Config:
    """The settings in the file at `path`, its key map checked against the program's keys. Raises `ConfigError`."""
    from fleet_tui.config.load import load

    return load(path, known_keys=keys.IDS, check_key=_key_fault)


def _key_fault(name: str) -> str | None:
    from fleet_tui.config.kinds import shown

    return None if keys.is_key(name) else f"must be a key such as `u`, `ctrl+r` or `f5`, not {shown(name)}"


def say(words: str) -> None:
    """Words for the person go to stderr: stdout is for data. What a terminal would obey is replaced."""
    click.echo(harmless(words), err=True)
