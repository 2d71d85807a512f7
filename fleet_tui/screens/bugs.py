"""The bug board: inbox, acknowledged, reproduced, each most urgent first, and moving bugs between them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from textual import on, work
from textual.content import Content
from textual.events import DescendantFocus, Resize
from textual.widget import Widget
from textual.widgets import Input, Sparkline, Static

from fleet_tui.desks.bugs import Board, BugDesk, Placed
from fleet_tui.domain.bug_filter import Filter, parse
from fleet_tui.domain.bug_moves import MoveName, mark_critical, refusal
from fleet_tui.domain.bugs import Bug, State, is_critical
from fleet_tui.domain.engineering_story import engineering_story
from fleet_tui.keys.bugs import BUGS
from fleet_tui.screens import bug_deeds
from fleet_tui.screens import bugs_view as view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.bug_detail import BugDialog, show_detail
from fleet_tui.screens.bug_moves import Moves
from fleet_tui.screens.critical_dialog import CriticalDialog
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.screens.story_dialog import StoryDialog
from fleet_tui.screens.tidy_dialog import TidyDialog
from fleet_tui.screens.why_not import READ_ONLY
from fleet_tui.theme import Tone
from fleet_tui.widgets.card_list import CardList, Entry
from fleet_tui.widgets.choose import Choose
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.containers import Across, Detail, Down

PASSED = 0.05
"""Seconds after which a cursor does not merely pass over a card: j held down paints the cards alone."""
RESTED = 0.3
"""Seconds after which the cursor has come to rest."""
CRAMPED = 80
"""Cells below which the names of all columns have no room beside each other in full."""


class BugsScreen(FeedScreen):
    """Figures above, three columns, the bug under the cursor beside or below them."""

    NAME = "bugs"
    FEEDS = ("bugs", "columns")
    AUTO_FOCUS = "CardList"
    BINDINGS = bindings(BUGS)

    def __init__(self) -> None:
        super().__init__()
        self._marked: frozenset[str] = frozenset()
        self._pending: frozenset[str] = frozenset()
        self._column = 0
        self._group = ""
        self._told: list[tuple[object, tuple[Entry, ...]]] = [(None, ())] * len(view.COLUMNS)
        self._titles: list[Content] = []
        self._read_about: Bug | None = None
        """The bug whose text stands beside the board, or is on its way."""
        self._shown_about: int | None = None
        """The number of the bug whose text stands there."""

    def on_mount(self) -> None:
        """Nothing is told of a card that the cursor only passes over."""
        self._moved = self.set_interval(PASSED, self._show_detail, pause=True)

    def body(self) -> Iterator[Widget]:
        """Headline, orphans, columns, detail."""
        with Down(id="state"):
            with Across(id="figures"):
                yield Static(id="headline")
                yield Sparkline([0.0] * 13, id="opened")
                yield Static(id="closed-words")
                yield Sparkline([0.0] * 13, id="closed")
                yield Static(id="aside")
            yield Static(id="orphans")
        yield Static(id="columns")
        with Across(id="main"):
            with Across(id="board"):
                for number, (title, _) in enumerate(view.COLUMNS):
                    with Down(id=f"column-{number}", classes="column"):
                        yield Static(Content(title), id=f"title-{number}", classes="title")
                        yield CardList(self._face, id=f"cards-{number}")
            with Detail():
                yield Static(id="about")
                yield Down(id="more")

    @property
    def _desk(self) -> BugDesk:
        return self.host.desks.bugs

    def _face(self, value: object, width: int) -> tuple[Content, ...]:
        assert isinstance(value, Placed)
        half_done = self._desk.cut_off(value.bug.number) is not None
        return view.face(value, width, self.host.now(), self.host.config, half_done=half_done)

    # Showing

    def show(self) -> None:
        """Everything anew; the widgets write only what looks different."""
        board, filter_ = self._desk.board, parse(self.filter_text)
        self._marked = frozenset(key for key in self._marked if int(key) in board.by_number)
        self._show_figures(board, filter_)
        shown = self._desk.wanted(filter_, self._group)
        self._titles = []
        for number in range(len(view.COLUMNS)):
            self._show_column(number, board, shown)
        told(self.query_one("#columns", Static), Content("   ").join(self._titles))
        self._show_detail()

    def _show_figures(self, board: Board, filter_: Filter) -> None:
        desk, heard = self._desk, self._heard
        progress = Content.styled(desk.progress or "Reading the bugs …", Tone.OLD)
        told(self.query_one("#headline", Static), view.headline(board, desk.week) if heard else progress)
        told(self.query_one("#closed-words", Static), Content(f"{desk.week.closed} closed" if heard else ""))
        told(self.query_one("#aside", Static), view.aside(self._group, self._marked))
        orphans = self.query_one("#orphans", Static)
        words = view.meaningless(filter_.unknown) or view.orphans_line(
            board.of(State.ORPHAN), self.host.key("bugs.tidy")
        )
        told(orphans, words)
        orphans.display = bool(words)
        weeks = desk.weeks
        for name, figures in (("opened", [one.opened for one in weeks]), ("closed", [one.closed for one in weeks])):
            plot = self.query_one(f"#{name}", Sparkline)
            plot.visible = heard
            if plot.data != figures:
                plot.data = figures

    def _show_column(self, number: int, board: Board, shown: Mapping[State, tuple[Placed, ...]]) -> None:
        title, states = view.COLUMNS[number]
        cards = self.query_one(f"#cards-{number}", CardList)
        ones = [one for state in states for one in shown.get(state, ())]
        listed = ones if self._heard else None
        is_current, is_cramped = number == self._column, self.size.width < CRAMPED
        words = view.column_title(title, listed, self.host.now(), current=is_current, brief=is_cramped)
        self._titles.append(words)
        told(self.query_one(f"#title-{number}", Static), words)
        cards.empty = self._why_empty()
        before, entries = self._told[number]
        if before != ones:
            entries = tuple(view.entries(states, ones))
            self._told[number] = (ones, entries)
        cards.sync(entries, marked=self._marked, pending=self._pending, airy=self.is_high)

    def _why_empty(self) -> str:
        if not self._heard:
            return ""
        return "Nothing fits the filter." if self.filter_text or self._group else "None. Enjoy the quiet."

    @property
    def _heard(self) -> bool:
        return self.host.reading("bugs").at is not None

    @on(CardList.Moved)
    def _cursor_moved(self) -> None:
        self._moved.reset()
        self._moved.resume()

    def _show_detail(self) -> None:
        self._moved.pause()
        one = self._placed
        told(self.query_one("#about", Static), self._facts(one, title=True) if one else Content())
        wanted = one.bug if one and self.has_class("-wide") else None
        if wanted is not self._read_about:
            self._read_about = wanted
            self._show_more(wanted)
        self.refresh_keys()

    def _facts(self, one: Placed, *, title: bool) -> Content:
        number, now, config = one.bug.number, self.host.now(), self.host.config
        incident = self._desk.incident(number) if one.is_critical else None
        return view.facts(one, now, config, title=title, rest=self._desk.cut_off(number), incident=incident)

    # What is under the cursor

    @property
    def _placed(self) -> Placed | None:
        key = self._cards.selected_key
        return self._desk.board.by_number.get(int(key)) if key else None

    @property
    def _chosen_ones(self) -> list[Placed]:
        """The marked bugs, or the one under the cursor."""
        board = self._desk.board.by_number
        marked = [board[int(key)] for key in sorted(self._marked, key=int) if int(key) in board]
        one = self._placed
        return marked or ([one] if one else [])

    @property
    def link(self) -> str:
        """The address of the bug under the cursor."""
        return self._placed.bug.url if self._placed else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A move needs a bug; what it makes no sense for is told when it is pressed."""
        allowed = super().check_action(action, parameters)
        if not allowed:
            return allowed
        one = self._placed
        if action in {"move", "priority", "mark"}:
            return True  # if p were free it would pause: pressed without a bug, it says why nothing happens
        if action == "critical":
            return True if one else None
        if action == "unmark":
            return True if self._marked else None
        if action == "undo":
            return True if self._desk.last_made else None
        if action == "finish":
            return True if one and self._desk.cut_off(one.bug.number) else None
        if action == "acknowledge_alarm":
            return True if self._desk.alarms else None
        return True

    # Columns

    @on(DescendantFocus)
    def _column_focused(self, event: DescendantFocus) -> None:
        if isinstance(event.widget, CardList):
            self._column = int((event.widget.id or "").rpartition("-")[2])
            self._show_one_column()
            self.show()

    def on_resize(self, event: Resize) -> None:
        """On a narrow terminal one column is shown at a time, on a wide one the bug's text beside them."""
        self._show_one_column()
        self.call_after_refresh(self._show_all)

    def _show_one_column(self) -> None:
        for number in range(len(view.COLUMNS)):
            self.query_one(f"#column-{number}").set_class(number == self._column, "-current")
            self.query_one(f"#cards-{number}", CardList).is_current = number == self._column

    def focus_main(self) -> None:
        """Put the focus on the current column."""
        self.set_focus(self._cards)

    def reveal(self, target: str) -> None:
        """Put the cursor on the bug of that number, in whatever column it is; a filter that hides it is lifted."""
        if target.isdigit() and int(target) in self._desk.board.by_number and not self._select(target):
            self.query_one("#filter", Input).value = self._group = ""
            self.show()
            self._select(target)

    def _select(self, key: str) -> bool:
        for number in range(len(view.COLUMNS)):
            if self.query_one(f"#cards-{number}", CardList).select(key):
                self._column = number
                self._show_one_column()
                self.focus_main()
                return True
        return False

    def action_column(self, step: int) -> None:
        """Go to the column on the left or the right."""
        goal = self._column + step
        if 0 <= goal < len(view.COLUMNS):
            self._column = goal
            self._show_one_column()
            self.set_focus(self._cards)

    @property
    def _cards(self) -> CardList:
        return self.query_one(f"#cards-{self._column}", CardList)

    # Choosing what is shown

    def hold(self) -> None:
        """What the cursors are on now is meant."""
        for cards in self.query(CardList):
            cards.hold()

    def action_next_group(self) -> None:
        """All groups, then one after another."""
        labels = ["", *(group.label for group in self.host.config.groups)]
        here = labels.index(self._group) if self._group in labels else 0
        self._group = labels[(here + 1) % len(labels)]
        self.show()
        self.hold()

    @work(group="bugs")
    async def action_saved_filter(self) -> None:
        """Choose one of the filters of the configuration."""
        saved = self.host.config.bugs.filters
        if not saved:
            self.host.say("No filter is saved. They stand in the configuration: [bugs] filters.")
            return
        choices = [(f"{name}   {text}", text) for name, text in saved.items()]
        text = await self.app.push_screen_wait(Choose("Which filter?", choices))
        if text is not None:
            line = self.query_one("#filter", Input)
            line.value, line.display = text, True

    def action_mark(self) -> None:
        """Mark the bug under the cursor, or take its mark away, and go on to the next."""
        key = self._cards.selected_key
        if key:
            self._marked = self._marked ^ {key}
            self._cards.action_move(1)
            self.show()

    def action_unmark(self) -> None:
        """Take all marks away."""
        self._marked = frozenset()
        self.show()

    # Detail

    @on(CardList.Chosen)
    def _bug_chosen(self) -> None:
        self.action_detail()

    @work(group="detail", exclusive=True)
    async def _show_more(self, bug: Bug | None) -> None:
        """The text of the bug beside the board, asked for when the cursor has rested; read again, it stays in place."""
        more = self.query_one("#more", Down)
        if bug is None or bug.number != self._shown_about:
            self._shown_about = None
            await more.remove_children()
            self.query_one("#detail").scroll_home(animate=False)
        if bug is not None:
            await asyncio.sleep(RESTED)
            found = await self._desk.detail(bug)
            self._shown_about = bug.number
            await show_detail(more, found, self.host.now(), self.host.config.team.zone)

    @work(group="dialog", exclusive=True)
    async def action_detail(self) -> None:
        """Show the bug under the cursor in full."""
        one, host = self._placed, self.host
        if one is None:
            return
        dialog = BugDialog(one.bug, self._facts(one, title=False), host.now(), host.config.team.zone)
        await self.app.push_screen(dialog)
        await dialog.tell(await self._desk.detail(one.bug))

    # Moving

    @work(group="bugs")
    async def action_move(self, name: str) -> None:
        """Make a move with the marked bugs, or with the one under the cursor."""
        await self._move(MoveName(name))

    @work(group="bugs")
    async def action_priority(self) -> None:
        """Set one priority, or none."""
        await self._move(MoveName.PRIORITY)

    async def _move(self, name: MoveName) -> None:
        chosen, host = self._chosen_ones, self.host
        if not chosen:
            host.say("No bug is chosen. Press j or k to take hold of one.")
            return
        if len(chosen) == 1 and (why := refusal(name, chosen[0].bug, chosen[0].state, host.config)):
            host.say(why)
            return
        moves = Moves(self.app, host)
        move_of = await moves.ask(name, chosen)
        if move_of is None:
            return
        if len(chosen) > 1 and not await self._is_sure(name, chosen):
            return
        failed = await moves.carry_out(name, chosen, move_of, self._show_pending)
        self._marked = failed if len(chosen) > 1 else frozenset()
        self._cards.hold()
        self.show()

    async def _is_sure(self, name: MoveName, chosen: Sequence[Placed]) -> bool:
        lines = view.named([one.bug for one in chosen])
        question = Confirm(f"{view.MOVES[name]}: {len(chosen)} bugs?", lines, yes="Move them")
        return await self.app.push_screen_wait(question)

    def _show_pending(self, keys: frozenset[str]) -> None:
        self._pending = keys
        self.show()

    @work(group="bugs")
    async def action_undo(self) -> None:
        """Take back what my last press moved."""
        made = self._desk.last_made
        if len(made) > 1:
            question = f"Take back “{made[0].title}” of {len(made)} bugs?"
            names = view.named([one.after for one in made])
            if not await self.app.push_screen_wait(Confirm(question, names, yes="Take back")):
                return
        if made:
            await Moves(self.app, self.host).take_back(made, self._show_pending)
            self.show()

    @work(group="bugs")
    async def action_finish(self) -> None:
        """Do what is missing of a move that was cut off."""
        one, backend = self._placed, self.host.backend
        rest = self._desk.cut_off(one.bug.number) if one else None
        if one and rest and backend:
            await self.host.carry_out(bug_deeds.finish(rest, one.bug, self._desk, backend))
            self.show()

    # Critical bugs

    def action_acknowledge_alarm(self) -> None:
        """Take the alarm out of the status line."""
        alarms = self._desk.acknowledge_alarms()
        self.host.say("Seen: " + ", ".join(f"#{one.bug.number}" for one in alarms))
        self._show_all()

    @work(group="bugs")
    async def action_critical(self) -> None:
        """Mark a bug as critical and raise the alarm; of a critical one, show the steps after the alarm."""
        one, host, desk = self._placed, self.host, self._desk
        backend = host.backend
        if one is None or backend is None:
            return
        if not is_critical(one.bug, host.config.labels):
            move = mark_critical(host.config)
            lines = ("It blocks a workflow, prevents upgrades, loses data, or is a vulnerability.", view.ALARM_FOLLOWS)
            if not await self.app.push_screen_wait(Confirm(f"#{one.bug.number} is critical?", lines, yes="Mark it")):
                return
            carry_out = Moves(self.app, host).carry_out
            if await carry_out(MoveName.CRITICAL, [one], lambda bug: move, self._show_pending):
                return
        bug = desk.board.by_number.get(one.bug.number, one).bug
        await self.app.push_screen_wait(CriticalDialog(bug, desk, host, backend))
        self.show()

    # Tidying up, stories

    @work(group="bugs")
    async def action_tidy(self) -> None:
        """Bugs that stand nowhere or in two places, each with its mends."""
        desk = self._desk
        while findings := desk.findings:
            chosen = await self.app.push_screen_wait(TidyDialog(findings))
            if chosen is None:
                return
            number, mend = chosen
            one = desk.board.by_number.get(number)
            if one is None:
                continue
            moves = Moves(self.app, self.host)
            if self.host.read_only:
                self.host.say(READ_ONLY)
                return
            await moves.carry_out(MoveName.MEND, [one], lambda bug: mend, self._show_pending)  # noqa: B023
            self.show()
        self.host.say("Nothing is to be tidied up.")

    @work(group="bugs")
    async def action_create_story(self) -> None:
        """Create an engineering-initiated story from the repository's template."""
        host, desk = self.host, self._desk
        template = await desk.template(host.config.bugs.story_template)
        if template is None or host.backend is None:
            return
        make = lambda title, group: engineering_story(template, title, desk.login, group, host.config)  # noqa: E731
        new = await self.app.push_screen_wait(StoryDialog(make, host.config.groups, desk.my_group))
        if new is not None:
            await host.carry_out(bug_deeds.create_story(new, host.backend, host.config))
