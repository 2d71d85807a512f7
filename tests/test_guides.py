"""The guides, the tour and troubleshooting say what is true: keys, settings, and words of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fleet_tui import keys
from fleet_tui.cli.setup import INTRODUCTION
from fleet_tui.config.schema import Config
from fleet_tui.keys.spelling import spelled
from tests.test_documents import FENCED, GUIDES, HELP, ROOT, rows, text

BY_NUMBER = {number: name for name, (number, _) in keys.SCREENS.items()}
MOVES = {"j", "k", "g", "G", "esc"}
"""What works in every list."""
SECTION = re.compile(r"^## [^\n]*\(`(\d)`\)$(.*?)(?=^## |\Z)", re.M | re.S)
KEY = re.compile(r"`(\S|enter|space|esc|f\d)`")
SETTING = re.compile(rf"`((?:{'|'.join(Config.__struct_fields__)})\.\w+)`")


def keys_of(screen: str) -> set[str]:
    """What can be pressed there."""
    declared = [*keys.EVERYWHERE, *keys.BY_SCREEN[screen]]
    return MOVES | {key for one in declared for key in spelled(one.key).split(", ")}


def sections(guide: str) -> Iterator[tuple[str, str]]:
    """The screens that a guide speaks of, each with what it says there."""
    return ((BY_NUMBER[number], words) for number, words in SECTION.findall(text(guide)))


@pytest.mark.parametrize("guide", GUIDES)
def test_a_named_key_is_one_of_that_screen(guide: str) -> None:
    told = list(sections(guide))
    assert len(told) >= 2
    for screen, words in told:
        assert set(KEY.findall(words)) - {"`"} <= keys_of(screen), screen


def test_a_key_of_another_screen_is_found_out() -> None:
    assert "u" not in keys_of("oncall")
    assert {"u", "?", "r"} <= keys_of("freeze")
    assert "!" in keys_of("bugs")


@pytest.mark.parametrize(
    ("guide", "screens"),
    [
        ("docs/guide-on-call.md", {"today", "oncall", "bugs", "certificates"}),
        ("docs/guide-qa.md", {"bugs", "release_qa"}),
        ("docs/guide-release.md", {"release", "freeze", "release_qa", "activity"}),
    ],
)
def test_a_guide_tells_of_the_screens_of_that_work(guide: str, screens: set[str]) -> None:
    assert {screen for screen, _ in sections(guide)} == screens


@pytest.mark.parametrize("document", ["README.md", *HELP])
def test_a_named_setting_exists(document: str) -> None:
    for name in SETTING.findall(FENCED.sub("", text(document))):
        section, field = name.split(".")
        assert field in msgspec.structs.asdict(getattr(Config(), section)), name


def test_troubleshooting_quotes_what_the_program_says() -> None:
    sources = " ".join(file.read_text(encoding="utf-8") for file in (ROOT / "fleet_tui").rglob("*.py"))
    said = re.sub(r"\s+", " ", re.sub(r'"\s*\n\s*f?"', "", sources))
    quoted = re.findall(r"“([^”]+)”", text("docs/troubleshooting.md"))
    parts = [part.strip() for words in quoted for part in words.replace("60×20", "…").split("…") if part.strip()]
    assert len(parts) >= 10
    assert [part for part in parts if part not in said] == []


def test_the_set_up_is_described_as_it_begins() -> None:
    first = INTRODUCTION.partition(".")[0]
    assert f"“{first}”" in text("docs/troubleshooting.md")


def test_the_tour_unfreezes_ticks_and_moves() -> None:
    pressed = [row[0].strip("`") for row in rows("README.md", "press")]
    assert pressed[0] == keys.SCREENS["freeze"][0]
    assert {"u", "p", "a"} <= set(pressed)


def test_the_readme_shows_a_picture_of_each_screen_and_each_picture_is_there() -> None:
    named = set(re.findall(r"\]\(docs/pictures/(\w+)\.svg\)", text("README.md")))
    made = {file.stem for file in Path(ROOT, "docs", "pictures").glob("*.svg")}
    assert named == made == set(keys.SCREENS) - {"activity"}
