"""On-call: who and until when, what waits for them, the rituals, and the handoff."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on, work
from textual.widget import Widget
from textual.widgets import Static

from fleet_tui.actions import Deed
from fleet_tui.desks.on_call import OnCallDesk
from fleet_tui.domain.community import CommunityPull
from fleet_tui.domain.community import comment as comment_from
from fleet_tui.domain.on_call_waiting import Waiting
from fleet_tui.domain.ritual_agenda import Due
from fleet_tui.domain.rituals import Rituals
from fleet_tui.keys.on_call import ON_CALL
from fleet_tui.screens import on_call_deeds as deeds
from fleet_tui.screens import on_call_view as view
from fleet_tui.screens import roster_view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.comment_dialog import CommentDialog
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.screens.handoff import Handoff
from fleet_tui.screens.on_call_dialogs import LineDialog, why_no_login
from fleet_tui.widgets.choose import Choose
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.containers import Across, Detail, Down
from fleet_tui.widgets.countdown import Countdown
from fleet_tui.widgets.keyed_table import KeyedTable

OF_PULLS = frozenset({"comment", "assign_reviewer", "mark", "approve", "merge"})
NO_PULL = "No community pull request is chosen. Press j or k to take hold of one."


class OnCallScreen(FeedScreen):
    """The roster above, what waits below, the one under the cursor beside it."""

    NAME = "oncall"
    FEEDS = ("roster", "pulls", "assigned", "bugs", "members", "rituals")
    BINDINGS = bindings(ON_CALL)

    def __init__(self) -> None:
        super().__init__()
        self._shown = view.Shown((), {})
        self._pending: frozenset[int] = frozenset()

    def body(self) -> Iterator[Widget]:
        """Who, until when, the coming weeks, table, detail."""
        with Across(id="state"):
            with Down(id="words"):
                yield Static(id="headline")
                yield Static(id="release")
                yield Static(id="others")
            yield Countdown()
        yield Static(id="band")
        yield Static(id="troubles")
        yield Static(id="note")
        with Across(id="main"):
            yield KeyedTable(view.COLUMNS, empty="Reading what waits …", id="waiting")
            with Detail():
                yield Static(id="about")

    @property
    def _desk(self) -> OnCallDesk:
        return self.host.desks.on_call

    # Showing

    def show(self) -> None:
        """Everything anew; the widgets write only what looks different."""
        self._show_roster()
        shift = self._desk.shift
        self.query_one(Countdown).show(shift.end if shift else None, "handover", self.host.now)
        self._show_table()

    def on_resize(self) -> None:
        """The coming weeks take as many as fit."""
        self._show_roster()

    def _show_roster(self) -> None:
        head = self._head()
        note = view.note(self._desk.members_note)
        parts = {name: getattr(head, name) for name in ("headline", "release", "others", "band", "troubles")}
        for name, content in {**parts, "note": note}.items():
            line = self.query_one(f"#{name}", Static)
            told(line, content)
            line.display = bool(content.plain)

    def _head(self) -> roster_view.Head:
        host, desk = self.host, self._desk
        if not desk.has_roster:
            return roster_view.NO_ROSTER
        if not desk.roster.rotations:
            return roster_view.UNKNOWN if host.reading("roster").problem else roster_view.READING
        width, airy = self.size.width - 4, self.is_high
        return roster_view.head(desk.roster, desk.shift, desk.login, host.now(), host.config, width, airy=airy)

    def _show_table(self) -> None:
        host, desk, table = self.host, self._desk, self.query_one(KeyedTable)
        if not self._heard:
            return
        community = desk.community
        rituals = desk.rituals or Rituals(())
        agenda = desk.agenda
        self._shown = view.Shown(
            desk.waiting(community),
            {one.pull.number: one for one in community},
            agenda,
            frozenset(one.ritual.task for one in agenda if desk.was_done_today(one)),
            rituals.faults,
        )
        table.empty = f"No row contains “{self.filter_text}”." if self.filter_text else view.QUIET
        rows = view.rows(
            self._shown,
            desk.login,
            host.now(),
            host.config,
            pending=self._pending,
            words=self.filter_text,
            airy=self.is_high,
        )
        table.sync(rows)
        self._show_detail()

    @property
    def _heard(self) -> bool:
        """Whether it is known who is of the team, and which pull requests there are: else quiet would be a guess."""
        return self._desk.is_known and self.host.reading("pulls").value is not None

    @on(KeyedTable.Moved)
    def _show_detail(self) -> None:
        host, desk, pull, ritual = self.host, self._desk, self._pull, self._ritual
        if ritual:
            about = view.ritual_detail(ritual, host.config)
        elif pull or self._waiting:
            why_not = desk.why_not_merge(pull) if pull else ""
            about = view.detail(self._waiting, pull, why_not, host.now(), host.config, brief=not self.is_high)
        else:
            about = view.hint(desk.rituals, host.config)
        told(self.query_one("#about", Static), about)
        self.refresh_keys()

    # What is under the cursor

    @property
    def _key(self) -> str:
        return self.query_one(KeyedTable).selected_key or ""

    @property
    def _waiting(self) -> Waiting | None:
        return next((one for one in self._shown.waiting if str(one.number) == self._key), None)

    @property
    def _pull(self) -> CommunityPull | None:
        return self._shown.community.get(int(self._key)) if self._key.isdecimal() else None

    @property
    def _ritual(self) -> Due | None:
        return next((one for one in self._shown.rituals if f"{view.RITUAL}{one.ritual.task}" == self._key), None)

    @property
    def link(self) -> str:
        """The address of what is under the cursor."""
        if self._pull:
            return self._pull.pull.url
        if self._waiting:
            return self._waiting.url
        return self._ritual.ritual.url if self._ritual else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Most keys are for a community pull request that nothing is under way on."""
        allowed = super().check_action(action, parameters)
        if not allowed:
            return allowed
        if action in OF_PULLS:
            return True if self._pull and self._pull.pull.number not in self._pending else None
        if action == "toggle_ritual":
            return True if self._ritual else None
        if action == "handoff":
            return True if self._desk.shift else None
        return True

    # Pull requests

    @work(group="oncall")
    async def action_comment(self) -> None:
        """Answer the contributor from a template, after a look at it."""
        one, backend, settings = self._pull, self.host.backend, self.host.config.on_call
        if one is None or backend is None:
            return
        choices = [("Thanks", settings.thanks), ("Not now", settings.not_now), ("Needs tests", settings.needs_tests)]
        template = await self.app.push_screen_wait(Choose(f"What to tell {one.pull.author}?", choices))
        if template is None:
            return
        dialog = CommentDialog(f"Comment on #{one.pull.number}?", comment_from(template, one.pull), (one.pull.title,))
        text = await self.app.push_screen_wait(dialog)
        if text is not None:
            await self._carry_out(deeds.comment(one.pull, text, backend, self.host.config), one)

    @work(group="oncall")
    async def action_assign_reviewer(self) -> None:
        """Ask somebody for a review."""
        one, backend = self._pull, self.host.backend
        if one is None or backend is None:
            return
        dialog = LineDialog(
            f"Who reviews #{one.pull.number}?",
            "",
            "GitHub login",
            yes="Ask them",
            lines=(one.pull.title,),
            why_not=why_no_login,
        )
        login = await self.app.push_screen_wait(dialog)
        if login is not None:
            await self._carry_out(deeds.assign_reviewer(one.pull, login, backend, self.host.config), one)

    @work(group="oncall")
    async def action_approve(self) -> None:
        """Approve the pull request under the cursor."""
        one, backend = self._pull, self.host.backend
        if one is None or backend is None:
            return
        question = Confirm(f"Approve #{one.pull.number}?", view.question_lines(one), yes="Approve it")
        if await self.app.push_screen_wait(question):
            await self._carry_out(deeds.approve(one.pull, backend, self.host.config), one)

    @work(group="oncall")
    async def action_mark(self) -> None:
        """Say by hand that a condition holds, or take it back."""
        one = self._pull
        if one is None:
            return
        if not (choices := view.what_can_be_marked(one.conditions)):
            self.host.say("There is nothing that you could mark by hand.")
            return
        chosen = await self.app.push_screen_wait(Choose(f"#{one.pull.number}: what holds?", choices))
        if chosen is not None:
            marked = self._desk.toggle_mark(one.pull, chosen)
            words = "marked by hand, until the next push" if marked else "no longer marked"
            self.host.say(f"#{one.pull.number}, {chosen.value}: {words}.")
            self.show()

    @work(group="oncall")
    async def action_merge(self) -> None:
        """Merge the pull request under the cursor, unless something forbids it."""
        one, backend, config = self._pull, self.host.backend, self.host.config
        if one is None or backend is None:
            return
        if why := self._desk.why_not_merge(one):
            self.host.say(f"#{one.pull.number} cannot be merged. {why}", bad=True)
            return
        how = f"Into {config.team.branch}, by {config.on_call.merge_method}; all this is looked at once more first."
        question = Confirm(f"Merge #{one.pull.number}?", view.question_lines(one, how), yes="Merge it")
        if await self.app.push_screen_wait(question):
            await self._carry_out(deeds.merge(one, self._desk, backend, config), one)

    async def _carry_out(self, deed: Deed, one: CommunityPull) -> None:
        self._pending |= {one.pull.number}
        self._show_table()
        await self.host.carry_out(deed)
        self._pending -= {one.pull.number}
        self._show_table()

    # Rituals and handoff

    def action_toggle_ritual(self) -> None:
        """Mark the ritual under the cursor as done, or take that back."""
        if one := self._ritual:
            done = self._desk.toggle_ritual(one)
            self.host.say(f"{one.ritual.task}: {'done' if done else 'not done'}. Kept on this machine.")
            self.show()

    @work(group="handoff", exclusive=True)
    async def action_handoff(self) -> None:
        """The retrospective, the checklist, and the note."""
        shift = self._desk.shift
        if shift is not None:
            await Handoff(self.app, self.host, shift).run()
