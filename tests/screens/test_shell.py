"""What is the same on every screen: keys, help, palette, tabs, theme, pause, links, a small terminal, the end."""

from __future__ import annotations

import asyncio
import gc
import stat
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.command import CommandInput, CommandList
from textual.events import AppFocus, Key

from fleet_tui import clock, keys
from fleet_tui.actions import Deed, Tell
from fleet_tui.app import FleetApp
from fleet_tui.config.schema import Config
from fleet_tui.domain.journal import Outcome
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.feed import Reading
from fleet_tui.screens.freeze import FreezeScreen
from fleet_tui.screens.registry import screen_class
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import demo_world, empty_world
from fleet_tui.theme import FLEET_DARK, FLEET_LIGHT
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.palette import Palette
from fleet_tui.widgets.status_line import Freshness
from fleet_tui.widgets.tabs import ScreenTabs
from fleet_tui.widgets.too_small import TooSmall
from fleet_tui.wiring import KINDS
from tests.helpers import NOW, config, entry, until
from tests.screens.app_factory import BUG_FIX, FEEDS, SMALL, UNFROZEN_BEFORE, NeverAnswers, Some, picture, stage

BUG_FIX_URL = f"https://github.com/fleetdm/fleet/pull/{BUG_FIX}"

# Screens -------------------------------------------------------------------------------------------------------------


async def test_number_keys_and_clicks_on_tabs_lead_from_screen_to_screen() -> None:
    async with picture() as on:
        await on.press("8")
        assert on.app.current_mode == "activity"
        await on.press("2")
        assert on.app.current_mode == "freeze"
        tabs = on.lines[1]
        await on.pilot.click(ScreenTabs, offset=(tabs.index("Activity") + 1, 0))
        assert on.app.current_mode == "activity"
        await on.pilot.click(ScreenTabs, offset=(tabs.index("Freeze") + 1, 0))
        assert on.app.current_mode == "freeze"


async def test_the_cursor_is_where_it_was_when_one_comes_back() -> None:
    async with picture() as on:
        await on.put_cursor_on(UNFROZEN_BEFORE[1])
        await on.press("8", "2")
        assert on.table.selected_key == str(UNFROZEN_BEFORE[1])


async def test_the_program_begins_with_the_screen_that_was_asked_for() -> None:
    async with picture(screen="activity") as on:
        assert on.app.current_mode == "activity"
        assert "Nothing has been written yet." in on.text


async def test_a_hidden_screen_catches_up_when_it_is_shown() -> None:
    async with stage(loaded=False, screen="activity", connect=partial(Some, feeds=FEEDS)) as on:
        await until(lambda: on.app.reading("pulls").at and on.app.reading("freeze").at)
        await on.press("2")
        assert f"#{BUG_FIX}" in on.text


@pytest.mark.parametrize("name", FleetApp.MODES)
def test_a_screen_that_is_not_built_yet_has_keys_that_cannot_act(name: str) -> None:
    kind: Any = screen_class(name)
    screen = kind()
    actions = [key.action.partition("(")[0] for key in keys.BY_SCREEN[name]]
    assert {screen.check_action(action, ()) for action in ("open_link", "filter", *actions)} == {None}


# The activity screen -------------------------------------------------------------------------------------------------


async def test_the_activity_screen_shows_each_feed_with_its_reads_and_what_they_cost() -> None:
    async with stage(size=(120, 60)) as on:
        await on.read_again("milestones")
        await on.press("8")
        await on.sees("Last read")
        assert "● live" in on.line_of(KINDS["freeze"][0])
        assert on.line_of(KINDS["milestones"][0]).split()[-2:] == ["2", "1"], "two requests, one of them free"


async def test_a_write_stands_in_the_activity_screen_with_everything_about_it_to_copy() -> None:
    async with stage(size=(160, 40)) as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "y")
        await on.finished()
        await on.press("8")
        await on.sees(f"✔ done           Unfreeze #{BUG_FIX}")
        await on.press("c")
        copied = on.app.clipboard.splitlines()
        assert copied[:3] == [f"Unfreeze #{BUG_FIX}", "✔ done", f"#{BUG_FIX} may merge now."]
        assert "when    2025-06-05 08:00:00 PDT" in copied
        assert "who     lucasmrod" in copied
        assert "why     bug fixes may merge during the freeze; closes #16951 (bug)" in copied


