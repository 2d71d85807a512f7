"""What is to be tidied up on the bug board: a list of findings, each mended by a digit."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from fleet_tui.domain.bug_moves import Move
from fleet_tui.domain.bug_tidy import Finding
from fleet_tui.screens.feed_screen import told
from fleet_tui.theme import Tone
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.dialog import Answer, Dialog
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.rows import Row

Mend = tuple[int, Move]


class TidyDialog(Dialog[Mend | None]):
    """Gives the number of a bug and the move that mends it; Enter takes the first mend."""

    DEFAULT_CSS = """
    TidyDialog {
        & > #frame { width: 100; }
        & KeyedTable { height: 1; }
        & #mends { height: auto; margin-top: 1; }
    }
    """
    AUTO_FOCUS = "KeyedTable"

    def __init__(self, findings: Sequence[Finding]) -> None:
        title = "1 thing to tidy up" if len(findings) == 1 else f"{len(findings)} things to tidy up"
        super().__init__(title, [Answer("q", "Close", None)])
        self._findings = {str(index): finding for index, finding in enumerate(findings)}

    def compose_body(self) -> ComposeResult:
        """The findings, and the mends of the one under the cursor."""
        yield KeyedTable([Column("what", "", 20, flex=True)], id="findings")
        yield Static(id="mends")

    def on_mount(self) -> None:
        """Show them."""
        self.query_one(KeyedTable).sync(Row(key, (Content(one.sentence),)) for key, one in self._findings.items())
        self._show_mends()

    def on_resize(self) -> None:
        """As high as there are findings, but leave room for the mends of any: they must be seen to be chosen."""
        mends = max((len(one.mends) for one in self._findings.values()), default=0)
        room = max(2, self.size.height - 12 - mends)
        self.query_one(KeyedTable).styles.height = min(len(self._findings), room, 12)

    @property
    def _finding(self) -> Finding | None:
        return self._findings.get(self.query_one(KeyedTable).selected_key or "")

    @on(KeyedTable.Moved)
    def _show_mends(self) -> None:
        mends = self._finding.mends if self._finding else ()
        lines = [
            Content.assemble((f"{number} ", "bold"), mend.title, (" (Enter)" if number == 1 else "", Tone.OLD))
            for number, mend in enumerate(mends, 1)
        ]
        told(self.query_one("#mends", Static), Content("\n").join(lines))

    @on(KeyedTable.Chosen)
    def _take_first(self) -> None:
        self._take(0)

    def on_key(self, event: events.Key) -> None:
        """A digit takes the mend of that number."""
        if event.key.isdigit():
            event.stop()
            self._take(int(event.key) - 1)

    def _take(self, index: int) -> None:
        finding = self._finding
        if finding and 0 <= index < len(finding.mends):
            self.dismiss((finding.number, finding.mends[index]))
