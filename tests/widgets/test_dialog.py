"""Dialogs refuse by default, read nothing as markup, and fit a small terminal."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.dialog import Answer, Dialog, columns
from tests.helpers import until
from tests.widgets.host import Host

NASTY = "[@click=app.quit]x[/x]"


async def ask(dialog: Dialog[bool], *keys: str) -> list[bool | None]:
    """The answers that `dialog` gave after `keys`; none while it is open."""
    app = Host()
    answers: list[bool | None] = []
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(dialog, answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
    return answers


@pytest.mark.parametrize(
    ("keys", "answer"),
    [("enter", False), ("escape", False), ("n", False), ("y", True), ("tab enter", True), ("right left enter", False)],
)
async def test_the_default_is_no(keys: str, answer: bool) -> None:
    assert await ask(Confirm("Unfreeze #16231?"), *keys.split()) == [answer]


@pytest.mark.parametrize(("keys", "answer"), [("y y", True), ("n y", False), ("y n y", True)])
async def test_keys_that_come_at_once_give_one_answer(keys: str, answer: bool) -> None:
    app = Host()
    answers: list[bool | None] = []
    async with app.run_test(size=(60, 20)) as pilot:
        below = Confirm("One below?")
        app.push_screen(below)
        app.push_screen(Confirm("Unfreeze #16231?"), answers.append)
        await pilot.pause()
        for key in keys.split():
            app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert answers == [answer]
        assert app.screen is below


async def test_a_key_that_comes_before_the_dialog_stands_does_nothing() -> None:
    """F2 and Up at once ended the program."""
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(dialog := Confirm("Unfreeze #16231?"))
        await dialog.run_action("scroll(-1)")
        await pilot.pause()
        assert app.screen is dialog


class Written(Dialog[str]):
    """Answers with what is written in it."""

    def __init__(self, text: str) -> None:
        super().__init__("What?", [Answer("n", "No", ""), Answer("y", "Yes", "")])
        self._text = text

    def compose_body(self) -> ComposeResult:
        yield Input(self._text)

    def give(self, answer: Answer[str]) -> None:
        super().give(replace(answer, value=self.query_one(Input).value))


async def test_an_answer_that_comes_before_the_dialog_stands_is_given_when_it_does() -> None:
    app = Host()
    answers: list[str | None] = []
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(dialog := Written("as it was"), answers.append)
        dialog.on_key(Key("y", "y"))
        assert answers == []
        await until(lambda: answers)
        assert answers == ["as it was"]
        await pilot.pause()


async def test_an_answer_that_comes_under_another_screen_closes_the_dialog_and_not_the_other() -> None:
    """`n` and Ctrl+P at once: the palette came first, and Textual closed the palette."""
    app = Host()
    answers: list[bool | None] = []
    async with app.run_test(size=(60, 20)) as pilot:
        dialog, other = Confirm("Unfreeze #16231?"), ModalScreen[None]()
        app.push_screen(dialog, answers.append)
        app.push_screen(other)
        dialog.action_refuse()
        await pilot.pause()
        assert (app.screen, answers) == (other, [])
        other.dismiss()
        await pilot.pause()
        assert answers == [False]
        assert dialog not in app.screen_stack


class Asking(Confirm):
    """Waits for an answer from outside."""

    def __init__(self) -> None:
        super().__init__("Deploy it?")
        self.answered = asyncio.Event()
        self.has_gone_on = False

    @work
    async def ask(self) -> None:
        """Ask, and go on."""
        await self.answered.wait()
        self.has_gone_on = True


async def test_what_a_dialog_waits_for_ends_with_it() -> None:
    app, dialog = Host(), Asking()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(dialog)
        await pilot.pause()
        dialog.ask()
        await pilot.pause()
        dialog.action_refuse()
        dialog.answered.set()
        await pilot.pause()
        assert not dialog.has_gone_on


@pytest.mark.parametrize("keys", ["x", "tab tab tab", "y", "y m a i enter", "tab m a i n x enter"])
async def test_yes_is_withheld_until_the_words_are_typed(keys: str) -> None:
    assert await ask(Confirm("Lift the freeze?", type_to_confirm="main"), *keys.split()) == []


@pytest.mark.parametrize("keys", ["y m a i n enter", "tab m a i n tab tab enter"])
async def test_yes_is_given_after_the_words_were_typed(keys: str) -> None:
    assert await ask(Confirm("Lift the freeze?", type_to_confirm="main"), *keys.split()) == [True]


async def test_it_says_why_yes_is_withheld() -> None:
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(Confirm("Lift the freeze?", yes="Lift it", type_to_confirm="main"))
        await pilot.pause()
        assert app.screen.query_one("#answer-y", Button).disabled
        assert "For “Lift it”, type: main" in "\n".join(app.screen_lines())
        app.screen.query_one(Input).value = "main"
        await pilot.pause()
        assert not app.screen.query_one("#answer-y", Button).disabled
        assert "type: main" not in "\n".join(app.screen_lines())


async def test_what_is_said_meanwhile_does_not_cover_the_answers() -> None:
    app = Host()
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        app.push_screen(Confirm("Unfreeze #16231?", [f"Line {number}" for number in range(12)], yes="Unfreeze it"))
        app.notify("Something was said just before.")
        await pilot.pause()
        lines = app.screen_lines()
        told = next(at for at, line in enumerate(lines) if "Something was said" in line)
        assert told < 6
        assert "Unfreeze it" in "".join(lines)


async def test_no_text_is_read_as_markup() -> None:
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(Confirm(NASTY, [NASTY], yes=NASTY[:10], no=NASTY[:9], type_to_confirm=NASTY))
        await pilot.pause()
        shown = "\n".join(app.screen_lines())
        assert shown.count(NASTY) == 3
        assert NASTY[:10] in shown


async def test_a_long_text_scrolls_and_leaves_the_buttons_in_sight() -> None:
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(Confirm("Question?", [f"line {number}" for number in range(40)], type_to_confirm="main"))
        await pilot.pause()
        first = "\n".join(app.screen_lines())
        assert all(words in first for words in ("Question?", "line 0", "type: main", "Yes", "No"))
        await pilot.press("down", "pagedown")
        later = app.screen_lines()
        assert "line 0" not in later
        assert any("line 9" in line for line in later)


class Colour(Dialog[str]):
    """A dialog of our own kind."""

    def compose_body(self) -> ComposeResult:
        yield Static("Which one?")

    def on_mount(self) -> None:
        self.withhold("b", "There is no blue.")


async def test_a_dialog_of_ones_own_withholds_answers() -> None:
    app = Host()
    given: list[str | None] = []
    async with app.run_test() as pilot:
        answers = (Answer("r", "Red", "red"), Answer("b", "Blue", "blue"), Answer("g", "Green", "green"))
        app.push_screen(Colour("Colour", answers), given.append)
        await pilot.pause()
        await pilot.press("b")
        assert given == []
        await pilot.click("#answer-g")
        await pilot.pause()
        assert given == ["green"]


@pytest.mark.parametrize(
    ("widths", "room", "count"),
    [
        ([10, 10], 20, 2),
        ([10, 10], 19, 1),
        ([10, 10, 10, 10], 39, 3),
        ([10, 20, 10, 10], 39, 2),  # three columns are 10, 20 and 10 wide
        ([10, 20, 10, 10], 40, 3),
        ([50], 10, 1),
    ],
)
def test_answers_stand_side_by_side_as_far_as_there_is_room(widths: list[int], room: int, count: int) -> None:
    assert columns(widths, room) == count


async def test_answers_that_do_not_fit_into_one_line_are_all_seen() -> None:
    words = ("Close", "Copy the note", "Into a file…", "Post on #16931…", "Move @oncall…")
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        for width, lines in ((60, 3), (120, 2)):
            dialog = Dialog("Handoff", [Answer(word[0].lower() + word[-2], word, None) for word in words])
            await pilot.resize_terminal(width, 20)
            app.push_screen(dialog)
            await pilot.pause()
            shown = [line for line in app.screen_lines() if any(word in line for word in words)]
            assert all(any(word in line for line in shown) for word in words)
            assert len(shown) == lines
            await pilot.press("escape")
