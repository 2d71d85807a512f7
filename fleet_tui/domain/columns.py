"""Columns of boards, by their names."""

from __future__ import annotations


def same_column(one: str, other: str) -> bool:
    """Whether two names mean the same column: capitals, spaces and emoji do not count, unless there is nothing else."""
    return one == other or (_bare(one) != "" and _bare(one) == _bare(other))


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
