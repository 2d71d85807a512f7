"""The freeze: is the branch frozen, until when, which pull requests wait, and unfreezing one."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fleet_tui.actions import Deed
from fleet_tui.desks import freeze_deeds
from fleet_tui.domain.counts import counted
from fleet_tui.domain.freeze import FreezeLost
from fleet_tui.domain.permission import Permission
from fleet_tui.domain.pulls import Candidate, PullRequest, Story
from fleet_tui.keys.freeze import FREEZE
from fleet_tui.screens import freeze_view as view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.screens.freeze_dialogs import FreezeDialog, UnfreezeDialog
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.containers import Across, Detail, Down
from fleet_tui.widgets.countdown import Countdown
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.phase_line import PhaseLine, Timeline
from fleet_tui.wiring import Backend


class FreezeScreen(FeedScreen):
    """State and phase above, pull requests below, the one under the cursor beside them."""

    NAME = "freeze"
    FEEDS = ("freeze", "pulls", "milestones", "stories")
    BINDINGS = bindings(FREEZE)

    def body(self) -> Iterator[Widget]:
        """Headline, timeline, countdown, table, detail."""
        with Across(id="state"):
            with Down(id="words"):
                yield Static(id="headline")
                yield Static(id="release")
                yield PhaseLine()
            yield Countdown()
        with Across(id="main"):
            yield KeyedTable(view.COLUMNS, empty="Reading the pull requests …", id="pulls")
            with Detail():
                yield Static(id="about")

    def __init__(self) -> None:
        super().__init__()
        self._pending: frozenset[int] = frozenset()

    def show(self) -> None:
        """Everything anew; the widgets write only what looks different."""
        host, outlook = self.host, self.host.desks.outlook
        now, zone = host.now(), host.config.team.zone
        at, branch = outlook.at, host.reading("freeze").value
        told(self.query_one("#headline", Static), view.headline(branch, at, now, zone))
        known = host.reading("milestones").at is not None
        release = view.release_line(outlook.release, at, now, zone) if known else view.ASKING_FOR_RELEASE
        told(self.query_one("#release", Static), release)
        line = self.query_one(PhaseLine)
        line.visible = at.schedule is not None
        line.show(Timeline(at.schedule, at.phase, now, zone))
        phase, moment = self.host.desks.outlook.at.next_change or (None, None)
        self.query_one(Countdown).show(moment, view.next_name(phase) if phase else "", self.host.now)
        self._show_table()

    def _heard(self, feed: str) -> bool:
        """Whether a feed has said anything, be it that it fails."""
        reading = self.host.reading(feed)
        return reading.at is not None or reading.problem is not None

    def _show_table(self) -> None:
        host, outlook = self.host, self.host.desks.outlook
        pulls, table = host.reading("pulls"), self.query_one(KeyedTable)
        if not all(map(self._heard, ("freeze", "milestones"))):
            return  # without them every verdict would be a guess
        if pulls.at is not None:
            table.empty = f"No row contains “{self.filter_text}”." if self.filter_text else view.NOTHING_WAITS
        table.sync(
            view.rows(
                outlook.candidates,
                host.reading("stories").value or (),
                outlook.at,
                host.now(),
                pending=self._pending,
                old=pulls.is_stale(host.now(), host.interval("pulls")),
                words=self.filter_text,
                airy=self.is_high,
            )
        )
        self._show_detail()

    @on(KeyedTable.Moved)
    def _show_detail(self) -> None:
        about = self.query_one("#about", Static)
        one, story = self._candidate, self._story
        if one is not None:
            frozen = bool(self.host.desks.outlook.at.frozen)
            told(about, view.detail(one, self.host.now(), self.host.config, frozen=frozen))
        elif story is not None:
            told(about, view.story_detail(story))
        else:
            told(about, Content())
        self.refresh_keys()

    # What is under the cursor

    @property
    def _candidate(self) -> Candidate | None:
        key = self.query_one(KeyedTable).selected_key
        return next((one for one in self.host.desks.outlook.candidates if str(one.pull.number) == key), None)

    @property
    def _story(self) -> Story | None:
        key = self.query_one(KeyedTable).selected_key
        stories: tuple[Story, ...] = self.host.reading("stories").value or ()
        return next((one for one in stories if f"{view.STORY_KEY}{one.number}" == key), None)

    @property
    def link(self) -> str:
        """The address of the pull request or story under the cursor."""
        if self._candidate:
            return self._candidate.pull.url
        return self._story.url if self._story else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Unfreezing needs a frozen branch and a pull request that is still blocked, and not under way already."""
        allowed = super().check_action(action, parameters)
        if action == "unfreeze" and allowed:
            one = self._candidate
            blocked = one is not None and not one.unfrozen and one.pull.number not in self._pending
            return True if blocked and self.host.desks.outlook.at.frozen else None
        return allowed

    # Unfreeze

    def action_unfreeze(self) -> None:
        """Ask as much as the rule asks, then unfreeze the pull request under the cursor."""
        one, backend = self._candidate, self.host.backend
        if one is None or backend is None:
            return

        def answered(leave: Permission | None) -> None:
            if leave is not None:
                self._unfreeze(one, leave, backend)

        # Not by a worker, which would begin later: a key that is typed ahead is for the dialog already.
        self.app.push_screen(UnfreezeDialog(one, self.host.config), answered)

    @work(group="unfreeze")
    async def _unfreeze(self, one: Candidate, leave: Permission, backend: Backend) -> None:
        pulls: tuple[PullRequest, ...] = self.host.reading("pulls").value or ()
        self._pending |= {one.pull.number}
        self._show_table()
        ended = await self.host.carry_out(freeze_deeds.unfreeze(one, leave, pulls, backend, self.host.config))
        self._pending -= {one.pull.number}
        self._show_table()
        if ended and isinstance(ended.failure, FreezeLost):
            await self._offer_to_restore(ended.failure, backend)

    async def _offer_to_restore(self, lost: FreezeLost, backend: Backend) -> None:
        as_before = counted(len(lost.unfrozen), "pull request")
        lines = (lost.problem.sentence, f"Freeze it again, with {as_before} unfrozen as before?")
        if await self.app.push_screen_wait(Confirm("The freeze was lost", lines, yes="Freeze it again", grave=True)):
            deed = freeze_deeds.freeze("Restored with fleet-tui", backend, self.host.config, lost.unfrozen)
            await self.host.carry_out(deed)

    # Freeze and lift

    def action_freeze(self) -> None:
        """Freeze the branch or lift its freeze, after its name was typed."""
        backend, branch = self.host.backend, self.host.reading("freeze").value
        if backend is None or branch is None:
            self.host.say("Merge Freeze has not said yet how the branch stands.", bad=True)
            return
        unfrozen = sum(one.unfrozen for one in self.host.desks.outlook.candidates)
        lines = view.freeze_warning(branch, self.host.desks.outlook.at, unfrozen)
        make = freeze_deeds.lift if branch.frozen else freeze_deeds.freeze

        def answered(note: str | None) -> None:
            if note is not None:
                self._carry_out(make(note, backend, self.host.config))

        self.app.push_screen(FreezeDialog(branch.branch, frozen=branch.frozen, lines=lines), answered)

    @work(group="freeze")
    async def _carry_out(self, deed: Deed) -> None:
        await self.host.carry_out(deed)
