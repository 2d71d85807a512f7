"""What a key is to the program."""

from __future__ import annotations

from msgspec import Struct


class Key(Struct, frozen=True):
    """One action that a key starts."""

    id: str
    """What the configuration calls it: `freeze.unfreeze`."""
    key: str
    """The default key; several are separated by commas."""
    action: str
    """The action's method, as Textual writes it."""
    word: str
    """For the footer."""
    sentence: str
    """For help and palette: what it does."""
    writes: bool = False
    """Whether it changes something outside: not there in read-only mode."""
    footer: bool = True
