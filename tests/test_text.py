"""Text from outside cannot do anything to the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.text import (
    MARKS_IN_A_ROW,
    UNSAFE_CATEGORIES,
    WIDTH_CHANGERS,
    ZERO_WIDTH_JOINER,
    clean,
    clean_lines,
)

NASTY = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn"]),
        st.sampled_from("\x1b\x9b\u202e\u200d\u0301\u20dd\ufe0f\U0001f3fd \t\r\n\u2028ab"),
    )
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("Fix [WIP] the [/x] thing", "Fix [WIP] the [/x] thing", id="markup is left to the widgets"),
        pytest.param("a\nb\r\nc\td", "a b c d", id="one line"),
        pytest.param("  a   b  ", "a b", id="single blanks"),
        pytest.param("a \x00 b", "a b", id="single blanks also where something was taken out"),
        pytest.param("\x1b[31mred\x1b[0m", "[31mred[0m", id="colour"),
        pytest.param("\x1b]0;owned\x07title", "]0;ownedtitle", id="window title"),
        pytest.param("\x9b2Jgone", "2Jgone", id="C1 control"),
        pytest.param("\x7f\x08back", "back", id="backspace and delete"),
        pytest.param("\u202egpj.exe\u202c", "gpj.exe", id="right-to-left override"),
        pytest.param("\u2066in\u2069", "in", id="bidi isolate"),
        pytest.param("a\u2028b\u2029c", "a b c", id="line and paragraph separator"),
        pytest.param("zero\u200bwidth\ufeff", "zerowidth", id="zero-width blanks"),
        pytest.param("\U000e0041\U000e0042hidden", "hidden", id="invisible tag letters"),
        pytest.param("a\ud83db", "ab", id="half of a surrogate pair"),
        pytest.param("\ue000\uf8ff", "", id="private use"),
        pytest.param("\u0378", "", id="not assigned"),
        pytest.param("cafe\u0301 noël", "cafe\u0301 noël", id="accents stay"),
        pytest.param("日本語 العربية", "日本語 العربية", id="scripts stay"),
        pytest.param("👩\u200d💻", "👩\u200d💻", id="joined emoji stay"),
        pytest.param("❤\ufe0f 👍🏽", "❤ 👍", id="what changes the width of an emoji goes"),
        pytest.param("z" + "\u0301" * 500, "z" + "\u0301" * 3, id="storm of accents"),
        pytest.param("z" + "\u0301\u0301\u200b" * 99, "z" + "\u0301" * 3, id="storm of accents with blanks in between"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_title_becomes_one_harmless_line(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_storm_of_accents_cannot_hide_behind_joiners() -> None:
    stormy = clean("z" + ("\u0301" * 3 + ZERO_WIDTH_JOINER) * 100)
    assert stormy.count("\u0301") == MARKS_IN_A_ROW


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("abcdef", "abcdef", id="fits"),
        pytest.param("abcdefg", "abcde…", id="one too many"),
        pytest.param("abcd efg", "abcd…", id="no blank before the dots"),
        pytest.param("x" * 64_000, "xxxxx…", id="64 kB"),
        pytest.param("a" + " " * 64_000 + "b", "a…", id="64 kB of blanks in between"),
        pytest.param("a" + " " * 64_000, "a", id="64 kB of blanks behind"),
    ],
)
def test_a_cut_title_ends_in_dots(raw: str, shown: str) -> None:
    assert clean(raw, limit=6) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("a\r\nb\rc\nd", "a\nb\nc\nd", id="all line ends"),
        pytest.param("\tcode\n  x\ty", "    code\n  x y", id="tabs and indentation"),
        pytest.param("a\n\n\nb", "a\n\n\nb", id="empty lines"),
        pytest.param("a\x1b[2Jb\u202ec", "a[2Jbc", id="controls"),
        pytest.param("a\u2028b", "a b", id="line separator"),
    ],
)
def test_a_text_keeps_its_lines_and_nothing_else(raw: str, shown: str) -> None:
    assert clean_lines(raw) == shown


@given(NASTY, st.integers(1, 40))
def test_nothing_unsafe_is_left_in_a_title(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert shown == " ".join(shown.split())
    assert _is_harmless(shown)


@given(NASTY, st.integers(1, 40))
def test_nothing_unsafe_is_left_in_a_text(text: str, limit: int) -> None:
    shown = clean_lines(text, limit)
    assert len(shown) <= limit
    assert _is_harmless(shown.replace("\n", ""))


def _is_harmless(shown: str) -> bool:
    unsafe = {unicodedata.category(character) for character in shown.replace(ZERO_WIDTH_JOINER, "")} & UNSAFE_CATEGORIES
    return not unsafe and not WIDTH_CHANGERS & set(shown) and _longest_run_of_marks(shown) <= MARKS_IN_A_ROW


def _longest_run_of_marks(text: str) -> int:
    visible = text.replace(ZERO_WIDTH_JOINER, "")
    runs = "".join("m" if unicodedata.category(one) in {"Mn", "Me"} else " " for one in visible).split()
    return max(map(len, runs), default=0)


@given(NASTY, st.integers(1, 40))
def test_cleaning_twice_changes_nothing_more(text: str, limit: int) -> None:
    title, lines = clean(text, limit), clean_lines(text, limit)
    assert clean(title, limit) == title
    assert clean_lines(lines, limit) == lines


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert clean(text) == " ".join(text.split())
    assert clean_lines(text) == text