async def test_a_deed_that_was_cut_off_by_the_end_of_its_program_reads_as_interrupted() -> None:
    store = Store(None)
    store.begin(entry())
    store._run("UPDATE journal SET process = 2147483646")  # a process id that Linux never gives
    async with picture(store=store, screen="activity") as on:
        assert "! interrupted" in on.line_of("Unfreeze #7")
    store.close()


async def test_the_activity_screen_says_what_is_wrong_with_the_state_file(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    store = Store(blocked / "store.sqlite3")
    async with stage(store=store, screen="activity", loaded=False, connect=NeverAnswers) as on:
        await on.pilot.pause()
        assert "Nothing of this run is kept." in on.text
    store.close()


async def test_among_the_sources_of_the_activity_screen_a_cursor_is_seen_while_it_has_the_keys() -> None:
    store = Store(None)
    store.finish(store.begin(entry("Unfreeze #1")), Outcome.DONE, "", "")
    async with picture(store=store, screen="activity") as on:
        for keys_, is_seen in (((), False), (("tab",), True), (("tab",), False)):
            await on.press(*keys_)
            await on.pilot.pause()
            assert ("▸" in on.line_of("State of the freeze")) is is_seen
            assert "▸" in on.line_of("Unfreeze #1"), "what the keys are for"
    store.close()


async def test_the_filter_of_the_activity_screen_looks_into_outcomes_and_reasons() -> None:
    store = Store(None)
    for title, outcome in (("Unfreeze #1", Outcome.DONE), ("Unfreeze #2", Outcome.FAILED)):
        store.finish(store.begin(entry(title)), outcome, "", "")
    async with picture(store=store, screen="activity") as on:
        await on.press("slash")
        await on.fill("filter", "failed")
        assert [row.cells[2].plain for row in on.table.rows] == ["Unfreeze #2"]
    store.close()


def config_with_keys(changed: dict[str, str]) -> Config:
    return replace(config(), keys=changed)


# Keys, help, palette -------------------------------------------------------------------------------------------------


async def test_help_lists_every_key_of_the_screen_with_its_sentence() -> None:
    async with picture(size=(100, 60)) as on:
        there = on.keys
        await on.press("question_mark")
        shown = " ".join(on.text.replace("│", " ").split())
        sentences = {key.id: key.sentence for key in keys.ALL if key.id in there}
        assert {"freeze.unfreeze", "open", "quit", "go.activity"} <= sentences.keys()
        assert [sentence for sentence in sentences.values() if sentence not in shown] == []


async def test_help_gives_an_action_with_several_keys_one_line() -> None:
    async with picture(settings=config_with_keys({"refresh": "r,R"}), size=(100, 60)) as on:
        await on.press("question_mark")
        assert "r R       Read everything that this screen shows again now." in on.text
        assert on.text.count("Read everything that this screen shows again now.") == 1


async def test_help_dims_what_cannot_be_done_now() -> None:
    async with picture(size=(100, 60)) as on:
        await on.put_cursor_on(UNFROZEN_BEFORE[0])
        await on.press("question_mark")
        assert "cursor merge. (not now)" in on.line_of("Let the pull request under the")


async def test_a_key_that_closes_a_dialog_does_nothing_else() -> None:
    async with stage() as on:
        await on.press("question_mark", "q")
        assert on.dialog is None
        assert on.app.is_running
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "y")
        await on.finished()
        assert on.app.clipboard == "", "y copies the link, but not when it answers"


