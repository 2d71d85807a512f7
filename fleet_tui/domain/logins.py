"""GitHub logins, which GitHub spells in any capitals."""

from __future__ import annotations


def is_same(login: str, other: str) -> bool:
    """Whether both are the login of one person; nobody's is that of nobody."""
    return bool(login) and login.casefold() == other.casefold()
