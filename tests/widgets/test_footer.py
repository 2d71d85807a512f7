"""The keys at the bottom."""

from __future__ import annotations

import pytest

from fleet_tui.widgets.footer import FooterKey, KeyFooter, fitting

PASS, NOTES, HELP = (FooterKey(key, key, word) for key, word in (("p", "Pass"), ("e", "Notes"), ("?", "Help")))


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, "pe?"),
        (25, "pe?"),
        (24, "p?"),  # one of 8 cells, one of 9, and 8 for the last
        (16, "p?"),
        (15, "?"),
        (3, "?"),
    ],
)
def test_the_last_key_stays_when_there_is_little_room(width: int, shown: str) -> None:
    assert "".join(key.label for key in fitting((PASS, NOTES, HELP), width)) == shown


def test_a_key_that_does_not_fit_takes_those_after_it_along() -> None:
    long = FooterKey("g", "g", "Group ready")
    assert [key.label for key in fitting((PASS, long, NOTES, HELP), 28)] == ["p", "?"]


def test_no_keys_make_an_empty_line() -> None:
    assert KeyFooter().draw((), 80).plain == ""


@pytest.mark.parametrize("width", range(1, 30))
def test_the_line_is_never_wider_than_the_screen(width: int) -> None:
    assert KeyFooter().draw((PASS, NOTES, HELP), width).cell_length <= width


def test_a_key_that_cannot_act_is_dim() -> None:
    line = KeyFooter().draw((FooterKey("z", "z", "Undo", enabled=False), HELP), 80)
    assert line.plain == " z Undo  ? Help "
    assert [str(span.style) for span in line.spans if span.start == 0 and span.end == 8] == ["dim"]