async def test_the_palette_lists_what_can_be_done_and_does_it() -> None:
    async with picture() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("ctrl+p")
        await on.sees("Go to the screen Freeze.")
        assert isinstance(on.app.screen, Palette)
        on.app.screen.query_one(CommandInput).value = "alerts"
        await on.sees("Alerts  (a f2)")
        assert on.text.count("Show the alerts;") == 1
        on.app.screen.query_one(CommandInput).value = "unfreeze"
        await on.sees("Let the pull request under the cursor merge.")
        await on.press("down", "enter")
        await on.sees(f"Unfreeze #{BUG_FIX}?")


async def test_the_palette_offers_nothing_that_cannot_be_done() -> None:
    async with picture(read_only=True) as on:
        await on.press("ctrl+p")
        await on.sees("Go to the screen Freeze.")
        assert "Unfreeze" not in on.text
        assert "Freeze…" not in on.text


async def test_the_palette_opens_once_and_not_where_nothing_is_seen() -> None:
    async with picture() as on:
        await on.press("ctrl+p", "ctrl+p")
        await on.pilot.resize_terminal(40, 10)
        await on.press("ctrl+p")
        assert isinstance(on.app.screen, TooSmall)
        await on.pilot.resize_terminal(*SMALL)
        await on.pilot.pause()
        assert [type(screen) for screen in on.app.screen_stack] == [FreezeScreen, Palette]
        await on.app.switch_mode("activity")
        await on.press("ctrl+p")
        assert isinstance(on.app.screen, Palette), "the other one is on another screen"


async def test_enter_and_a_key_that_opens_the_palette_may_come_at_once() -> None:
    async with picture(screen="today") as on:
        for key in ("enter", "t"):
            on.app.post_message(Key(key, key if len(key) == 1 else None))
        await on.pilot.pause()
        assert isinstance(on.app.screen, Palette)
        await on.press("escape")
        assert on.app.current_mode == "today"


async def test_the_users_key_map_moves_a_key() -> None:
    async with picture(settings=config_with_keys({"freeze.unfreeze": "U", "quit": "ctrl+x"})) as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "q")
        assert on.dialog is None
        assert on.app.is_running
        await on.press("U")
        assert f"Unfreeze #{BUG_FIX}?" in on.text


async def test_the_footer_names_the_keys_as_the_user_has_them() -> None:
    async with picture(settings=config_with_keys({"freeze.unfreeze": "U"})) as on:
        assert "U Unfreeze" in on.lines[-1]


async def test_a_click_on_a_key_in_the_footer_presses_it() -> None:
    async with picture() as on:
        await on.pilot.click("KeyFooter", offset=(on.lines[-1].index("Help"), 0))
        await on.pilot.pause()
        assert "Keys of the screen" in on.text


# Links ---------------------------------------------------------------------------------------------------------------


async def test_the_browser_gets_the_link_and_its_output_does_not_reach_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho noise; echo noise >&2\necho "$1" > {opened}.new && mv {opened}.new {opened}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", str(browser))
    async with picture() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("o")
        await until(opened.exists)
        assert opened.read_text() == f"{BUG_FIX_URL}\n"
        assert on.toasts == [f"Opened {BUG_FIX_URL}"]


async def test_without_a_browser_it_says_how_to_get_at_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    async with picture() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("o", "y")
        assert on.toasts == ["No browser here (SSH?). Press y to copy the link.", f"Copied {BUG_FIX_URL}"]
        assert on.app.clipboard == BUG_FIX_URL


async def test_the_same_sentence_does_not_stand_there_twice() -> None:
    async with picture() as on:
        for seconds, times in ((0, 1), (4, 1), (1, 2)):
            on.clock.advance(seconds=seconds)
            on.app.say("Copied.")
            await on.pilot.pause()
            assert on.toasts == ["Copied."] * times
        on.app.say("It failed.", bad=True)
        on.clock.advance(seconds=11)
        on.app.say("It failed.", bad=True)
        await on.pilot.pause()
        assert on.toasts[2:] == ["It failed."]


async def test_where_there_is_no_link_the_keys_for_it_are_dim_and_say_so() -> None:
    async with stage(empty_world(NOW)) as on:
        await on.press("o", "y")
        assert (on.keys["open"], on.keys["copy"]) == (False, False)
        assert [words.rpartition(" ")[2] for words in on.toasts] == ["open.", "copy."]


