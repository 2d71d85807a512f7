"""What this program has written and met: the journal, errors with their whole text, and how the feeds are."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fleet_tui.domain.journal import Entry
from fleet_tui.keys.activity import ACTIVITY
from fleet_tui.screens import activity_view as view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.widgets.containers import Across, Detail
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.wiring import KINDS


class Sources(KeyedTable):
    """Its cursor is seen while it has the keys: what is done is done to the entry under the other one."""

    def _cursor_sign(self, key: str) -> str:
        return super()._cursor_sign(key) if self.has_focus else ""

    def on_focus(self) -> None:
        """Draw the cursor."""
        self.repaint()

    def on_blur(self) -> None:
        """Take it away."""
        self.repaint()


class ActivityScreen(FeedScreen):
    """Writes and errors, newest first, with the entry under the cursor beside them; the feeds above."""

    NAME = "activity"
    FEEDS = tuple(KINDS)
    SAYS_TROUBLE = False
    AUTO_FOCUS = "#entries"
    BINDINGS = bindings(ACTIVITY)

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    def body(self) -> Iterator[Widget]:
        """Health of the feeds above, writes and errors below."""
        yield Static(id="trouble", classes="headline")
        yield Sources(view.FEED_COLUMNS, id="feeds")
        with Across(id="main"):
            yield KeyedTable(view.ENTRY_COLUMNS, empty="Nothing has been written yet.", id="entries")
            with Detail():
                yield Static(id="about")

    def show(self) -> None:
        """Everything anew."""
        host = self.host
        trouble = self.query_one("#trouble", Static)
        trouble.display = bool(host.store_trouble)
        told(trouble, view.trouble(host.store_trouble))
        self._entries = tuple(one for one in host.journal() if view.matches(self.filter_text, one))
        self.query_one("#entries", KeyedTable).sync(view.entry_rows(self._entries, host.now(), host.config.team.zone))
        self._show_detail()

    def show_status(self) -> None:
        """The health of the feeds is all that a poll without news changes."""
        super().show_status()
        host = self.host
        self.query_one("#feeds", KeyedTable).sync(view.feed_rows(host.health(), host.now(), host.config.team.zone))

    @on(KeyedTable.Moved, "#entries")
    def _show_detail(self) -> None:
        entry = self._entry
        about = view.detail(entry, self.host.config.team.zone) if entry else Content()
        told(self.query_one("#about", Static), about)
        self.refresh_keys()

    @property
    def _entry(self) -> Entry | None:
        key = self.query_one("#entries", KeyedTable).selected_key
        return next((one for one in self._entries if view.key_of(one) == key), None)

    @property
    def link(self) -> str:
        """The address of what the entry under the cursor changed."""
        return self._entry.url if self._entry else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Copying needs an entry."""
        allowed = super().check_action(action, parameters)
        if action == "copy_text" and allowed:
            return True if self._entry else None
        return allowed

    def action_copy_text(self) -> None:
        """Copy the whole text of the entry."""
        if self._entry:
            self.app.copy_to_clipboard(view.detail(self._entry, self.host.config.team.zone).plain)
            self.host.say("Copied.")
