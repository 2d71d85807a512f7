"""The base of every screen: status line, tabs, the screen's own body, filter, footer; and when to draw anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from fleet_tui.keys import BY_SCREEN, EVERYWHERE, SCREENS, SHORT, Key
from fleet_tui.keys.spelling import pressed
from fleet_tui.screens.bindings import WRITING
from fleet_tui.screens.host import Host
from fleet_tui.screens.why_not import READ_ONLY, why_not
from fleet_tui.widgets.containers import Blank
from fleet_tui.widgets.filter_line import FilterLine
from fleet_tui.widgets.footer import KeyFooter
from fleet_tui.widgets.freshness import FreshnessLine, Trouble
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.status_line import StatusLine
from fleet_tui.widgets.tabs import ScreenTabs, Tab

HIGH = 32
"""Lines from which on a terminal has room to spare."""


class FeedScreen(Blank, Screen[None]):
    """A permanent screen that shows what some feeds said. A screen has `NAME`, `FEEDS`, `body` and `show`."""

    NAME: ClassVar[str]
    FEEDS: ClassVar[tuple[str, ...]] = ()
    SAYS_TROUBLE: ClassVar[bool] = True
    """Whether each failing feed gets a line of its own above the footer."""
    FILTERS: ClassVar[bool] = True
    """Whether it has rows to filter."""
    AUTO_FOCUS = "KeyedTable"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-high")]

    def __init__(self) -> None:
        super().__init__()
        self._key_state: list[bool | None] = []

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        self._fit(self.app.size)
        yield StatusLine()
        tabs = [Tab(number, title, SHORT.get(name, "")) for name, (number, title) in SCREENS.items()]
        yield ScreenTabs(tabs, SCREENS[self.NAME][0])
        yield from self.body()
        for name in self.FEEDS if self.SAYS_TROUBLE else ():
            yield FreshnessLine(id=f"fresh-{name}")
        yield Static("", id="doing", markup=False)
        if self.FILTERS:
            yield FilterLine()
        yield KeyFooter()

    def _fit(self, size: Size) -> None:
        """Say how much room there is before anything is styled: Textual says it afterwards, and all is styled anew."""
        wide = self._get_breakpoint_classes(size.width, self.HORIZONTAL_BREAKPOINTS)
        high = self._get_breakpoint_classes(size.height, self.VERTICAL_BREAKPOINTS)
        self.add_class(*wide, *high, update=False)

    def body(self) -> Iterator[Widget]:
        """The widgets between tabs and footer."""
        raise NotImplementedError

    def show(self) -> None:
        """Hand the present values to the widgets. Called when something has changed, and only while visible."""
        raise NotImplementedError

    @property
    def host(self) -> Host:
        """The app, as screens see it."""
        return cast("Host", self.app)

    @property
    def is_high(self) -> bool:
        """Whether there is room for air between groups."""
        return self.app.size.height >= HIGH

    @property
    def filter_text(self) -> str:
        """What rows must contain, in lower case; empty when all are shown."""
        return self.query_one("#filter", Input).value.strip().casefold()

    @property
    def link(self) -> str:
        """The address of what is under the cursor; empty when there is none."""
        return ""

    def reveal(self, target: str) -> None:
        """Put the cursor on the object of that key, if it is there."""
        for table in self.query(KeyedTable):
            if table.select(target):
                self.set_focus(table)
                return

    def on_mount(self) -> None:
        """Only permanent screens watch the app: a removed widget that does is never freed."""
        self.watch(self.app, "beat", self._changed, init=False)
        self.query("#filter").set(display=False)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was shown."""
        self._show_all()

    def on_screen_suspend(self) -> None:
        """What was said is shown by the dialog that is on top from now on, and once is enough."""
        self.query("ToastRack").set(display=False)

    def _changed(self) -> None:
        if self.is_attached and self in self.app.screen_stack:
            self._show_all()

    def show_status(self) -> None:
        """Hand over what changes with every poll. Called alone when a poll has brought nothing new."""
        self.query_one(StatusLine).show(self.host.status())

    def _show_all(self) -> None:
        host = self.host
        self.show_status()
        told_of: set[str] = set()
        for name in self.FEEDS if self.SAYS_TROUBLE else ():
            trouble = self._trouble(name)
            if trouble and trouble.problem.source in told_of:  # one line a source is enough
                trouble = None
            elif trouble:
                told_of.add(trouble.problem.source)
            self.query_one(f"#fresh-{name}", FreshnessLine).show(trouble)
        doing = self.query_one("#doing", Static)
        doing.display = bool(host.doing)
        told(doing, Content(host.doing))
        self.show()

    def _trouble(self, name: str) -> Trouble | None:
        reading, host = self.host.reading(name), self.host
        if reading.problem is None:
            return None
        since = reading.failing_since or host.now()
        return Trouble(reading.problem, since, reading.at, reading.next_try, host.now(), host.config.team.zone)

    # Filter

    def action_filter(self) -> None:
        """Open the filter."""
        line = self.query_one("#filter", Input)
        line.display = True
        self.set_focus(line)  # at once, unlike `line.focus()`: the next key is for it already

    @on(Input.Changed, "#filter")
    def _filter_changed(self) -> None:
        self.show()
        self.hold()

    def hold(self) -> None:
        """The person changed what is listed: what the cursor is on now is meant."""
        for table in self.query(KeyedTable):
            table.hold()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one("#filter").display = bool(self.filter_text)
        self.focus_main()

    def key_escape(self) -> None:
        """The same key leads out of the filter when it is not being typed."""
        if self.is_mounted and self.FILTERS:
            self.action_show_all_rows()

    def action_show_all_rows(self) -> None:
        """Leave the filter and show all rows."""
        line = self.query_one("#filter", Input)
        line.value = ""
        line.display = False
        self.focus_main()

    def focus_main(self) -> None:
        """Put the focus where the keys of the screen work."""
        self.set_focus(self.query(self.AUTO_FOCUS or "*").first(Widget))

    @on(KeyedTable.Chosen)
    def _chosen(self) -> None:
        # Textual calls the handlers of every class: one of the same name in a screen would run beside this one.
        self.choose()

    def choose(self) -> None:
        """Enter leads to what is under the cursor."""
        self.call_later(self.run_action, "app.open_link")

    # Keys

    def refresh_keys(self) -> None:
        """Have the footer show what can be done now, if that has changed."""
        names = ["open_link", *(key.action for key in BY_SCREEN[self.NAME])]
        state = [self.check_action(name, ()) for name in names]
        if state != self._key_state:
            self._key_state = state
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key is there: in read-only mode no writing key is. Before the screen is built, none can act."""
        if not self.is_mounted:  # the footer may be built before the rest, and asks
            return None
        if action in WRITING and self.host.read_only:
            return False
        if action in {"open_link", "copy_link"}:
            return True if self.link else None
        return self.FILTERS or action != "filter"

    @cached_property
    def _own(self) -> Mapping[str, Key]:
        return pressed(BY_SCREEN[self.NAME], self.host.config.keys)

    @cached_property
    def _everywhere(self) -> Mapping[str, Key]:
        return pressed(EVERYWHERE, self.host.config.keys)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that are there. One of the screen's own has no other meaning while it is not."""
        found = super().active_bindings
        return {key: one for key, one in found.items() if one.node is not self.app or key not in self._own}

    def on_key(self, event: events.Key) -> None:
        """A key that cannot act now says why, and does not fall through to another meaning of its letter."""
        if not self.is_mounted or not (meant := self._own.get(event.key) or self._everywhere.get(event.key)):
            return
        found = self.active_bindings.get(event.key)
        if found is None or not found.enabled:
            event.stop()
            name = (found.binding if found else meant).action.partition("(")[0].rpartition(".")[2]
            self.host.say(READ_ONLY if name in WRITING and self.host.read_only else self.why_not(name))

    def why_not(self, action: str) -> str:
        """Why an action cannot be done now."""
        return why_not(self.NAME, action)


def told(line: Static, content: Content) -> None:
    """Show `content` unless it stands there already; `Static.update` does not compare."""
    shown = line.content
    if not (isinstance(shown, Content) and shown.is_same(content)):
        line.update(content, layout=False)
        if _has_another_size(line):
            line.refresh(layout=True)


def _has_another_size(line: Static) -> bool:
    """Whether the content asks for another size than `line` has: only then everything has to be laid out anew."""
    size, styles = line.content_size, line.styles
    if not size or (styles.width and styles.width.is_auto):
        return True
    if styles.height is None or not styles.height.is_auto:
        return False
    line.clear_cached_dimensions()
    return line.get_content_height(size, line.app.size, size.width) != size.height
