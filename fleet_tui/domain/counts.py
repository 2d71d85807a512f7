"""Numbers of things in people's words."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """`1 pull request`, `3 pull requests`, `1,200 bugs`"""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def are(number: int) -> str:
    """`1 is`, `2 are`"""
    return f"{number:,} {'is' if number == 1 else 'are'}"
