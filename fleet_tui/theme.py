"""Our two themes, and the tones that everything drawn takes its colours from.

A tone is a Textual style that names a variable of the theme (`Content.styled("3 failed", Tone.ACT)`): what is drawn
with it follows a change of theme by itself, and reads in every theme of Textual's, in 16 colours and without colours.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from textual.theme import Theme


class Tone(StrEnum):
    """What a colour means. Never the only sign: a glyph or a word goes with it."""

    ACT = "$text-error"
    """Act now."""
    SOON = "$text-warning"
    """Soon."""
    DONE = "$text-success"
    """Done, allowed, well."""
    ACCENT = "$text-accent"
    """The one accent: what is current."""
    OLD = "$text-muted"
    """Old, elsewhere, or beside the point."""


class _Palette(NamedTuple):
    paper: str
    raised: str
    lifted: str
    line: str
    bar: str
    ink: str
    muted: str
    act: str
    soon: str
    done: str
    accent: str


def _theme(name: str, colours: _Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=colours.accent,
        secondary=colours.muted,
        accent=colours.accent,
        error=colours.act,
        warning=colours.soon,
        success=colours.done,
        foreground=colours.ink,
        background=colours.paper,
        surface=colours.raised,
        panel=colours.lifted,
        variables={
            "text": colours.ink,
            "text-muted": colours.muted,
            "text-error": colours.act,
            "text-warning": colours.soon,
            "text-success": colours.done,
            "text-accent": colours.accent,
            "text-primary": colours.accent,
            "text-secondary": colours.muted,
            "border": colours.accent,
            "border-blurred": colours.line,
            "block-cursor-background": colours.bar,
            "block-cursor-foreground": colours.ink,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": colours.lifted,
            "block-cursor-blurred-foreground": colours.ink,
            "footer-background": colours.paper,
            "footer-description-foreground": colours.muted,
            "scrollbar": colours.line,
            "scrollbar-hover": colours.muted,
            "scrollbar-active": colours.accent,
            "scrollbar-background": colours.paper,
            "scrollbar-background-hover": colours.paper,
            "scrollbar-background-active": colours.paper,
        },
    )


FLEET_DARK = _theme(
    "fleet-dark",
    _Palette(
        paper="#13181e",
        raised="#1a2027",
        lifted="#212932",
        line="#36424f",
        bar="#24384c",
        ink="#d2d9e0",
        muted="#95a3b1",
        act="#ff8a80",
        soon="#e5b95c",
        done="#7cc98b",
        accent="#7ab8f5",
    ),
    dark=True,
)
FLEET_LIGHT = _theme(
    "fleet-light",
    _Palette(
        paper="#fbfbfa",
        raised="#f1f3f5",
        lifted="#e8ecf0",
        line="#c3ccd5",
        bar="#d5e5f5",
        ink="#1f2830",
        muted="#52606d",
        act="#b3261e",
        soon="#7a5100",
        done="#1b6632",
        accent="#0b5aa8",
    ),
    dark=False,
)
