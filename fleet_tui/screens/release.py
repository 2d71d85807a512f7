"""The release: is it ready, what is next, what blocks; and everything that is done for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fleet_tui.desks.release import BY_HAND, Concluding, ReleaseDesk
from fleet_tui.domain.conclusion import Fate
from fleet_tui.domain.dependencies import Dependency, Verdict
from fleet_tui.domain.dogfood import Run
from fleet_tui.domain.pushing import OpenStory
from fleet_tui.keys.release import RELEASE
from fleet_tui.screens import conclusion_view, release_rows, release_view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.screens.release_tasks import ReleaseTasks
from fleet_tui.services.conclusion_journal import Row as JournalRow
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.containers import Across, Detail, Down
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.rows import Row

DEPENDENCIES, STORIES, DOGFOOD, MILESTONE = range(4)
NAMES = ("Dependencies", "Stories", "Dogfood", "Milestone")
COLUMNS: tuple[tuple[Column, ...], ...] = (
    release_rows.DEPENDENCY_COLUMNS,
    release_rows.STORY_COLUMNS,
    release_rows.DEPLOYMENT_COLUMNS,
    conclusion_view.COLUMNS,
)
FEED_OF = ("dependencies", "open_stories", "deployments", "milestones")
READING = (
    "Asking what the newest versions are …",
    "Reading the stories …",
    "Asking what was deployed …",
    "Reading milestone and boards …",
)
EMPTY = (
    "Nothing is known of any dependency.",
    "Every story of the milestone is merged.",
    "Nothing was deployed that GitHub still lists.",
    "Press {key} for the dry run: what concluding the milestone would change, issue by issue.",
)
SECTIONS_OF = {"file": (DEPENDENCIES,), "tick": (DEPENDENCIES, MILESTONE), "push": (STORIES,), "push_all": (STORIES,)}
"""Keys that are not there in other sections."""


class ReleaseScreen(FeedScreen):
    """One line and the timeline above; below them a table for each section, and the row under the cursor."""

    NAME = "release"
    FEEDS = ("release", "dependencies", "open_stories", "deployments", "milestones", "freeze")
    AUTO_FOCUS = "KeyedTable.-current"
    BINDINGS: ClassVar = bindings(RELEASE)

    def __init__(self) -> None:
        super().__init__()
        self._section = DEPENDENCIES
        self._asked_to_go_on = False
        self._is_planning = False

    def body(self) -> Iterator[Widget]:
        """Headline, timeline, names of the sections, their tables, detail."""
        with Down(id="state"):
            yield Static(id="headline")
            yield Static(id="release")
            yield Static(id="stages")
        yield Static(id="sections")
        with Across(id="main"):
            for number, columns in enumerate(COLUMNS):
                classes = "-current" if number == self._section else ""
                yield KeyedTable(columns, empty=READING[number], id=f"section-{number}", classes=classes)
            with Detail():
                yield Static(id="about")

    @property
    def _desk(self) -> ReleaseDesk:
        return self.host.desks.release

    @property
    def _tasks(self) -> ReleaseTasks:
        return ReleaseTasks(self.app, self.host)

    # Showing

    def show(self) -> None:
        """Everything anew; the widgets write only what looks different."""
        desk, now, zone = self._desk, self.host.now(), self.host.config.team.zone
        standing, line, concluding = desk.standing, desk.timeline, desk.concluding
        running = desk.is_concluding
        key = self.host.key("release.conclude")
        words = release_view.headline(
            desk.version, standing, desk.dependencies, line, concluding, running=running, key=key
        )
        room = max(20, self.size.width - 4)
        told(self.query_one("#headline", Static), release_view.within(words, room, 3 if self.is_high else 2))
        trouble = standing.calendar_trouble if standing else ""
        told(self.query_one("#release", Static), release_view.release_line(line, trouble, now, zone))
        told(self.query_one("#stages", Static), release_view.stages(line, now, zone, room, high=self.is_high))
        told(self.query_one("#sections", Static), release_view.sections(self._sections(), self._section, room))
        for number, rows in enumerate(self._rows()):
            self._show_rows(number, tuple(rows))
        self._show_detail()
        self._offer_to_go_on(concluding)

    def on_resize(self) -> None:
        """The timeline has another form where there is little room."""
        if self.is_mounted:
            self.call_after_refresh(self.show)

    def _sections(self) -> Iterator[release_view.Section]:
        desk, concluding = self._desk, self._desk.concluding
        behind = sum(not desk.is_settled_row(row) for row in desk.dependencies)
        tag = desk.deployments.tag
        runs = bool(tag) and release_rows.judged(desk.deployments)[1] == release_rows.RUNS_NOW
        left = len(concluding.for_a_person) if concluding else 0
        left += concluding.is_unfinished if concluding else 0
        heard = [self.host.reading(feed).at is not None for feed in FEED_OF]
        yield release_view.Section(NAMES[DEPENDENCIES], behind, is_done=heard[DEPENDENCIES] and not behind)
        yield release_view.Section(NAMES[STORIES], len(desk.stories), is_done=heard[STORIES] and not desk.stories)
        yield release_view.Section(NAMES[DOGFOOD], is_done=runs)
        yield release_view.Section(NAMES[MILESTONE], left, is_done=concluding is not None and not left)

    def _rows(self) -> Iterator[Iterator[Row]]:
        desk, words, now = self._desk, self.filter_text, self.host.now()
        yield release_rows.dependency_rows(desk.dependencies, desk.is_settled_row, self.host.config, words)
        yield release_rows.story_rows(desk.stories, self.host.config, words, is_frozen=desk.is_frozen)
        yield release_rows.deployment_rows(desk.deployments, now, words)
        yield conclusion_view.rows(desk.plan, desk.concluding, words)

    def _show_rows(self, number: int, rows: tuple[Row, ...]) -> None:
        table = self._table(number)
        if self.filter_text:
            table.empty = f"No row contains “{self.filter_text}”."
        else:
            is_read = (
                not self._is_planning if number == MILESTONE else self.host.reading(FEED_OF[number]).at is not None
            )
            table.empty = EMPTY[number].format(key=self.host.key("release.conclude")) if is_read else READING[number]
        table.sync(rows)

    def _table(self, number: int) -> KeyedTable:
        return self.query_one(f"#section-{number}", KeyedTable)

    @on(KeyedTable.Moved)
    def _show_detail(self) -> None:
        told(self.query_one("#about", Static), self._detail())
        self.refresh_keys()

    def _detail(self) -> Content:
        now, desk = self.host.now(), self._desk
        match self._here:
            case Dependency() as row:
                return release_rows.dependency_detail(row, desk.ticked(row), now, self.host.key)
            case OpenStory() as story:
                return release_rows.story_detail(story, self.host.config, is_frozen=desk.is_frozen)
            case Run() as run:
                return release_rows.run_detail(run, now)
            case Fate() as fate:
                return conclusion_view.fate_detail(fate)
            case JournalRow() as row:
                return conclusion_view.step_detail(row)
        if self._section == DOGFOOD and self._key == release_rows.RELEASE_ROW:
            return release_rows.release_image_detail(desk.deployments)
        return Content()

    # What is under the cursor

    @property
    def _key(self) -> str | None:
        return self._table(self._section).selected_key

    @property
    def _here(self) -> Dependency | OpenStory | Run | Fate | JournalRow | None:
        desk, key = self._desk, self._key
        if key is None:
            return None
        if self._section == DEPENDENCIES:
            return next((row for row in desk.dependencies if row.name == key), None)
        if self._section == STORIES:
            return next((one for one in desk.stories if str(one.story.number) == key), None)
        if self._section == DOGFOOD:
            return next((run for run in desk.deployments.runs if f"{release_rows.RUN_KEY}{run.id}" == key), None)
        if key.startswith(conclusion_view.FATE):
            fates = desk.plan.fates if desk.plan else ()
            return next((fate for fate in fates if f"{conclusion_view.FATE}{fate.ticket.number}" == key), None)
        rows = desk.concluding.rows if desk.concluding else ()
        return next((row for row in rows if f"{conclusion_view.STEP}{row.step.id}" == key), None)

    @property
    def link(self) -> str:
        """The address of what is under the cursor: an issue, a run, release notes."""
        match self._here:
            case Dependency(url=url) | Run(url=url):
                return url
            case OpenStory(story=story):
                return story.url
            case Fate(ticket=ticket):
                return ticket.url
        return self._desk.standing.url if self._desk.standing else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key of another section is not there; one of this section needs the right row."""
        allowed = super().check_action(action, parameters)
        if not allowed:
            return allowed
        if self._section not in SECTIONS_OF.get(action, (self._section,)):
            return False
        desk, here = self._desk, self._here
        match action:
            case "file":
                return True if isinstance(here, Dependency) and here.filing and not here.filed else None
            case "fleetd":
                changed = any(row.verdict is Verdict.CHANGED and not row.filed for row in desk.dependencies)
                return True if changed else None
            case "tick":
                return True if self._may_tick(here) else None
            case "push":
                return True if isinstance(here, OpenStory) else None
            case "push_all":
                return True if desk.stories else None
            case "follow":
                return True if desk.last_run else None
            case "conclude":
                return None if desk.is_concluding else True
            case "announce":
                return True if desk.to_announce else None
            case "report":
                return True if desk.concluding else None
        return True

    def why_not(self, action: str) -> str:
        """A key of another section names it."""
        sections = SECTIONS_OF.get(action, (self._section,))
        if self._section in sections:
            return super().why_not(action)
        return f"This is for the section {' or '.join(NAMES[one] for one in sections)}: go there first."

    def _may_tick(self, here: object) -> bool:
        if isinstance(here, Dependency):
            return here.verdict in BY_HAND
        return isinstance(here, JournalRow) and here.step.do.is_a_persons and not here.state.is_over

    # Moving about

    def action_section(self, step: int) -> None:
        """Show the section beside this one."""
        self._go((self._section + step) % len(NAMES))

    def _go(self, section: int) -> None:
        self._section = section
        for number in range(len(NAMES)):
            self._table(number).set_class(number == section, "-current")
        self.focus_main()
        self.show()

    def reveal(self, target: str) -> None:
        """Put the cursor on the row of that key, in whatever section it is."""
        for number in range(len(NAMES)):
            if self._table(number).select(target):
                self._go(number)
                return

    def action_follow(self) -> None:
        """Go to the last run and read it now: while it runs it is read again and again, and its end is told."""
        run, backend = self._desk.last_run, self.host.backend
        if run is None or backend is None:
            return
        self._go(DOGFOOD)
        self._table(DOGFOOD).select(f"{release_rows.RUN_KEY}{run.id}")
        backend.wake(("deployments",))

    def action_tick(self) -> None:
        """Say that what is under the cursor was looked at, or done."""
        here = self._here
        if isinstance(here, Dependency) and here.verdict in BY_HAND:
            self._desk.toggle(here)
        elif isinstance(here, JournalRow) and self._may_tick(here):
            self._desk.tick_step(here.step)
        self.show()

    # Doing

    def action_file(self) -> None:
        """File what the rule asks for, for the dependency under the cursor."""
        if isinstance(here := self._here, Dependency):
            self._file(here)

    @work(group="release")
    async def _file(self, row: Dependency) -> None:
        await self._tasks.file(row)

    @work(group="release")
    async def action_fleetd(self) -> None:
        """Create the fleetd release QA issue."""
        await self._tasks.fleetd()

    def action_push(self) -> None:
        """Push the story under the cursor."""
        if isinstance(here := self._here, OpenStory):
            self._push((here,))

    def action_push_all(self) -> None:
        """Push all stories that are not merged."""
        self._push(self._desk.stories)

    @work(group="release")
    async def _push(self, stories: tuple[OpenStory, ...]) -> None:
        await self._tasks.push(stories)

    @work(group="deploy")
    async def action_deploy(self) -> None:
        """Deploy an image, and follow its run."""
        self._go(DOGFOOD)
        await self._tasks.deploy()

    @work(group="conclude")
    async def action_conclude(self) -> None:
        """Conclude the milestone, or go on with it."""
        self._is_planning = True
        self._go(MILESTONE)
        try:
            await self._tasks.conclude()
        finally:
            self._is_planning = False
        self.show()

    @work(group="release")
    async def action_announce(self) -> None:
        """Post the announcement, or copy it."""
        await self._tasks.announce()

    @work(group="release")
    async def action_report(self) -> None:
        """Show how far the last conclusion came."""
        await self._tasks.report()

    def _offer_to_go_on(self, concluding: Concluding | None) -> None:
        """Once, when the screen is first seen: somebody, or something, cut a conclusion off."""
        if self.host.backend is None or self._asked_to_go_on or self.app.screen is not self:
            return
        self._asked_to_go_on = True
        if (
            concluding
            and concluding.is_unfinished
            and not self._desk.is_concluding
            and self.check_action("conclude", ())
        ):
            self.action_conclude()
