"""The table on the screen: keys, mouse, view, and what it writes."""

from __future__ import annotations

import random
import time

import pytest
from textual import on
from textual.content import Content

from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.rows import Kind, Row, heading
from tests.widgets.host import Host, Terminal, row

ONE_COLUMN = (Column("name", flex=True),)


def letters(text: str) -> list[Row]:
    """A row for each letter; capitals are headings."""
    return [heading(one, f"Group {one}") if one.isupper() else row(one) for one in text]


class Listener(Host):
    """Keeps what the table tells."""

    def __init__(self, table: KeyedTable) -> None:
        super().__init__(table)
        self.told: list[tuple[str, str | None]] = []

    @on(KeyedTable.Moved)
    def keep_move(self, event: KeyedTable.Moved) -> None:
        self.told.append(("moved", event.key))

    @on(KeyedTable.Chosen)
    def keep_choice(self, event: KeyedTable.Chosen) -> None:
        self.told.append(("chosen", event.key))


@pytest.mark.parametrize(
    ("keys", "selected"),
    [
        ("j", "b"),
        ("j j", "c"),
        ("j j k", "b"),
        ("k", "a"),
        ("down down up", "b"),
        ("G", "d"),
        ("G g", "a"),
        ("end home", "a"),
        ("pagedown", "d"),
        ("pagedown pageup", "a"),
    ],
)
async def test_keys_move_the_cursor_over_headings(keys: str, selected: str) -> None:
    table = KeyedTable(ONE_COLUMN)
    async with Host(table).run_test() as pilot:
        table.sync(letters("AabBcd"))
        await pilot.press(*keys.split())
        assert table.selected_key == selected


async def test_moves_and_choices_are_told_by_key() -> None:
    table = KeyedTable(ONE_COLUMN)
    app = Listener(table)
    async with app.run_test() as pilot:
        table.sync(letters("abc"))
        await pilot.press("j", "enter")
        table.sync(letters("ac"))
        await pilot.press("enter", "enter")
        table.sync([])
        await pilot.press("j", "G", "pagedown", "enter")
        moves = [("moved", "a"), ("moved", "b"), ("chosen", "b"), ("moved", None), ("moved", "c"), ("chosen", "c")]
        assert app.told == [*moves, ("moved", None)]


async def test_a_click_selects_and_a_second_one_chooses() -> None:
    table = KeyedTable((Column("name", "Name", flex=True),))
    app = Listener(table)
    async with app.run_test() as pilot:
        table.styles.padding = 1
        table.sync(letters("aBc"))
        await pilot.click(table, offset=(5, 3))
        assert table.selected_key == "a"
        await pilot.click(table, offset=(5, 4), times=2)
        assert app.told == [("moved", "a"), ("moved", "c"), ("chosen", "c")]


async def test_the_row_under_the_cursor_keeps_its_screen_line() -> None:
    table = KeyedTable(ONE_COLUMN)
    rows = [row(str(number)) for number in range(100)]
    async with Host(table).run_test(size=(40, 10)) as pilot:
        table.sync(rows)
        table.select("50")
        await pilot.press("k", "k")
        line = app_line(table, "48")
        table.sync([row("new"), *rows])
        assert app_line(table, "48") == line
        table.sync(rows[7:])
        assert app_line(table, "48") == line
        table.sync([one for one in rows[7:] if one.key != "48"])
        assert table.cursor_key == "49"
        assert app_line(table, "49") == line


async def test_without_the_cursor_in_view_the_view_stays() -> None:
    table = KeyedTable(ONE_COLUMN)
    rows = [row(str(number)) for number in range(100)]
    async with Host(table).run_test(size=(40, 10)) as pilot:
        table.sync(rows)
        await pilot.pause()
        table.scroll_to(y=30, animate=False)
        await pilot.pause()
        table.sync([row("new"), *rows])
        assert app_line(table, "30") == 0
        assert table.selected_key == "0"


def app_line(table: KeyedTable, key: str) -> int:
    """The screen line of the row `key`."""
    keys = [one.key for one in table.rows]
    return keys.index(key) - round(table.scroll_y)


async def test_a_smaller_terminal_keeps_the_cursor_in_view() -> None:
    table = KeyedTable(ONE_COLUMN)
    async with Host(table).run_test(size=(40, 20)) as pilot:
        table.sync([row(str(number)) for number in range(100)])
        table.select("18")
        await pilot.resize_terminal(40, 8)
        assert 0 <= app_line(table, "18") < 8


