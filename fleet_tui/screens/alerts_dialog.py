"""The alerts that were told: when, what, where. Enter leads there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from fleet_tui.domain.alert import Alert, Told
from fleet_tui.domain.spans import day_and_hour
from fleet_tui.theme import Tone
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.rows import Kind, Row

COLUMNS = (Column("at", "", 16), Column("what", "", 20, flex=True), Column("kind", "", 16, drop_below=90))
NONE = "No alert yet. When something becomes urgent, it rings and stands here."


class AlertsDialog(Dialog[Alert | None]):
    """Gives the alert that is to be looked at."""

    DEFAULT_CSS = """
    AlertsDialog {
        & > #frame { width: 110; }
        & KeyedTable { height: 16; }
    }
    """
    AUTO_FOCUS = "KeyedTable"

    def __init__(self, told: Sequence[Told], now: datetime, zone: ZoneInfo) -> None:
        super().__init__("Alerts", [Answer("q", "Close", None)])
        self._told = {one.alert.key: one for one in told}
        self._now = now
        self._zone = zone

    def compose_body(self) -> ComposeResult:
        """The list, newest first; what nobody has looked at is bright."""
        yield KeyedTable(COLUMNS, empty=NONE, id="alerts")

    def on_mount(self) -> None:
        """Show them."""
        self.query_one(KeyedTable).sync(self._rows())

    def _rows(self) -> Iterator[Row]:
        for key, one in self._told.items():
            when = Content.styled(day_and_hour(one.at, self._zone, now=self._now), Tone.OLD)
            what = Content(one.alert.words) if one.seen else Content.styled(one.alert.words, "bold")
            kind = Content.styled(one.alert.kind, Tone.OLD)
            yield Row(key, (when, what, kind), Kind.OLD if one.seen else Kind.PLAIN)

    @on(KeyedTable.Chosen)
    def _chosen(self, event: KeyedTable.Chosen) -> None:
        self.dismiss(self._told[event.key].alert)
