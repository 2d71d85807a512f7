"""Asking the person before something is written. `--yes` answers for them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from fleet_tui.exits import Exit, Stop

F = TypeVar("F", bound=Callable[..., Any])

NOTHING_CHANGED = "Nothing was changed."


def yes_option(command: F) -> F:
    """Adds `--yes`."""
    return click.option("--yes", is_flag=True, help="Do it without asking.")(command)


def can_ask() -> bool:
    """Whether somebody sits at the other end."""
    return sys.stdin is not None and sys.stdin.isatty()


def confirm(question: str, *, yes: bool) -> None:
    """Raises `Stop` unless the person agrees, or has done so with `--yes`."""
    if not yes:
        _require_somebody()
        if not click.confirm(question, err=True):
            raise Stop(Exit.REFUSED, NOTHING_CHANGED)


def confirm_by_typing(question: str, name: str, *, yes: bool) -> None:
    """The same for what is grave: the person has to type `name`."""
    if not yes:
        _require_somebody()
        typed = click.prompt(f"{question} Type {name} to confirm", default="", show_default=False, err=True)
        if typed.strip() != name:
            raise Stop(Exit.REFUSED, f"That is not {name}. {NOTHING_CHANGED}")


def _require_somebody() -> None:
    if not can_ask():
        raise Stop(Exit.REFUSED, f"Nobody can be asked here: the input is no terminal. {NOTHING_CHANGED} Add --yes.")
