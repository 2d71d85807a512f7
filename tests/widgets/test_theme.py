"""Colours can be read, in our themes and in those of others."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from fleet_tui.theme import FLEET_DARK, FLEET_LIGHT, Tone

PAPERS = ("background", "surface", "panel", "block-cursor-background", "block-cursor-blurred-background")
INKS = ("foreground", *(tone.removeprefix("$") for tone in Tone))


def variables(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(luminance(Color.parse(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [*((ink, paper) for ink in INKS for paper in PAPERS), ("background", "accent")]


@pytest.mark.parametrize("theme", [FLEET_DARK, FLEET_LIGHT], ids=lambda theme: theme.name)
def test_text_stands_out(theme: Theme) -> None:
    colours = variables(theme)
    assert [pair for pair in PAIRS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []


def test_every_tone_has_a_colour_in_the_themes_of_others() -> None:
    names = {tone.removeprefix("$") for tone in Tone}
    assert [theme.name for theme in BUILTIN_THEMES.values() if not names <= variables(theme).keys()] == []
