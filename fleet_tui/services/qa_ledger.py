"""What this tester wants of one release QA issue, and how far each of it has come. Knows the outbox, but no network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec.structs import replace

from fleet_tui.domain.checklist import Checklist, Item, ItemId, Note, NoteId, Verdict
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.qa import Change, Kind, Pending, Shown, State, Target, overlaid, thing_with
from fleet_tui.domain.qa_merge import mark, read_body, says, text_of
from fleet_tui.domain.qa_watch import NOT_THERE, Patience, contested, joined, judged
from fleet_tui.services.outbox import Outbox

USUAL = Patience()


class Ledger:
    """The changes of one issue. Each press is written down before the method returns. Call it from one thread."""

    def __init__(
        self,
        outbox: Outbox,
        number: int,
        who: Callable[[], str],
        now: Callable[[], datetime],
        patience: Patience = USUAL,
    ) -> None:
        self.number = number
        self.body: str | None = None
        """The text as it was seen last; set it from a stored reading to work offline from the start."""
        self.patience = patience
        self.resets = 0
        """How often something that stood was found wiped out, to be set again."""
        self._outbox = outbox
        self._who = who
        self._now = now
        self._pending: dict[Target, Pending] = {}
        self._take_over(outbox.pending(number))

    @property
    def pending(self) -> Mapping[Target, Pending]:
        """All that is not confirmed, in the order in which it came."""
        return MappingProxyType(self._pending)

    def shown(self, checklist: Checklist) -> Shown:
        """`checklist`, as the server has it, with what is pending in its place."""
        return overlaid(checklist, self._pending)

    def set_verdict(self, item: ItemId, verdict: Verdict) -> None:
        """Want `verdict` at `item`. Raises `Failure` when it has no place, or the outbox cannot be written."""
        self._want(item, Kind.VERDICT, verdict.value)

    def set_note(self, note: NoteId, text: str) -> None:
        """Want `text` as the note. Raises `Failure` as `set_verdict` does."""
        self._want(note, Kind.NOTE, text.replace("\r\n", "\n").strip())

    def undo(self, item: ItemId) -> bool:
        """Want back, character for character, what stood at `item` before this tester's last verdict.

        False when there is none, or somebody else's has taken its place. Raises `Failure` as `set_verdict` does.
        """
        last = self._own(item) or self._settled(item)
        if last is None:
            return False
        self._want(item, Kind.TEXT, last.change.former)
        return True

    def resolve(self, target: Target, *, keep_mine: bool) -> bool:
        """Decide a conflict; False when there is none. Raises `Failure` when the outbox cannot be written."""
        one = self._pending.get(target)
        if one is None or one.conflict is None:
            return False
        if keep_mine:
            there = self._things().get(target)
            known = one.change.known | ({mark(there)} if there else frozenset())
            self._keep(Pending(replace(one.change, known=known)))
        else:
            self._outbox.remove(one)
            del self._pending[target]
        return True

    def _take_over(self, left: Iterable[Pending]) -> None:
        """Go on with what earlier programs left, one change for each place."""
        for newer in left:
            older = self._pending.get(newer.change.target)
            self._pending[newer.change.target] = one = joined(older, newer) if older else newer
            if older:
                self._outbox.remove(older, newer)
                self._keep(one)

    def _want(self, target: Target, kind: Kind, wanted: str) -> None:
        there = self._things().get(target)
        if there is None or there.span is None:
            raise Failure(replace(NOT_THERE, remedy=""))
        own = self._own(target)
        shown = thing_with(there, own.change) if own else there
        text, is_mark = text_of(shown), mark(shown)
        if wanted == (is_mark if kind is Kind.VERDICT else text):
            return
        known = own.change.known if own else frozenset({mark(there)})
        change = Change(
            id=own.change.id if own else 0,
            at=self._now(),
            issue=self.number,
            target=target,
            kind=kind,
            wanted=wanted,
            former=text,
            who=self._who(),
            known=known | {is_mark},
        )
        wish = Pending(change)
        if own and own.conflict:  # a new press does not decide it: who pressed may not have seen the other's word
            wish = replace(contested(wish, own.conflict.theirs, own.conflict.their_name), watch=own.watch)
        self._keep(wish)

    def _look(self, body: str, at: datetime) -> bool:
        """Take in the newest text; returns whether a save of somebody else wiped something out.

        `at` is when it was asked for: an answer that was long on its way tells of no later moment.
        """
        differences = read_body(body).differences(read_body(body if self.body is None else self.body))
        self.body = body
        changed, done, wiped = list[Pending](), list[Pending](), 0
        for target, one in self._pending.items():
            new = judged(one, body, at, self.patience, alone=differences == {target})
            if new is None or new.state is State.CONFIRMED:
                done.append(new or one)
            if new is not None and new != one:
                changed.append(new)
                wiped += new.watch.wiped > one.watch.wiped
        self._keep(*changed)
        self._outbox.remove(*(one for one in done if one.state is not State.CONFIRMED))
        for one in done:
            del self._pending[one.change.target]
        self.resets += wiped
        return wiped > 0

    def _due(self) -> list[Pending]:
        now = self._now()
        queued = (one for one in self._pending.values() if one.state is State.QUEUED)
        due = (one for one in queued if one.change.due is None or one.change.due <= now)
        return [one for one in due if one.problem is not NOT_THERE]

    def _give_back(self, lost: Mapping[Target, str], editor: str, body: str) -> None:
        """Our save overwrote these texts of `editor`: write them again, unless their owner does so first."""
        things = read_body(body).things
        for target, text in lost.items():
            own, there = self._pending.get(target), things[target]
            if own:
                self._keep(own if own.conflict or own.change.restores else contested(own, text, editor))
                continue
            kind = Kind.NOTE if isinstance(target, NoteId) else Kind.TEXT
            change = Change(
                0, self._now(), self.number, target, kind, text, text_of(there), editor, frozenset({mark(there)}),
                self._now() + self.patience.grace, restores=True,
            )  # fmt: skip
            self._keep(Pending(change))

    def _keep(self, *several: Pending) -> None:
        if several:
            self._pending.update({one.change.target: one for one in self._outbox.save(*several)})

    def _own(self, target: Target) -> Pending | None:
        one = self._pending.get(target)
        return one if one and not one.change.restores else None

    def _settled(self, item: ItemId) -> Pending | None:
        """This tester's last confirmed change of `item`, if it still stands."""
        there, who = self._things().get(item), self._who()
        settled = (one for one in self._outbox.settled(self.number) if one.change.target == item)
        last = next((one for one in settled if one.change.who == who), None)
        return last if last and there and says(there, last.change) else None

    def _things(self) -> Mapping[Target, Item | Note]:
        if self.body is None:
            sentence = f"Issue #{self.number} has not been read yet."
            raise Failure(Problem("GitHub", Cause.OFFLINE, sentence, "Try again when it is shown."))
        return read_body(self.body).things
