"""The release QA checklist: walk through the tests, tick them, and see what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.markdown import Markdown
from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fleet_tui.desks.release_qa import QaDesk
from fleet_tui.domain.checklist import NotUnderstood, Verdict
from fleet_tui.domain.qa_lines import Line, lines_of, progress
from fleet_tui.domain.readiness import ready_groups, why_not_ready
from fleet_tui.domain.release_qa import version_in
from fleet_tui.keys.release_qa import RELEASE_QA
from fleet_tui.screens import qa_deeds
from fleet_tui.screens import release_qa_view as view
from fleet_tui.screens.bindings import bindings
from fleet_tui.screens.feed_screen import FeedScreen, told
from fleet_tui.screens.release_qa_dialogs import BugDialog, CreateDialog, DecideDialog, NoteDialog
from fleet_tui.widgets.choose import Choose
from fleet_tui.widgets.confirm import Confirm
from fleet_tui.widgets.containers import Across, Detail, Down
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.widgets.row_view import cursor_keys

LOOKING = "Looking for release QA issues …"
READING = "The release QA issue has not been read yet."


class TestTable(KeyedTable, inherit_bindings=False):
    """The list of tests: `g` is the screen's here, so Home alone leads to the first."""

    __test__ = False
    BINDINGS: ClassVar[list[BindingType]] = cursor_keys(first="home")