# Polling -------------------------------------------------------------------------------------------------------------


async def test_refreshing_reads_what_the_screen_shows() -> None:
    async with stage() as on:
        on.simulator.requests.clear()
        before = on.app.reading("pulls")
        await on.press("r")
        await until(lambda: on.app.reading("pulls") is not before)
        assert on.simulator.requests.select("mergefreeze", "GET")
        assert on.toasts == ["Reading again …"]


async def test_while_paused_nothing_is_asked_and_the_status_says_so() -> None:
    async with stage() as on:
        await on.press("p")
        assert on.app.status().freshness is Freshness.PAUSED
        assert "‖ paused" in on.lines[0]
        on.simulator.requests.clear()
        await on.press("r")
        assert on.app.backend
        on.app.backend.wake(tuple(on.app.backend.feeds))
        await asyncio.sleep(0.1)
        assert len(on.simulator.requests) == 0
        assert on.toasts == ["Paused. Press p to go on first."]
        await on.press("3", "r")
        assert on.toasts[-1] == "Paused. Press P to go on first.", "p passes a test there"
        await on.press("2")
        await on.press("p")
        await until(lambda: len(on.simulator.requests.select("mergefreeze", "GET")) == 1)
        assert on.app.status().freshness is Freshness.LIVE


async def test_what_has_become_stale_is_read_again_when_somebody_comes_back_to_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "LOOK_EVERY", 60.0)  # a jump of the clock would have all read again
    async with stage() as on:
        on.simulator.requests.clear()
        on.app.post_message(AppFocus())
        await on.pilot.pause()
        assert len(on.simulator.requests) == 0, "all is fresh"
        on.clock.advance(minutes=5)
        on.app.post_message(AppFocus())
        await until(lambda: on.simulator.requests.select("mergefreeze", "GET"))


async def test_after_a_sleep_of_the_machine_all_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "LOOK_EVERY", 0.05)
    async with stage() as on:
        on.simulator.requests.clear()
        on.clock.advance(hours=9)
        await until(lambda: on.simulator.requests.select("mergefreeze", "GET"))


async def test_what_is_said_in_passing_is_plain_text() -> None:
    async with picture() as on:
        on.app.say("#1 [@click=app.quit]Fix[/] [red]it")
        await on.pilot.pause()
        (toast,) = on.app._notifications
        assert (toast.message, toast.markup) == ("#1 [@click=app.quit]Fix[/] [red]it", False)


async def test_the_status_line_speaks_of_the_feeds_of_its_screen() -> None:
    down = Problem("Docker Hub", Cause.SERVER, "Docker Hub has a fault of its own (500).")
    async with picture() as on:
        on.app.take("deployments", Reading(problem=down, failing_since=NOW))
        assert on.app.status().freshness is Freshness.LIVE
        on.app.take("pulls", replace(on.app.reading("pulls"), problem=down, failing_since=NOW))
        assert on.app.status().freshness is Freshness.FAILING
        silent = replace(down, cause=Cause.OFFLINE)
        on.app.take("freeze", replace(on.app.reading("freeze"), problem=silent, failing_since=NOW))
        assert on.app.status().freshness is Freshness.OFFLINE


class Patient(NeverAnswers):
    """Says which feeds were begun, in their order."""

    begun: ClassVar[list[str]] = []

    async def run(self, name: str, publish: object) -> None:
        self.begun.append(name)
        await super().run(name, publish)


@pytest.mark.parametrize("answered", [True, False])
async def test_the_feeds_of_the_screen_have_the_first_word(monkeypatch: pytest.MonkeyPatch, answered: bool) -> None:
    monkeypatch.setattr("fleet_tui.app.PATIENCE", 60 if answered else 0.3)
    monkeypatch.setattr(Patient, "begun", [])
    async with stage(loaded=False, connect=Patient) as on:
        await until(lambda: Patient.begun)
        await on.pilot.pause()
        assert Patient.begun == list(FreezeScreen.FEEDS)
        for name in FreezeScreen.FEEDS if answered else ():
            on.app.hear(name, Reading(None, NOW))
        assert on.app._polled == set(FreezeScreen.FEEDS), "what they said is to be seen before the others begin"
        await until(lambda: len(Patient.begun) == len(KINDS))
        assert set(Patient.begun) == set(KINDS)


