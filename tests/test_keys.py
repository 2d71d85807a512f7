"""Keys are declared once: the tables hold together, and what they name is there."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from fleet_tui import keys
from fleet_tui.app import FleetApp
from fleet_tui.keys import ALL, BY_SCREEN, EVERYWHERE, SCREENS, Key, is_key
from fleet_tui.keys.activity import ACTIVITY
from fleet_tui.keys.document import markdown
from fleet_tui.keys.freeze import FREEZE
from fleet_tui.keys.spelling import key_of, pressed
from fleet_tui.screens.bindings import WRITING
from fleet_tui.screens.feed_screen import FeedScreen
from fleet_tui.screens.registry import screen_class

OVERRIDDEN = {"p", "a"}
"""Keys of every screen to which one screen gives another meaning; the program has another key for them there."""


def single(of: Iterable[Key]) -> list[str]:
    """The keys, one by one."""
    return [key for one in of for key in one.key.split(",")]


def test_every_key_has_a_name_of_its_own() -> None:
    names = [key.id for key in ALL]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("screen", BY_SCREEN)
def test_on_no_screen_does_a_key_mean_two_things(screen: str) -> None:
    own, everywhere = single(BY_SCREEN[screen]), single(EVERYWHERE)
    assert len(set(own)) == len(own)
    assert len(set(everywhere)) == len(everywhere)
    assert set(own) & set(everywhere) <= OVERRIDDEN


@pytest.mark.parametrize("screen", BY_SCREEN)
def test_whatever_a_screen_overrides_can_still_be_done_there(screen: str) -> None:
    own = set(single(BY_SCREEN[screen]))
    assert [key.id for key in EVERYWHERE if set(key.key.split(",")) <= own] == []


@pytest.mark.parametrize("key", ALL, ids=lambda key: key.id)
def test_every_key_is_one_and_says_in_a_sentence_what_it_does(key: Key) -> None:
    assert is_key(key.key)
    assert key.word
    assert key.sentence[0].isupper()
    assert key.sentence.endswith(".")


@pytest.mark.parametrize("key", EVERYWHERE, ids=lambda key: key.id)
def test_every_key_that_works_everywhere_has_an_action(key: Key) -> None:
    place, _, name = key.action.partition("(")[0].rpartition(".")
    assert hasattr(FeedScreen if place == "screen" else FleetApp, f"action_{name}")


@pytest.mark.parametrize("screen", BY_SCREEN)
def test_every_key_of_a_screen_has_an_action_on_it(screen: str) -> None:
    methods = [f"action_{key.action.partition('(')[0]}" for key in BY_SCREEN[screen]]
    assert [method for method in methods if not hasattr(screen_class(screen), method)] == []


def test_every_screen_has_its_number_and_its_keys() -> None:
    assert SCREENS.keys() == FleetApp.MODES.keys() == BY_SCREEN.keys()
    numbers = [number for number, _ in SCREENS.values()]
    assert sorted(set(numbers)) == numbers


def test_what_writes_is_taken_away_in_read_only_mode_and_nothing_else() -> None:
    assert {"unfreeze", "freeze"} <= WRITING
    assert {key.action.partition("(")[0] for key in (*EVERYWHERE, *ACTIVITY)}.isdisjoint(WRITING)
    assert all(key.writes for key in FREEZE)


def test_a_key_that_the_user_has_moved_goes_before_the_one_that_stood_there() -> None:
    keys = (Key("a", "x,f2", "first", "", ""), Key("b", "y", "second", "", ""))
    assert pressed(keys, {}) == {"x": keys[0], "f2": keys[0], "y": keys[1]}
    assert pressed(keys, {"b": "x, z"}) == {"x": keys[1], "f2": keys[0], "z": keys[1]}


@pytest.mark.parametrize(
    "name", ["u", "U", "7", "f1", "f24", "ctrl+r", "ctrl+shift+f5", "slash", "question_mark", "space", "u,U", "u, f5"]
)
def test_these_are_keys(name: str) -> None:
    assert is_key(name)


@pytest.mark.parametrize(
    "name", ["", "uu", "f0", "f25", "ctrl", "ctrl+", "+u", "hyper+u", "ctrl-r", "/", "u,", "u,,v", "Enter", "ctrl+ü+"]
)
def test_these_are_no_keys(name: str) -> None:
    assert not is_key(name)


def test_the_document_names_every_key_under_its_screen() -> None:
    everywhere, *screens = markdown().split("\n## ")[1:]
    assert everywhere.startswith("Everywhere\n")
    assert [section.partition("\n")[0] for section in screens] == [SCREENS[name][1] for name in BY_SCREEN]
    for section, of in zip((everywhere, *screens), (EVERYWHERE, *BY_SCREEN.values()), strict=True):
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [row.split("`")[3] for row in rows] == [key.id for key in of]
        assert [row.endswith("*Writes.* |") for row in rows] == [key.writes for key in of]


def test_a_key_that_markdown_would_not_show_is_written_as_it_is_pressed() -> None:
    assert "| `/` | `filter` |" in markdown()
    assert "| `?` | `help` |" in markdown()
    assert {key.id for key in ALL} == keys.IDS


@pytest.mark.parametrize(
    ("action", "keymap", "screen", "key"),
    [
        ("filter", {}, "", "/"),
        ("help", {"help": "f1"}, "bugs", "f1"),
        ("pause", {}, "freeze", "p"),
        ("pause", {}, "release_qa", "P"),  # where p passes a test
        ("pause", {"qa.pass": "x"}, "release_qa", "p"),
        ("pause", {"freeze.unfreeze": "p, P"}, "freeze", "p"),  # none is left: then by the palette
        ("qa.create", {"qa.create": "C, f6"}, "release_qa", "C"),
    ],
)
def test_sentences_call_a_key_as_it_is_on_that_screen(
    action: str, keymap: dict[str, str], screen: str, key: str
) -> None:
    assert key_of(action, keymap, screen) == key
