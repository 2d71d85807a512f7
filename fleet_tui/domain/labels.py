"""Labels, looked for by the names that the settings give them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def named(labels: frozenset[str], spellings: Iterable[str]) -> str | None:
    """The first of `spellings` that is among `labels`; upper and lower case alike."""
    folded = _folded(labels)
    return next((spelling for spelling in spellings if spelling.casefold() in folded), None)


def written(labels: Iterable[str], spellings: Iterable[str]) -> tuple[str, ...]:
    """Those of `labels` that are one of `spellings`, as they are written there and in order."""
    wanted = {spelling.casefold() for spelling in spellings}
    return tuple(sorted(label for label in labels if label.casefold() in wanted))


@lru_cache(maxsize=4096)
def _folded(labels: frozenset[str]) -> frozenset[str]:
    """Thousands of bugs share some hundreds of sets of labels, each of which is asked a dozen questions."""
    return frozenset(label.casefold() for label in labels)