async def test_to_quit_before_a_feed_has_begun_leaves_no_warning_behind(recwarn: pytest.WarningsRecorder) -> None:
    async with stage(loaded=False, connect=NeverAnswers) as on:
        await until(lambda: len(on.app.workers) > 1)
        on.app._poll(("bugs",))
        on.app.workers.cancel_all()
    gc.collect()
    assert [str(one.message) for one in recwarn] == []


async def test_enter_that_comes_twice_chooses_once_in_the_palette() -> None:
    async with picture() as on:
        await on.press("ctrl+p")
        on.app.screen.query_one(CommandInput).value = "Pause"
        commands = on.app.screen.query_one(CommandList)
        await until(lambda: any("Stop asking" in str(one.prompt) for one in commands.options))
        await on.pilot.pause(0.05)
        found = [at for at, one in enumerate(commands.options) if "Stop asking" in str(one.prompt)]
        commands.highlighted = found[0]
        for _ in range(3):
            on.app.post_message(Key("enter", None))
        await until(lambda: not isinstance(on.app.screen, Palette))
        await on.pilot.pause()
        assert [type(screen) for screen in on.app.screen_stack] == [FreezeScreen]
        assert on.app.status().freshness is Freshness.PAUSED


# Theme ---------------------------------------------------------------------------------------------------------------


async def test_the_theme_that_was_chosen_is_there_at_the_next_start() -> None:
    store = Store(None)
    async with stage(store=store, loaded=False, connect=NeverAnswers) as on:
        assert on.app.theme == FLEET_DARK.name
        await on.press("t")
        await on.sees(FLEET_LIGHT.name)
        on.app.screen.query_one(CommandInput).value = FLEET_LIGHT.name
        await until(lambda: FLEET_LIGHT.name in on.lines[-1] or FLEET_LIGHT.name in on.text)
        await on.pilot.pause(0.05)
        await on.press("down", "enter")
        await until(lambda: on.app.theme == FLEET_LIGHT.name)
    async with stage(store=store, loaded=False, connect=NeverAnswers) as on:
        assert on.app.theme == FLEET_LIGHT.name
    store.close()


async def test_a_theme_that_is_no_more_falls_back_to_ours() -> None:
    store = Store(None)
    store.remember("theme", "a theme that a former version had")
    async with stage(store=store, loaded=False, connect=NeverAnswers) as on:
        assert on.app.theme == FLEET_DARK.name
    store.close()


# Room ----------------------------------------------------------------------------------------------------------------


async def test_in_a_terminal_that_is_too_small_it_says_so_and_comes_back() -> None:
    async with picture() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.resize(50, 15, until_it_shows="fleet-tui needs at least 60×20; this terminal is")
        await on.press("u", "f", "8")
        assert isinstance(on.app.screen, TooSmall)
        await on.resize(*SMALL, until_it_shows="May merge now")
        assert on.app.current_mode == "freeze"
        assert on.table.selected_key == str(BUG_FIX)
        assert on.written == []


async def test_a_terminal_that_is_too_small_from_the_start_grows_into_the_program() -> None:
    async with picture(size=(50, 15)) as on:
        assert "fleet-tui needs at least 60×20" in on.text
        await on.resize(*SMALL, until_it_shows="May merge now")


async def test_a_dialog_is_there_again_when_the_terminal_has_grown() -> None:
    async with picture() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("u")
        await on.resize(40, 10, until_it_shows="fleet-tui needs at least 60×20;")
        assert isinstance(on.app.screen, TooSmall)
        await on.resize(*SMALL, until_it_shows=f"Unfreeze #{BUG_FIX}?")


# The end -------------------------------------------------------------------------------------------------------------


