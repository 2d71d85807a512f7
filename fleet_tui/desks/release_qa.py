"""The release QA issue that the screen works on: what is shown of it, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fleet_tui.desks.desk import Desk
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.bug_report import FOUND_NEW, bug_report
from fleet_tui.domain.checklist import Checklist, Item, ItemId, NoteId, Verdict, read
from fleet_tui.domain.journal import Entry
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.qa import Pending, QaIssue, Shown, Target, overlaid
from fleet_tui.domain.qa_alerts import qa_alerts
from fleet_tui.domain.qa_history import QaView, Ticked
from fleet_tui.domain.qa_journal import journal_entry
from fleet_tui.domain.qa_lines import lines_of
from fleet_tui.domain.readiness import ready_groups
from fleet_tui.domain.release_qa import NewIssue, version_in
from fleet_tui.wiring import Backend


class QaDesk(Desk):
    """With a backend, everything done is in the outbox at once."""

    FEEDS = ("release_qa", "checklist")

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._parsed: tuple[str, Checklist] = ("", Checklist())
        self._ticked_last: ItemId | None = None

    @property
    def is_settled(self) -> bool:
        """Not while the checklist of an open issue has still to be read."""
        return super().is_settled and (self.issue is not None or not self.reading("release_qa").value)

    # What is shown

    @property
    def view(self) -> QaView | None:
        """The chosen issue as last read; None when none is open, or none was read yet."""
        view: QaView | None = self.reading("checklist").value
        return view

    @property
    def issue(self) -> QaIssue | None:
        """The chosen issue."""
        return self.view.body.issue if self.view else None

    @property
    def none_is_open(self) -> bool:
        """Whether that there is no issue is known, and not just that none has been read."""
        found = self.reading("release_qa")
        return found.at is not None and not found.value

    @property
    def shown(self) -> Shown:
        """The server's checklist overlaid with what is on its way."""
        return overlaid(self._checklist, self.pending)

    @property
    def pending(self) -> Mapping[Target, Pending]:
        """What is on its way, watched, or in conflict."""
        return self.backend.release_qa.sync(self.issue.number).pending if self.backend and self.issue else {}

    @property
    def ticked(self) -> Mapping[ItemId, Ticked]:
        """Who set which verdict last, as far as the edit history tells."""
        return {one.item: one for one in self.view.ticked} if self.view else {}

    @property
    def remarks(self) -> tuple[tuple[str, str], ...]:
        """Author and text of each comment, oldest first."""
        return tuple((remark.author, remark.text) for remark in self.view.remarks) if self.view else ()

    @property
    def _checklist(self) -> Checklist:
        body = self.view.body.body if self.view else ""
        if body != self._parsed[0]:
            self._parsed = (body, read(body))
        return self._parsed[1]

    def alerts(self) -> Iterable[Alert]:
        """What others did to the issue, and what needs a decision."""
        if self.issue is None:
            return
        groups = self.config.groups
        lines = lines_of(self.shown, self.ticked, self.login, groups)
        ready = ready_groups(self.remarks, [group.label for group in groups])
        yield from qa_alerts(self.issue, lines, ready, self.login)

    def entries(self) -> tuple[Entry, ...]:
        """The verdicts and notes set on this machine for the chosen issue, as journal entries."""
        if self.backend is None or self.issue is None:
            return ()
        known = (*self.backend.release_qa.outbox.settled(self.issue.number), *self.pending.values())
        target = f"{self.config.team.repository}#{self.issue.number}"
        return tuple(journal_entry(one, target, self.issue.url) for one in known if not one.change.restores)

    # What is done

    def choose(self, number: int) -> None:
        """Work on another issue from now on."""
        if self.backend:
            self.backend.release_qa.choose(number)

    def tick(self, item: ItemId, verdict: Verdict) -> None:
        """Set a verdict: written down at once, sent when GitHub can be reached."""
        self._do(lambda backend, number: backend.release_qa.sync(number).set_verdict(item, verdict))
        self._ticked_last = item

    def undo(self, item: ItemId) -> ItemId | None:
        """Put back what stood on a test before the own last verdict: on `item`, else on the one ticked last.

        Gives the test. After a verdict the cursor is on the next one, and a slip is noticed then.
        """
        undone: list[ItemId] = []

        def undo(backend: Backend, number: int) -> None:
            sync = backend.release_qa.sync(number)
            for one in filter(None, (item, self._ticked_last)):
                if sync.undo(one):
                    undone.append(one)
                    return
            self.say("You have set no verdict on this test that could be taken back.")

        self._do(undo)
        self._ticked_last = None
        return undone[0] if undone else None

    def resolve(self, item: ItemId, *, keep_mine: bool) -> None:
        """Decide a conflict."""
        self._do(lambda backend, number: backend.release_qa.sync(number).resolve(item, keep_mine=keep_mine))

    def write_note(self, note: NoteId, text: str) -> None:
        """Replace the text of a note; the draft is done with."""
        self._do(lambda backend, number: backend.release_qa.sync(number).set_note(note, text))
        self.keep_draft(note, None)

    def note_bug(self, section: str, number: int, title: str) -> bool:
        """Put a bug's number into the section's note of new issues; False when there is no such note."""
        notes = self.shown.checklist.notes
        note = next((one for one in notes if one.id.section == section and one.id.title.startswith(FOUND_NEW)), None)
        if note is None:
            return False
        self.write_note(note.id, f"{note.text}\n- #{number} {title}".strip())
        return True

    def _do(self, change: Callable[[Backend, int], object]) -> None:
        if self.backend is None or self.issue is None:
            self.say("The release QA issue has not been read yet.")
            return
        try:
            change(self.backend, self.issue.number)
        except Failure as failure:
            self.say(failure.problem.text)
        self.backend.wake(("checklist",))

    # Drafts and templates

    def draft(self, note: NoteId) -> str | None:
        """What was typed and not saved; None when there is nothing."""
        kept: str = self.store.recall(self._draft_name(note), str, "")
        return kept or None

    def keep_draft(self, note: NoteId, text: str | None) -> None:
        """Keep what is being typed; None forgets it."""
        self.store.remember(self._draft_name(note), text or "")

    def _draft_name(self, note: NoteId) -> str:
        number = self.issue.number if self.issue else 0
        return f"draft {number} {note.section} {note.title} {note.occurrence}"

    def bug_maker(self, template: str, item: Item, group: str) -> Callable[[bool], NewIssue]:
        """Makes the report of a bug met at `item`, told whether a release has it."""
        issue = self.issue
        version, number = (version_in(issue.title) or "", issue.number) if issue else ("", 0)
        return lambda released: bug_report(
            template, item, version, number, group, released=released, config=self.config
        )
