"""A field for the path of a file, which offers what there is on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from textual.suggester import Suggester
from textual.widgets import Input

from fleet_tui.aside import aside


class PathInput(Input):
    """A path; the right arrow takes what is offered."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True, suggester=PathSuggester())
        self.cursor_blink = False
        self.select_on_focus = False

    @property
    def path(self) -> Path | None:
        """What is typed, with `~` as the home; None when nothing is."""
        typed = self.value.strip()
        return Path(typed).expanduser() if typed else None


class PathSuggester(Suggester):
    """The first entry of the folder that begins like what is typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The whole path, as far as it is certain; None when nothing begins so."""
        return await aside(completed, value)


def completed(typed: str) -> str | None:
    """`typed`, completed to the first visible entry of its folder that begins so; None when there is none.

    A folder ends in a slash. Blocks.
    """
    folder, slash, start = typed.rpartition("/")
    if not slash or not start:
        return None
    try:
        with os.scandir(Path(folder + slash).expanduser()) as entries:
            fitting = sorted((one.name, one.is_dir()) for one in entries if one.name.startswith(start))
    except (OSError, RuntimeError):  # no such folder, or no such home
        return None
    return next((folder + slash + name + "/" * is_folder for name, is_folder in fitting), None)