async def test_quitting_ends_with_code_0_and_keeps_the_readings() -> None:
    store = Store(None)
    async with stage(store=store) as on:
        await on.press("q")
    assert on.app.return_code == 0
    async with stage(store=store, loaded=False, connect=NeverAnswers) as on:
        await on.pilot.pause()
        assert "main is frozen since Tue 9:00 PT by lukeheath" in on.text
        assert f"#{BUG_FIX}" in on.text
        assert on.app.status().freshness is Freshness.STALE, "it is of the former run"
    store.close()


async def test_a_write_goes_on_when_the_dialog_that_asked_for_it_is_closed() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def run(tell: Tell) -> str:
        tell("Writing …")
        begun.set()
        await go_on.wait()
        return "it is written"

    async with stage(loaded=False) as on:
        await until(lambda: on.app.backend)
        dialog = Confirm("A dialog")
        await on.app.push_screen(dialog)
        dialog.run_worker(on.app.carry_out(Deed("x", "A deed", "x", run)))
        await begun.wait()
        await on.press("escape")
        assert on.dialog is None
        go_on.set()
        await on.finished()
        assert [entry.outcome for entry in on.written] == [Outcome.DONE]
        assert on.toasts == ["A deed: it is written"]


async def test_no_feed_is_polled_after_the_end() -> None:
    """The timer for the feeds that wait may go off between the end of the polls and that of the timers."""
    async with stage() as on:
        app = on.app
    app._polled.clear()
    app._poll_the_others()
    assert not app._polled
    assert not [worker for worker in app.workers if worker.is_running]


async def test_what_is_typed_after_quitting_starts_nothing_any_more() -> None:
    async with picture() as on:
        for key in "qt":  # as they come when somebody types on into the shell
            on.app.post_message(Key(key, key))
        await until(lambda: not on.app.is_running)
    assert on.app.return_code == 0


async def test_quitting_while_a_write_is_under_way_asks_first() -> None:
    async with stage() as on:
        on.world.merge_freeze.status_delay = 3600
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "y")
        await on.sees("Waiting for GitHub to show")
        await on.press("q")
        assert isinstance(on.app.screen, Confirm)
        assert "A write is under way. End all the same?" in on.text
        await on.press("enter")
        assert on.app.return_code is None
        await on.press("q", "y")
        assert on.app.return_code == 0
        on.world.pull(BUG_FIX).set_status("mergefreeze", "success")
        await until(lambda: not on.app.is_running)


# Whatever is pressed -------------------------------------------------------------------------------------------------

# All keys but those that lead out of the program.
THERE = {one for key in keys.ALL for one in key.key.split(",")}
HARMLESS = sorted(THERE - {"q", "o"} | {*"jkgGnyx8", "enter", "escape", "tab", "ctrl+p"})


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pressed=st.lists(st.sampled_from(HARMLESS), min_size=4, max_size=10))
def test_no_key_breaks_anything_before_there_is_anything_to_show(pressed: list[str]) -> None:
    async def play() -> None:
        async with stage(loaded=False, connect=NeverAnswers, size=SMALL) as on:
            await on.press(*pressed)
            assert on.app._exception is None
            assert on.app.return_code is None

    asyncio.run(play())


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pressed=st.lists(st.sampled_from(HARMLESS), min_size=4, max_size=10))
def test_no_key_breaks_anything_while_the_first_readings_come_in(pressed: list[str]) -> None:
    async def play() -> None:
        async with stage(demo_world(NOW), loaded=False, read_only=True, size=SMALL) as on:
            await on.press(*pressed)
            assert on.app._exception is None

    asyncio.run(play())


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bursts=st.lists(st.lists(st.sampled_from(HARMLESS), min_size=2, max_size=5), min_size=2, max_size=4))
def test_no_keys_that_come_at_once_break_anything(bursts: list[list[str]]) -> None:
    async def play() -> None:
        async with picture(size=SMALL) as on:
            for burst in bursts:
                for key in burst:
                    on.app.post_message(Key(key, key if len(key) == 1 else None))
                await on.pilot.pause()
            assert on.app._exception is None
            assert on.app.return_code is None

    asyncio.run(play())
