"""The app: wiring and nothing else. Modes, keys that work everywhere, one var a feed, and the workers that poll."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.theme import Theme
from textual import on, work
from textual.app import App
from textual.events import Event, InputEvent, Resize
from textual.filter import LineFilter
from textual.reactive import var
from textual.theme import ThemeProvider
from textual.widget import AwaitMount

from fleet_tui import last_frame, status, terminal
from fleet_tui.actions import Deed, Ended
from fleet_tui.announcer import Announcer
from fleet_tui.clock import follow
from fleet_tui.commands import KeyCommands, ProcedureCommands
from fleet_tui.complaints import Complaints
from fleet_tui.config.schema import Config
from fleet_tui.crash import report
from fleet_tui.desks.all import Desks
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.journal import Entry, Outcome
from fleet_tui.exits import Exit, Stop
from fleet_tui.feed import Reading, utc_now
from fleet_tui.frames import frame_of
from fleet_tui.keys import EVERYWHERE, FIRST, SCREENS
from fleet_tui.keys.spelling import key_of
from fleet_tui.moment import Heard, Moment
from fleet_tui.paths import Paths
from fleet_tui.screens.activity_view import Health
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.feed_screen import FeedScreen
from fleet_tui.screens.registry import MODES
from fleet_tui.services.alert_log import AlertLog
from fleet_tui.services.log import start_log
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.style_sheet import StyleSheet, forget_the_gone
from fleet_tui.theme import FLEET_DARK, FLEET_LIGHT
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.palette import Palette
from fleet_tui.widgets.status_line import Freshness, Status
from fleet_tui.widgets.tabs import ScreenTabs
from fleet_tui.widgets.too_small import TooSmall, is_too_small
from fleet_tui.wiring import KINDS, Backend, stored_readings

CALM_MARKDOWN = Theme(
    {
        **{f"markdown.h{level}": "bold" for level in range(1, 7)},
        "markdown.code": "bold",
        "markdown.item.number": "dim",
        "markdown.item.bullet": "dim",
        "markdown.link": "underline",
        "markdown.block_quote": "none",
        "markdown.link_url": "dim",
    }
)
PATIENCE = 1.0
"""Seconds: so long at most do feeds that the screen does not show leave the first word to those that it does."""


class FleetApp(App[int]):
    """The dashboard."""

    TITLE = "fleet-tui"
    CSS_PATH = "fleet.tcss"
    MODES = MODES  # type: ignore[assignment]
    DEFAULT_MODE = FIRST
    COMMANDS = {KeyCommands, ProcedureCommands}
    BINDINGS = bindings(EVERYWHERE)

    beat: var[int] = var(0, init=False)
    """Counts up whenever something that screens show has changed. It is all they watch."""

    def __init__(
        self,
        config: Config,
        store: Store,
        tokens: Mapping[str, Secret],
        *,
        now: Callable[[], datetime] = utc_now,
        report: Callable[[BaseException], str] = repr,
        read_only: bool = False,
        screen: str | None = None,
        frames: Callable[[str], Path] | None = None,
        connect: Callable[..., Backend] | None = Backend,
    ) -> None:
        self.DEFAULT_MODE = screen or self.DEFAULT_MODE  # type: ignore[misc]  # so that no other screen is built first
        super().__init__()
        self.console.push_theme(CALM_MARKDOWN)
        self._dress(store.recall("theme", str, config.display.theme))
        self.config = config
        self.backend: Backend | None = None
        self.now = now
        self._store = store
        self._tokens = tokens
        self._report = report
        self.read_only = read_only
        self._frames = frames
        self._connect_with = connect
        self._complaints = Complaints()
        self._last_toast = ("", now())
        self._readings = stored_readings(store)
        self._moment = Moment(self.set_timer, self._take_moment)
        self._polled: set[str] = set()
        self.doing = ""
        self._paused = False
        self._ends = False
        self.desks = Desks(config, store, self.reading, self.say, now)
        self.alerts = AlertLog(store, now)
        self._announcer = Announcer(self.desks.all, self.alerts, self, config, now)

    # Start and end

    def _dress(self, name: str) -> None:
        """Put on the theme called so before anything is styled: a change later styles everything twice."""
        for theme in (FLEET_DARK, FLEET_LIGHT):
            self.register_theme(theme)
        theme = self.get_theme(name) or FLEET_DARK
        self.set_reactive(FleetApp.theme, theme.name)
        self.set_class(theme.dark, "-dark-mode", update=False)
        self.set_class(not theme.dark, "-light-mode", update=False)
        self.stylesheet = StyleSheet(variables=self.get_css_variables())
        forget_the_gone()

    async def on_mount(self) -> None:
        """Keys, signals, and the first screen; the network comes after the first paint."""
        terminal.restore_on_signals(self)
        self.theme_changed_signal.subscribe(self, lambda theme: self._store.remember("theme", theme.name))
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))  # Textual draws nothing after `fg`
        self.set_keymap(self.config.keys)
        if self._connect_with:
            self.call_after_refresh(self._connect, self._connect_with)

    def _connect(self, connect: Callable[..., Backend]) -> None:
        self.backend = connect(
            self.config,
            self._tokens,
            self._store,
            now=self.now,
            read_only=self.read_only,
            changed=self.changed,
        )
        self.desks.connect(self.backend)
        self._moment.awaited = set(self._shown_feeds)
        self._poll(self._shown_feeds)
        self.set_timer(PATIENCE, self._poll_the_others)
        self._follow_clock()

    def _poll(self, names: Iterable[str]) -> None:
        if self.backend is None or not self.is_running:  # a timer may go off while the program ends
            return
        for name in names:
            self._polled.add(name)
            self._run_feed(self.backend, name)

    @work(group="feeds")
    async def _run_feed(self, backend: Backend, name: str) -> None:
        await backend.run(name, self.hear)

    @work(group="clock")
    async def _follow_clock(self) -> None:
        await follow(self.now, self._new_minute, self._slept)

    def _poll_the_others(self) -> None:
        """What no feed of the screen waits for any more need not wait either."""
        self._poll([name for name in KINDS if name not in self._polled])

    @property
    def _shown_feeds(self) -> tuple[str, ...]:
        return self._shown.FEEDS if self._shown else tuple(KINDS)

    @property
    def _shown(self) -> FeedScreen | None:
        """The screen that is shown, be it below a dialog."""
        return next((screen for screen in self.screen_stack if isinstance(screen, FeedScreen)), None)

    async def on_unmount(self) -> None:
        """Keep the readings."""
        if self.backend:
            await self.backend.aclose()

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the program; the next start begins with what the screen looks like now."""
        self._keep_frame()
        self._ends = True
        super().exit(result, return_code, message)

    async def on_event(self, event: Event) -> None:
        """What is typed on after the program was told to end is for the shell, and starts nothing here."""
        if not (self._ends and isinstance(event, InputEvent)):
            await super().on_event(event)

    def switch_mode(self, mode: str) -> AwaitMount:
        """Go to a screen; if the program is started next with the one that is left, it begins with its looks."""
        self._keep_frame()
        return super().switch_mode(mode)

    def _keep_frame(self) -> None:
        if self._frames and self._shown and self.status().freshness is Freshness.LIVE:
            last_frame.keep(self._frames(self._shown.NAME), frame_of(self._shown))

    def _fatal_error(self) -> None:
        terminal.fatal_error(self, self._report)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The second line of defence against escape sequences from outside."""
        return [*super().get_line_filters(), terminal.SAFE_FILTER]

    # Readings

    def reading(self, name: str) -> Reading[Any]:
        """The last reading of a feed."""
        return self._readings[name]

    def interval(self, name: str) -> float:
        """Seconds between two polls of a feed."""
        return status.intervals(self.backend)(name)

    def hear(self, name: str, reading: Reading[Any]) -> None:
        """A feed has spoken."""
        self._moment.hear(name, reading)

    def changed(self) -> None:
        """Something else than a reading has changed that screens show."""
        self._moment.change()

    def _take_moment(self, heard: Heard, changed: bool) -> None:
        news = [self._put(name, reading) for name, reading in heard.items()]
        if changed or any(news):
            self._look_again()
        elif self._shown:
            self._shown.show_status()
        if not self._moment.awaited and self._polled != set(KINDS):
            self.call_after_refresh(self._poll_the_others)  # first what was heard is to be seen

    def take(self, name: str, reading: Reading[Any]) -> None:
        """Everything that follows from a reading is worked out, then the screens are told."""
        self._put(name, reading)
        self._look_again()

    def _put(self, name: str, reading: Reading[Any]) -> bool:
        """Keep a reading; whether it says anything new."""
        former, problem = self._readings[name], reading.problem
        if problem and (former.problem is None or former.problem.sentence != problem.sentence):
            self._complaints.keep(f"feed.{name}", KINDS[name][0], problem, self.now())
        self._readings[name] = reading
        return reading.is_news_after(former)

    def _look_again(self) -> None:
        self.desks.look_out()
        self._tell_alerts()
        self.beat += 1

    def _new_minute(self, minute: datetime) -> None:
        self._look_again()

    def _tell_alerts(self) -> None:
        if told := self._announcer.look():
            self._tell_desktop(told)

    @work(group="desktop")
    async def _tell_desktop(self, told: Sequence[Alert]) -> None:
        await self._announcer.tell_desktop(told)

    def send(self, sequence: str) -> None:
        """Write a control sequence to the terminal, past what is drawn."""
        if self._driver:
            self._driver.write(sequence)
            self._driver.flush()

    def _slept(self) -> None:
        if self.backend:
            self.backend.wake(tuple(KINDS))

    def on_app_focus(self) -> None:
        """Coming back to the terminal: read again what has become stale."""
        if self.backend:
            stale = [name for name in KINDS if self.reading(name).is_stale(self.now(), self.interval(name))]
            self.backend.wake(tuple(stale))

    # What screens ask for

    @property
    def store_trouble(self) -> str:
        """What is wrong with the state file."""
        return self._store.trouble

    def status(self) -> Status:
        """The status line as it should be now."""
        return status.status(
            self.desks,
            self._readings,
            self.backend,
            self.config,
            self.now(),
            feeds=self._shown_feeds,
            unseen=self.alerts.unseen,
            paused=self._paused,
            read_only=self.read_only,
        )

    def health(self) -> tuple[Health, ...]:
        """How each feed is."""
        return status.health(self._readings, self.backend, paused=self._paused)

    def journal(self) -> tuple[Entry, ...]:
        """The newest writes and errors, newest first."""
        entries = (*self._store.journal(), *self.desks.qa.entries(), *self._complaints.entries)
        return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))

    def key(self, action: str) -> str:
        """The key of an action, as the user has it, on the present screen."""
        return key_of(action, self.config.keys, self.current_mode)

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """Show a toast, unless the same one is still there."""
        last, until = self._last_toast
        if sentence != last or self.now() >= until:
            seconds = 12 if bad else 5
            self.notify(sentence, severity="error" if bad else "information", markup=False, timeout=seconds)
            self._last_toast = (sentence, self.now() + timedelta(seconds=seconds))

    # Writes

    async def carry_out(self, deed: Deed, *, quietly: bool = False) -> Ended | None:
        """Do a write, say how it ended unless `quietly`, and read again what it changed.

        It goes on when who asked for it is gone: a dialog that is closed takes its workers along.
        """
        write = self._carry_out(deed, quietly=quietly)
        return await asyncio.shield(asyncio.ensure_future(write.wait()))

    @work(group="writes")
    async def _carry_out(self, deed: Deed, *, quietly: bool) -> Ended | None:
        if self.backend is None:
            return None
        ended = await self.backend.actions.carry_out(deed, self._tell)
        if ended is None:
            self.say(f"{deed.title}: already under way.")
            return None
        self._tell("")
        if not quietly:
            self.say(f"{deed.title}: {ended.sentence}", bad=ended.outcome is not Outcome.DONE)
        self.backend.wake(deed.refreshes)
        return ended

    async def go(self, screen: str, target: str = "") -> None:
        """Go to a screen, and to the object of a key there; not any more when a dialog has been opened meanwhile."""
        if screen not in self.MODES or self.screen.is_modal:
            return
        await self.switch_mode(screen)
        if target and isinstance(self.screen, FeedScreen):
            self.screen.reveal(target)

    def _tell(self, sentence: str) -> None:
        self.doing = sentence
        self.beat += 1

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is under the cursor decides whether there is a link; the screen knows it."""
        if action in {"open_link", "copy_link"} and isinstance(self.screen, FeedScreen):
            return self.screen.check_action(action, parameters)
        return super().check_action(action, parameters)

    def action_open_link(self) -> None:
        """Open what is under the cursor in the browser."""
        if isinstance(self.screen, FeedScreen) and (link := self.screen.link):
            problem = terminal.open_link(link)
            told = f"{problem.text} Press {self.key('copy')} to copy the link." if problem else f"Opened {link}"
            self.say(told, bad=problem is not None)

    def action_copy_link(self) -> None:
        """Copy the address of what is under the cursor."""
        if isinstance(self.screen, FeedScreen) and (link := self.screen.link):
            self.copy_to_clipboard(link)
            self.say(f"Copied {link}")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text`, without what a terminal would obey on pasting."""
        super().copy_to_clipboard(terminal.pasteable(text))

    def action_refresh_feeds(self) -> None:
        """Poll the feeds of the present screen now."""
        if self._paused:
            self.say(f"Paused. Press {self.key('pause')} to go on first.")
        elif self.backend and isinstance(self.screen, FeedScreen):
            self.backend.wake(self.screen.FEEDS)
            self.say("Reading again …")

    def action_pause(self) -> None:
        """Stop polling, or go on."""
        if self.backend is None:
            return
        self._paused = not self._paused
        for feed in self.backend.feeds.values():
            (feed.pause if self._paused else feed.resume)()
        self.beat += 1

    def action_help(self) -> None:
        """Show all keys of the present screen."""
        from fleet_tui.screens.help import Help

        if isinstance(self.screen, FeedScreen):
            title = f"Keys of the screen {SCREENS[self.screen.NAME][1]}"
            active = [(self.get_key_display(one.binding), one) for one in self.screen.active_bindings.values()]
            self.push_screen(Help(title, active))

    def action_command_palette(self) -> None:
        """Show the palette, unless it is there already, or all is covered. It works in dialogs, too."""
        if not any(isinstance(one, Palette | TooSmall) for one in self.screen_stack):
            self.push_screen(Palette())  # without an id: there may be another on another screen

    def search_themes(self) -> None:
        """Show the palette of the themes."""
        self.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes …"))

    @work(group="alerts", exclusive=True)
    async def action_alerts(self) -> None:
        """Show the alerts that were told; all of them count as seen then."""
        from fleet_tui.screens.alerts_dialog import AlertsDialog

        dialog = AlertsDialog(self.alerts.told, self.now(), self.config.team.zone)
        self.alerts.see_all()
        self.beat += 1
        if alert := await self.push_screen_wait(dialog):
            await self.go(alert.screen, alert.target)

    async def action_quit(self) -> None:
        """End the program; while a write is under way, ask first."""
        if not (self.backend and self.backend.actions.pending):
            self.exit(0)
        elif not isinstance(self.screen, Confirm):
            lines = (self.doing, "Ending now leaves it unknown whether it was done.")
            self.push_screen(Confirm("A write is under way. End all the same?", lines), self._quit_if)

    def _quit_if(self, sure: bool | None) -> None:
        if sure:
            self.exit(0)

    @on(ScreenTabs.Picked)
    async def _picked(self, event: ScreenTabs.Picked) -> None:
        await self.switch_mode(next(name for name, (number, _) in SCREENS.items() if number == event.key))

    def on_resize(self, event: Resize) -> None:
        """Cover everything when there is no room to work in."""
        if is_too_small(event.size) and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())


def run(
    config: Config,
    paths: Paths,
    tokens: Mapping[str, Secret],
    *,
    read_only: bool = False,
    screen: str | None = None,
    simulated: bool = False,
    takes_over: Callable[[], None] = lambda: None,
) -> int:
    """Draw the dashboard until the person quits; its exit code. Raises `Stop` when there is no such screen.

    `takes_over` is called when the terminal is about to be drawn on.
    """
    if screen is not None and screen not in SCREENS:
        raise Stop(Exit.USAGE, f"There is no screen {screen}. There are: {', '.join(SCREENS)}.")
    store = Store(paths.store(config.team.repository))  # makes the directory, which the log needs too
    start_log(paths.log)
    terminal.tolerate_old_mouse_reports()
    terminal.outlast_the_terminal()
    kept = None if simulated else paths
    app = FleetApp(
        config,
        store,
        tokens,
        report=partial(report, paths=kept),
        read_only=read_only,
        screen=screen,
        frames=paths.last_frame,
    )
    try:
        takes_over()
        app.run()
    finally:
        store.close()
    return app.return_code or 0
