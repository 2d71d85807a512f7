"""The column of cards: cursor, headings, marks, view, and what it writes."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from textual import on
from textual.content import Content

from fleet_tui.widgets import glyphs
from fleet_tui.widgets.card_list import Card, CardList, Entry, Heading
from tests.widgets.host import Host, Terminal


def face(value: object, width: int) -> tuple[Content, ...]:
    """Two lines that say what they are of, and how much room they have."""
    return Content(f"title {value}"), Content(f"facts {value} {width}")


def cards(text: str) -> tuple[Entry, ...]:
    """A card for each letter; capitals are headings."""
    return tuple(Heading(one, f"Group {one}") if one.isupper() else Card(one, one) for one in text)


class Listener(Host):
    """Keeps what the list tells."""

    def __init__(self, shown: CardList) -> None:
        super().__init__(shown)
        self.told: list[tuple[str, str | None]] = []

    @on(CardList.Moved)
    def keep_move(self, event: CardList.Moved) -> None:
        self.told.append(("moved", event.key))

    @on(CardList.Chosen)
    def keep_choice(self, event: CardList.Chosen) -> None:
        self.told.append(("chosen", event.key))


def lines(app: Host) -> list[str]:
    """What is on the screen, without empty lines below."""
    return "\n".join(app.screen_lines()).rstrip().split("\n")


async def test_cards_stand_under_their_headings_with_cursor_marks_and_air() -> None:
    shown = CardList(face)
    app = Host(shown)
    async with app.run_test(size=(30, 14)) as pilot:
        shown.sync(cards("AabBc"), marked=frozenset("b"), pending=frozenset("c"))
        await pilot.pause()
        assert [line.partition(glyphs.RULE)[0].rstrip() for line in lines(app)] == [
            " Group A",
            f" {glyphs.CURSOR} title a",
            "   facts a 26",
            f" {glyphs.MARKED} title b",
            f" {glyphs.MARKED} facts b 26",
            "",
            " Group B",
            f" {glyphs.PENDING} title c",
            f" {glyphs.PENDING} facts c 26",
        ]
        shown.sync(cards("ab"), airy=True)
        await pilot.pause()
        assert lines(app) == [f" {glyphs.CURSOR} title a", "   facts a 26", "", "   title b", "   facts b 26"]
        shown.is_current = False
        shown.repaint()
        await pilot.pause()
        assert lines(app)[0] == "   title a", "the sign is in one list of several"


@pytest.mark.parametrize(
    ("keys", "selected"),
    [
        ("j", "b"),
        ("j j", "c"),
        ("j j k", "b"),
        ("k", "a"),
        ("G", "d"),
        ("end home", "a"),
        ("pagedown", "c"),
        ("pagedown pagedown pagedown", "d"),
        ("G pageup pageup pageup", "a"),
    ],
)
async def test_keys_move_the_cursor_over_headings(keys: str, selected: str) -> None:
    shown = CardList(face)
    async with Host(shown).run_test(size=(30, 9)) as pilot:
        shown.sync(cards("AabBcd"))
        await pilot.press(*keys.split())
        assert shown.selected_key == selected


async def test_a_loose_cursor_holds_nothing_until_a_key_takes_hold() -> None:
    shown = CardList(face)
    app = Listener(shown)
    async with app.run_test() as pilot:
        shown.sync(cards("abc"))
        await pilot.press("j", "enter")
        shown.sync(cards("ac"))
        assert (shown.selected_key, shown.cursor_key) == (None, "c")
        await pilot.pause()
        assert lines(app)[2] == f" {glyphs.CURSOR_LOOSE} title c"
        await pilot.press("enter", "enter")
        shown.sync(cards(""))
        await pilot.press("j", "k", "G", "home", "pagedown", "pageup", "enter")
        moves = [("moved", "a"), ("moved", "b"), ("chosen", "b"), ("moved", None), ("moved", "c"), ("chosen", "c")]
        assert app.told == [*moves, ("moved", None)]


async def test_the_cursor_stays_on_the_first_card_until_somebody_moves_it_and_on_its_key_then() -> None:
    shown = CardList(face)
    async with Host(shown).run_test() as pilot:
        shown.sync(cards("bc"))
        shown.sync(cards("abc"))
        assert shown.selected_key == "a"
        await pilot.press("j")
        shown.sync(cards("xyabc"))
        assert shown.selected_key == "b"


async def test_a_click_selects_and_a_second_one_chooses() -> None:
    shown = CardList(face)
    app = Listener(shown)
    async with app.run_test() as pilot:
        shown.sync(cards("aBc"))
        await pilot.click(shown, offset=(5, 3))
        assert shown.selected_key == "a", "a heading is not taken hold of"
        await pilot.click(shown, offset=(5, 5), times=2)
        assert app.told[-2:] == [("moved", "c"), ("chosen", "c")]


def many(numbers: Sequence[int]) -> tuple[Entry, ...]:
    return tuple(Card(str(number), number) for number in numbers)


def line_of(app: Host, key: str) -> int:
    return next(y for y, line in enumerate(app.screen_lines()) if f"title {key}" in line)


async def test_the_card_under_the_cursor_keeps_its_screen_line_and_a_smaller_terminal_keeps_it_in_view() -> None:
    shown = CardList(face)
    app = Host(shown)
    async with app.run_test(size=(40, 10)) as pilot:
        shown.sync(many(range(100)))
        shown.select("50")
        await pilot.press("k")
        line = line_of(app, "49")
        shown.sync(many([200, *range(100)]))
        await pilot.pause()
        assert line_of(app, "49") == line
        shown.sync(many([number for number in range(7, 100) if number != 49]))
        await pilot.pause()
        assert shown.cursor_key == "50"
        assert line_of(app, "50") == line
        await pilot.press("j", "G")
        await pilot.resize_terminal(30, 5)
        await pilot.pause()
        assert line_of(app, "99") in range(4)


async def test_equal_entries_write_nothing_and_one_that_changed_its_lines_alone() -> None:
    shown = CardList(face)
    app = Host(shown)
    async with app.run_test(size=(40, 20)) as pilot:
        shown.sync(many(range(50)))
        await app.listen(pilot)
        shown.sync(many(range(50)))
        assert await app.written(pilot) == ""
        shown.sync((Card("0", 0), Card("1", "new"), *many(range(2, 50))))
        written = await app.written(pilot)
        assert "title new" in written
        assert "title 2" not in written
        shown.sync((Card("0", 0), Card("1", "new"), *many(range(2, 50))), marked=frozenset({"3"}))
        written = await app.written(pilot)
        assert "title 3" in written
        assert "title 4" not in written
        terminal = Terminal(40, 20)
        shown.refresh()
        terminal.feed(await app.written(pilot))
        assert terminal.lines() == app.screen_lines()


async def test_without_cards_it_says_why() -> None:
    shown = CardList(face, empty="None. [b]Enjoy[/b] the quiet.")
    app = Host(shown)
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        assert lines(app) == ["   None. [b]Enjoy[/b] the quiet."]
        assert not shown.select("a")


async def test_ten_thousand_cards_are_shown_quickly_and_compared_more_quickly() -> None:
    shown = CardList(face)
    async with Host(shown).run_test(size=(40, 40)) as pilot:
        await pilot.pause()
        first = timed(shown, many(range(10_000)))
        again = min(timed(shown, many(range(10_000))) for _ in range(5))
        assert first < 0.5
        assert again < 0.1
        await pilot.press("G")
        assert shown.selected_key == "9999"


def timed(shown: CardList, entries: tuple[Entry, ...]) -> float:
    started = time.process_time()
    shown.sync(entries)
    return time.process_time() - started


async def test_other_colours_are_shown_at_once() -> None:
    shown = CardList(lambda value, width: (Content.styled("title", "$text-success"), Content("facts")))
    app = Host(shown)
    async with app.run_test(size=(30, 8)) as pilot:
        shown.sync(cards("a"))
        await pilot.pause()
        before = shown.render_line(0)
        assert shown.render_line(0) is before, "what looks alike is drawn once"
        app.theme = "fleet-light"
        await pilot.pause()
        assert [part.text for part in shown.render_line(0)] == [part.text for part in before]
        assert [part.style for part in shown.render_line(0)] != [part.style for part in before]
