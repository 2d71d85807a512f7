"""Patterns of paths, written as in `.gitignore`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class PathPatterns:
    """Compiled when the first path is asked about: the first paint can do without the library."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = tuple(lines)

    def match_file(self, path: str) -> bool:
        """Whether the last pattern that speaks of `path` takes it in."""
        return bool(self._spec.match_file(path))

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(self._lines)