async def test_equal_rows_write_nothing_and_a_changed_one_its_line_alone() -> None:
    table = KeyedTable(ONE_COLUMN)
    app = Host(table)

    def rows(changed: str = "") -> list[Row]:
        return [row(str(number), "changed" if str(number) == changed else f"row {number}") for number in range(100)]

    async with app.run_test(size=(80, 24)) as pilot:
        table.sync(rows())
        await app.listen(pilot)
        assert not table.sync(rows())
        assert await app.written(pilot) == ""
        table.sync(rows(changed="90"))
        assert await app.written(pilot) == ""
        table.sync(rows(changed="3"))
        written = await app.written(pilot)
        assert "changed" in written
        assert "row 4" not in written


@pytest.mark.parametrize("seed", range(2))
async def test_what_was_written_in_pieces_is_what_a_whole_picture_would_show(seed: int) -> None:
    dice = random.Random(seed)
    table = KeyedTable((Column("name", "Name", flex=True),))
    app, terminal = Host(table), Terminal(30, 9)
    async with app.run_test(size=(30, 9)) as pilot:
        await app.listen(pilot)
        app.screen.refresh()
        for _ in range(15):
            deed = dice.choice(("sync", "sync", "change", "j", "k", "G", "g", "scroll"))
            if deed == "sync":
                table.sync(letters("".join(dice.sample("ABCabcdefghijklmnopqrst", dice.randrange(20)))))
            elif deed == "change":
                table.sync([row(one.key, str(dice.random())) if one.selectable else one for one in table.rows])
            elif deed == "scroll":
                table.scroll_to(y=dice.randrange(10), animate=False)
            else:
                table.focus()
                await pilot.press(deed)
            terminal.feed(await app.written(pilot))
            assert terminal.lines() == app.screen_lines()


async def test_without_rows_it_says_so() -> None:
    table = KeyedTable(ONE_COLUMN, empty="Reading…")
    app = Host(table)
    async with app.run_test() as pilot:
        table.empty = "No pull request is [waiting]."
        await pilot.pause()
        assert "No pull request is [waiting]." in app.screen_lines()[1]
        table.sync(letters("a"))
        await pilot.pause()
        assert "".join(app.screen_lines()).split() == ["▸", "a"]
        table.sync([])
        await pilot.pause()
        assert "No pull request is [waiting]." in app.screen_lines()[1]


async def test_rows_told_before_the_first_picture_are_shown() -> None:
    table = KeyedTable(ONE_COLUMN)
    table.sync(letters("Aab"))
    app = Host(table)
    async with app.run_test(size=(20, 4)) as pilot:
        await pilot.pause()
        assert app.screen_lines() == [" Group A " + "─" * 10, " ▸ a", "   b", ""]


async def test_markup_in_a_cell_is_text() -> None:
    table = KeyedTable(ONE_COLUMN)
    app = Host(table)
    async with app.run_test() as pilot:
        table.sync([row("a", "[WIP] [@click=app.quit]x[/x] $error")])
        await pilot.pause()
        assert "[WIP] [@click=app.quit]x[/x] $error" in app.screen_lines()[0]


async def test_signs_in_the_gutter() -> None:
    table = KeyedTable(ONE_COLUMN)
    app = Host(table)
    async with app.run_test() as pilot:
        table.sync([row("a"), row("b", kind=Kind.PENDING), row("c")])
        await pilot.pause()
        assert [line[:4] for line in app.screen_lines()[:3]] == [" ▸ a", " … b", "   c"]
        table.sync([row("b", kind=Kind.PENDING), row("c")])
        await pilot.pause()
        assert app.screen_lines()[0] == " ▹ b"
        table.hold()
        await pilot.pause()
        assert app.screen_lines()[0] == " ▸ b"


async def test_selecting_what_is_not_there_is_refused() -> None:
    table = KeyedTable(ONE_COLUMN)
    async with Host(table).run_test():
        table.sync(letters("Aa"))
        assert not table.select("A")
        assert not table.select("z")
        assert table.select("a")


async def test_five_thousand_equal_rows_are_compared_within_50_ms_of_cpu() -> None:
    columns = tuple(Column(str(number), width=12) for number in range(6))

    def rows() -> list[Row]:
        return [Row(str(n), tuple(Content(f"{n} {column.key}") for column in columns)) for n in range(5_000)]

    table = KeyedTable(columns)
    async with Host(table).run_test():
        table.sync(rows())
        again = rows()
        assert min(timed(table, again) for _ in range(5)) < 0.05


def timed(table: KeyedTable, rows: list[Row]) -> float:
    start = time.process_time()
    table.sync(rows)
    return time.process_time() - start
