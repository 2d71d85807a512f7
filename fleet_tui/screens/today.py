"""The first screen: what needs a hand, and where everything stands, at a glance and from two metres away."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.containers import Grid
from textual.widget import Widget
from textual.widgets import Static

from fleet_tui.domain import overview
from fleet_tui.domain.overview import Overview
from fleet_tui.keys.today import TODAY
from fleet_tui.screens import today_view as view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.screens.freeze_view import next_name
from fleet_tui.widgets.containers import Across, Down
from fleet_tui.widgets.countdown import Countdown
from fleet_tui.widgets.tile import Tile, TileValue

NAMES = ("freeze", "oncall", "urgent", "bugs", "qa", "waiting", "certificates", "rituals")
"""The tiles in the order in which they stand, row by row."""


class TodayScreen(FeedScreen):
    """A sentence, the countdown that matters, and eight tiles. Nothing scrolls: a tile says how much more there is."""

    NAME = "today"
    FEEDS = overview.FEEDS
    SAYS_TROUBLE = False
    FILTERS = False
    AUTO_FOCUS = "#tile-freeze"
    BINDINGS = bindings(TODAY)

    def __init__(self) -> None:
        super().__init__()
        self._shown: Overview | None = None

    def body(self) -> Iterator[Widget]:
        """Headline, countdown, tiles."""
        with Across(id="state"):
            with Down(id="words"):
                yield Static(id="headline")
                yield Static(id="release")
                yield Static(id="trouble")
            yield Countdown()
        with Grid(id="tiles"):
            for name in NAMES:
                yield Tile(TileValue(""), id=f"tile-{name}")

    def show(self) -> None:
        """Everything anew; the tiles write only what looks different."""
        shown, config = self.host.desks.overview, self.host.config
        self._shown = shown
        self._show_words()
        told(self.query_one("#release", Static), view.release_words(shown.freeze, config))
        for name, value in view.tiles(shown, config).items():
            self.query_one(f"#tile-{name}", Tile).show(value)
        phase, moment = self.host.desks.outlook.at.next_change or (None, None)
        self.query_one(Countdown).show(moment, next_name(phase) if phase else "", self.host.now)
        self.refresh_keys()

    def on_resize(self) -> None:
        """The sentences break elsewhere."""
        self.call_after_refresh(self._show_words)

    def _show_words(self) -> None:
        if self._shown is None:
            return
        config, trouble = self.host.config, self.query_one("#trouble", Static)
        told(self.query_one("#headline", Static), view.headline(self._shown, config, self._room))
        told(trouble, view.trouble(self.host.health(), config, self._room))
        trouble.display = bool(str(trouble.content))

    @property
    def _room(self) -> int:
        """Cells for the sentence."""
        return self.query_one("#words").content_size.width or self.size.width

    # Moving about

    @property
    def _tile(self) -> Tile:
        return self.focused if isinstance(self.focused, Tile) else self.query_one(self.AUTO_FOCUS or "", Tile)

    def action_step(self, by: int) -> None:
        """A line down or up; over the edge into the tile below or above."""
        tile = self._tile
        if not tile.step(by):
            self._go(tile, by * self._across, first=by > 0)

    def action_tile(self, by: int) -> None:
        """Into the tile beside."""
        self._go(self._tile, by, first=True)

    def _go(self, tile: Tile, by: int, *, first: bool) -> None:
        goal = NAMES.index((tile.id or "").removeprefix("tile-")) + by
        if 0 <= goal < len(NAMES):
            there = self.query_one(f"#tile-{NAMES[goal]}", Tile)
            there.put(0 if first else -1)
            self.set_focus(there)

    @property
    def _across(self) -> int:
        """How many tiles stand side by side."""
        return 4 if self.has_class("-wide") else 2

    # Leading on

    @on(Tile.Picked)
    def action_lead(self) -> None:
        """Go to the screen of the line under the cursor, and to the object."""
        tile = self._tile
        row = tile.row
        screen = (row.screen if row else "") or tile.value.screen
        self.call_later(self.host.go, screen, row.target if row else "")

    def reveal(self, target: str) -> None:
        """Nothing in particular."""