class ReleaseQaScreen(FeedScreen):
    """Progress above, the tests below, steps and expected result of the one under the cursor beside them."""

    NAME = "release_qa"
    FEEDS = ("release_qa", "checklist")
    AUTO_FOCUS = "TestTable"
    BINDINGS = bindings(RELEASE_QA)

    def __init__(self) -> None:
        super().__init__()
        self._fails_first = False
        self._tests: tuple[Line, ...] = ()
        self._unplaced: tuple[NotUnderstood, ...] = ()
        self._instructions = ""

    def body(self) -> Iterator[Widget]:
        """Headline, groups, list, detail."""
        with Down(id="state"):
            yield Static(id="headline")
            yield Static(id="groups")
        with Across(id="main"):
            yield TestTable(view.COLUMNS, empty="Reading the release QA issue …", id="tests")
            with Detail():
                yield Static(id="facts")
                yield Static(id="about")

    @property
    def _desk(self) -> QaDesk:
        return self.host.desks.qa

    # Showing

    def show(self) -> None:
        """Everything anew; the widgets write only what looks different."""
        desk, table = self._desk, self.query_one(TestTable)
        shown = desk.shown
        self._tests = lines_of(shown, desk.ticked, desk.login, self.host.config.groups)
        issue = desk.issue
        if issue is None:
            open_ones = self.host.reading("release_qa")
            table.empty = self._no_issue if desk.none_is_open else READING if open_ones.value else LOOKING
            told(self.query_one("#headline", Static), Content(table.empty))
        else:
            told(
                self.query_one("#headline", Static),
                view.headline(issue.title, issue.number, self._tests, self.size.width),
            )
            table.empty = (
                f"No test contains “{self.filter_text}”." if self.filter_text else "No tests found in this issue."
            )
        labels = [group.label for group in self.host.config.groups]
        ready = ready_groups(desk.remarks, labels)
        told(self.query_one("#groups", Static), view.groups_line(self._tests, labels, ready))
        airy = self.is_high
        rows = view.rows(self._tests, fails_first=self._fails_first, words=self.filter_text, airy=airy)
        self._unplaced = shown.checklist.not_understood
        table.sync([*rows, *(view.not_understood(self._unplaced) if not self.filter_text else ())])
        self._show_detail()

    @on(KeyedTable.Moved)
    def _show_detail(self) -> None:
        line, facts, about = self._line, self.query_one("#facts", Static), self.query_one("#about", Static)
        if line is None:
            key = self.query_one(TestTable).selected_key
            place = next((one for one in self._unplaced if view.place_key(one) == key), None)
            told(facts, view.place_facts(place) if place else Content())
            self._instruct(about, "")
        else:
            told(facts, view.facts(line, self.host.now()))
            self._instruct(about, view.instructions(line.item))
        self.refresh_keys()

    def _instruct(self, about: Static, text: str) -> None:
        if text != self._instructions:
            self._instructions = text
            about.update(Markdown(text, hyperlinks=False) if text else "")
            self.query_one("#detail").scroll_home(animate=False)

    @property
    def _line(self) -> Line | None:
        key = self.query_one(TestTable).selected_key
        return next((line for line in self._tests if view.key_of(line.item) == key), None)

    @property
    def link(self) -> str:
        """The address of the release QA issue."""
        return self._desk.issue.url if self._desk.issue else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ticking needs a test that has a place for a verdict; resolving needs a conflict."""
        allowed = super().check_action(action, parameters)
        if not allowed:
            return allowed
        line = self._line
        if action in {"tick", "toggle_verdict"}:
            return True  # if p were free it would pause: pressed without a test, it says why nothing happens
        if action == "undo":
            return True if line else None
        if action == "resolve":
            return True if line and line.is_conflict else None
        if action in {"file_bug", "edit_notes"}:
            return True if line else None
        if action == "group_ready":
            return True if self._tests else None
        return True

    # Ticking

    def action_tick(self, verdict: str) -> None:
        """Set the verdict of the test under the cursor and go to the next one below that has none."""
        if line := self._line:
            self._desk.tick(line.item.id, Verdict(verdict))
            self.show()
            self._go_to_untested(wrap=False)
        else:
            self.host.say("No test is chosen. Press j or k to take hold of one.")

    def action_toggle_verdict(self) -> None:
        """Pass an untested test; make any other untested."""
        if line := self._line:
            self._desk.tick(line.item.id, Verdict.PASS if line.verdict is Verdict.UNTESTED else Verdict.UNTESTED)
            self.show()

    def action_undo(self) -> None:
        """Take back the own verdict: on the test under the cursor, else the last one."""
        line = self._line
        if line and (undone := self._desk.undo(line.item.id)):
            self.show()
            for one in self._tests:
                if one.item.id == undone:
                    self.query_one(TestTable).select(view.key_of(one.item))

    def action_next_untested(self) -> None:
        """Go to the next test without a verdict, from the top again after the last."""
        if not self._go_to_untested(wrap=True):
            self.host.say("Every test has a verdict.")

    def _go_to_untested(self, *, wrap: bool) -> bool:
        keys = [row.key for row in self.query_one(TestTable).rows if row.selectable]
        here = self.query_one(TestTable).cursor_key
        start = keys.index(here) + 1 if here in keys else 0
        untested = {view.key_of(line.item) for line in self._tests if line.verdict is Verdict.UNTESTED}
        ahead = keys[start:] + (keys[:start] if wrap else [])
        found = next((key for key in ahead if key in untested), None)
        return found is not None and self.query_one(TestTable).select(found)

    def action_fails_first(self) -> None:
        """Failed tests and conflicts above the others, or not."""
        self._fails_first = not self._fails_first
        self.show()

    def choose(self) -> None:
        """Enter decides a conflict; on any other row it leads to the issue."""
        if self.check_action("resolve", ()):
            self.action_resolve()
        else:
            super().choose()

    @work(group="qa")
    async def action_resolve(self) -> None:
        """Ask which verdict of a conflict counts."""
        line = self._line
        if line is None or not line.is_conflict:
            return
        mine = await self.app.push_screen_wait(DecideDialog(view.plain(line.item.name), line.explanation))
        if mine is not None:
            self._desk.resolve(line.item.id, keep_mine=mine)
            self.show()

    # Issue, notes, bug, group

    @property
    def _no_issue(self) -> str:
        return f"No release QA issue is open. Press {self.host.key('qa.create')} to create one."

    @work(group="qa")
    async def action_choose_issue(self) -> None:
        """Choose another release QA issue."""
        issues = self.host.reading("release_qa").value or ()
        if not issues:
            self.host.say(self._no_issue if self._desk.none_is_open else LOOKING)
            return
        choices = [(f"#{issue.number} {issue.title}", issue.number) for issue in issues]
        if len(issues) > 1:
            number = await self.app.push_screen_wait(Choose("Which release QA issue?", choices))
        else:
            number = issues[0].number
            self.host.say(f"#{number} is the only release QA issue that is open.")
        if number is not None:
            self._desk.choose(number)

    @work(group="qa")
    async def action_edit_notes(self) -> None:
        """Edit one of the notes under the tests of this section."""
        line = self._line
        section = line.item.id.section if line else ""
        notes = [note for note in self._desk.shown.checklist.notes if note.id.section == section]
        if not notes:
            self.host.say("This section has no notes.")
            return
        choices = [(note.title or "Notes", note) for note in notes]
        note = await self.app.push_screen_wait(Choose("Which note?", choices)) if len(notes) > 1 else notes[0]
        if note is None:
            return
        desk = self._desk
        dialog = NoteDialog(note, desk.draft(note.id), lambda text: desk.keep_draft(note.id, text))
        text = await self.app.push_screen_wait(dialog)
        if text is not None:
            desk.write_note(note.id, text)
            self.show()

    @work(group="qa")
    async def action_file_bug(self) -> None:
        """File a bug for the test under the cursor and note its link."""
        line, desk = self._line, self._desk
        if line is None or (template := await self._template(self.host.config.release_qa.bug_template)) is None:
            return
        make = desk.bug_maker(template, line.item, line.group)
        new = await self.app.push_screen_wait(BugDialog(make))
        if new is not None and self.host.backend:
            await self.host.carry_out(qa_deeds.file_bug(new, line.item, desk, self.host.backend, self.host.config))

    @work(group="qa")
    async def action_group_ready(self) -> None:
        """Tell the release DRI that a group has finished, if it has."""
        issue, backend = self._desk.issue, self.host.backend
        labels = [one.label for one in self.host.config.groups if any(line.group == one.label for line in self._tests)]
        if issue is None or backend is None or not labels:
            return
        choices = [(label, label) for label in labels]
        group = (
            await self.app.push_screen_wait(Choose("Which group is ready?", choices)) if len(labels) > 1 else labels[0]
        )
        if group is None:
            return
        figures = progress(line for line in self._tests if line.group == group)
        missing = why_not_ready(figures)
        told_to = f"A comment on #{issue.number} tells {self.host.config.team.release_dri}."
        column = self.host.config.release_qa.ready_column
        board = qa_deeds.board_of(group, backend, self.host.config)
        moved = [f"#{issue.number} moves to “{column}” on the board of {group}."] if board else []
        question = Confirm(
            f"{group} is ready?",
            [missing or f"All {figures.total} tests passed.", told_to, *moved],
            yes="Tell it",
            type_to_confirm=group if missing else "",
        )
        if await self.app.push_screen_wait(question):
            deed = qa_deeds.group_ready(group, issue, figures, backend, self.host.config, override=bool(missing))
            await self.host.carry_out(deed)

    @work(group="qa")
    async def action_create(self) -> None:
        """Create the release QA issue from the repository's template."""
        template = await self._template(self.host.config.release_qa.template)
        backend = self.host.backend
        if template is None or backend is None:
            return
        release = self.host.desks.outlook.release
        titles = [issue.title for issue in self.host.reading("release_qa").value or ()]
        version = version_in(release.version) if release else None
        new = await self.app.push_screen_wait(CreateDialog(template, version or "", titles))
        if new is not None:
            await self.host.carry_out(qa_deeds.create(new, backend, self.host.config))

    async def _template(self, path: str) -> str | None:
        """A file of the repository; None, said in words, when it cannot be read."""
        return await self._desk.template(path)
