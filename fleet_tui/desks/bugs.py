"""The bug board that its screen works on: every bug in its place, in the order of urgency.

With ten thousand bugs nothing may be worked out anew that has not changed: a bug's place is kept until the bug, its
column, or by the clock its urgency changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.desks.bug_figures import BugFigures
from fleet_tui.desks.desk import Desk
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.bug_clock import Clock, Since, Urgency, clock_of, since_of, urgency
from fleet_tui.domain.bug_detail import BugDetail
from fleet_tui.domain.bug_filter import Filter
from fleet_tui.domain.bug_steps import Step
from fleet_tui.domain.bug_tidy import Finding, to_tidy
from fleet_tui.domain.bug_undo import Made, applied, may_not_undo
from fleet_tui.domain.bugs import Bug, State, state_of
from fleet_tui.domain.critical import Incident, is_unanswered, next_words
from fleet_tui.domain.kpis import Counts, Kpis, Week
from fleet_tui.domain.labels import named
from fleet_tui.domain.problem import Cause, Failure, Problem

LOOKED_AGAIN_AFTER = timedelta(minutes=30)
"""And as much again, spread over the bugs by their numbers, so that they do not all come due in one minute."""
PRESSES_KEPT = 50
INCIDENTS, INCIDENTS_KEPT = "bug incidents", 100
ALARMS_SEEN = "bug alarms seen"
KIND = "critical bug"
NO_COLUMNS: Mapping[int, str] = MappingProxyType({})


class Placed(Struct, frozen=True, gc=False):
    """A bug where it stands."""

    bug: Bug
    state: State
    since: Since
    clock: Clock | None
    order: Urgency
    """By which cards are sorted: critical ones first."""

    @property
    def is_critical(self) -> bool:
        """Whether it is labelled so."""
        return not self.order[0]

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have moved on by now."""
        return self.clock is not None and self.clock.is_overdue(now)


class Board(Struct, frozen=True):
    """All open bugs, each state's most urgent first."""

    by_state: Mapping[State, tuple[Placed, ...]]
    by_number: Mapping[int, Placed]

    def of(self, *states: State) -> tuple[Placed, ...]:
        """Those in `states`, state by state."""
        return tuple(one for state in states for one in self.by_state.get(state, ()))

    def critical(self, *states: State) -> tuple[Placed, ...]:
        """The critical ones, in `states` or anywhere."""
        found = (self.by_state.get(state, ()) for state in states or self.by_state)
        return tuple(one for ones in found for one in takewhile(lambda one: one.is_critical, ones))

    @property
    def open(self) -> int:
        """How many are open."""
        return len(self.by_number)


class CutOff(Struct, frozen=True):
    """A move that was only half done."""

    title: str
    done: tuple[Step, ...]
    missing: tuple[Step, ...]


class BugDesk(Desk):
    """Where every bug stands."""

    FEEDS = ("bugs",)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._placed: dict[int, tuple[str, datetime, Placed]] = {}
        """By number: the column that it was placed by, until when the place holds, and the place."""
        self._read: tuple[object, object, datetime | None] = (None, None, None)
        self._board = Board({}, {})
        self._moved: dict[int, tuple[object, Bug]] = {}
        """How a bug looked in GitHub's list when a move of ours was done, and as the move left it."""
        self._made: list[Made] = []
        self._presses = 0
        self._cut_off: dict[int, CutOff] = {}
        self._figures = BugFigures(self.config, self.store, self.now)

    @property
    def is_settled(self) -> bool:
        """Not while timelines are read: before, nobody can tell what is overdue."""
        unread = self.backend is not None and self.backend.bugs.open_bugs.is_unsettled
        return super().is_settled and not unread

    # What is shown

    @property
    def bugs(self) -> tuple[Bug, ...]:
        """All bugs that are known, those closed of late among them."""
        return self.reading("bugs").value or ()

    @property
    def columns(self) -> Mapping[int, str]:
        """The board's column of those that wait for QA, by number."""
        return self.reading("columns").value or NO_COLUMNS

    @property
    def week(self) -> Kpis:
        """This week's figures, so far."""
        return self._figures.present(self.bugs, self._counts)

    @property
    def weeks(self) -> tuple[Kpis, ...]:
        """The figures of the last twelve weeks and of this one, oldest first."""
        return self._figures.weeks(self.bugs, self._counts)

    @property
    def _counts(self) -> Counts:
        return {state: len(ones) for state, ones in self.board.by_state.items()}

    @property
    def my_group(self) -> str:
        """The label of the group that I am configured for; empty when there is none."""
        me = self.login.casefold()
        return next((one.group for one in self.config.on_call.people if me and one.login.casefold() == me), "")

    def past(self, week: Week) -> Kpis | None:
        """The figures of any week; None when they are not known."""
        return self._figures.past(week, self.bugs, self._counts)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be tidied up."""
        members = self.reading("members").value
        everybody = {login for bug in self.bugs for login in bug.assignees}
        known = members.logins if members and members.logins else everybody
        return to_tidy((one.bug for one in self.board.by_number.values()), known, self.config)

    @property
    def progress(self) -> str:
        """How far the first read has come, as a sentence; empty when it is over."""
        return self.backend.bugs.progress if self.backend else ""

    @property
    def board(self) -> Board:
        """The board at this minute."""
        minute = self.now().replace(second=0, microsecond=0)
        read = (self.bugs, self.columns, minute)
        if not (read[0] is self._read[0] and read[1] is self._read[1] and read[2] == self._read[2]):
            self._read = read
            self._place_all()
        return self._board

    def _place_all(self) -> None:
        now, columns, known = self.now(), self.columns, self._placed
        placed: dict[int, tuple[str, datetime, Placed]] = {}
        for bug in self.bugs:
            bug = self._newest(bug)
            if bug.closed:
                continue
            column, kept = columns.get(bug.number, ""), known.get(bug.number)
            if kept is None or kept[2].bug is not bug or kept[0] != column or kept[1] <= now:
                one = self._place(bug, column, now, kept[2] if kept else None)
                if kept is not None and kept[2] == one:
                    one = kept[2]
                kept = (column, _holds_until(one, now), one)
            placed[bug.number] = kept
        self._placed = placed
        numbers = {number: one for number, (_, _, one) in placed.items()}
        if numbers != self._board.by_number:
            by_state: dict[State, list[Placed]] = {}
            for one in numbers.values():
                by_state.setdefault(one.state, []).append(one)
            in_order = {state: tuple(sorted(ones, key=lambda one: one.order)) for state, ones in by_state.items()}
            self._board = Board({state: in_order[state] for state in State if state in in_order}, numbers)

    def _place(self, bug: Bug, column: str, now: datetime, before: Placed | None) -> Placed:
        one = place(bug, column, now, self.config)
        if before is None or before.state is not one.state or one.since.known or not before.since.known:
            return one
        # Somebody has touched it, and its timeline is read anew: for that second nothing is to jump to and fro.
        order = urgency(bug, before.clock, now, self.config.labels)
        return replace(one, since=before.since, clock=before.clock, order=order)

    def _newest(self, bug: Bug) -> Bug:
        if bug.number not in self._moved:
            return bug
        former, after = self._moved[bug.number]
        if bug.updated < after.updated or _look(bug) == former:  # GitHub's times are whole seconds
            return after
        del self._moved[bug.number]
        return bug

    def wanted(self, filter_: Filter, group: str) -> Mapping[State, tuple[Placed, ...]]:
        """The bugs that a filter lets through, of one group (a label; empty for all), state by state in order."""
        now, me = self.now(), self.login
        if not group and not filter_.terms:
            return self.board.by_state
        return {
            state: tuple(
                one
                for one in ones
                if (not group or named(one.bug.labels, (group,)))
                and filter_.matches(one.bug, self.config, overdue=one.is_overdue(now), me=me)
            )
            for state, ones in self.board.by_state.items()
        }

    async def detail(self, bug: Bug) -> BugDetail | Problem:
        """A bug in full; the problem when it cannot be read."""
        if self.backend is None:
            return Problem("GitHub", Cause.OFFLINE, "Not connected yet.", "Try again in a moment.")
        try:
            return await self.backend.bugs.details.read(bug)
        except Failure as failure:
            return failure.problem

    # Moves of mine

    def new_press(self) -> int:
        """A number for what one press of a key moves: it is taken back together."""
        self._presses += 1
        return self._presses

    def was_moved(self, title: str, after: Bug, steps: Sequence[Step], press: int = 0) -> None:
        """A move is done: it is shown at once, and can be taken back. `press`: of several that were moved together."""
        self._show_moved(after)
        self._cut_off.pop(after.number, None)
        self._keep_made(title, after, steps, press)

    def was_cut_off(self, title: str, bug: Bug, done: Sequence[Step], missing: Sequence[Step], press: int = 0) -> None:
        """A move of `bug`, as it was before, was only half done: it can be finished, or what was done taken back."""
        self._cut_off[bug.number] = CutOff(title, tuple(done), tuple(missing))
        if done:
            after = applied(done, bug)
            self._show_moved(after)
            self._keep_made(title, after, done, press)

    def was_finished(self, rest: CutOff, after: Bug) -> None:
        """What was missing of a move is done: it can be taken back as one."""
        self._made = [made for made in self._made if (made.after.number, made.steps) != (after.number, rest.done)]
        self.was_moved(rest.title, after, (*rest.done, *rest.missing))

    def was_undone(self, made: Made, after: Bug, missing: Sequence[Step] = ()) -> None:
        """A move was taken back, but for the steps that are `missing`: those can be finished."""
        self._show_moved(after)
        self._made = [one for one in self._made if one is not made]
        self._cut_off.pop(after.number, None)
        if missing:
            self._cut_off[after.number] = CutOff(f"Undo “{made.title}”", (), tuple(missing))

    def _keep_made(self, title: str, after: Bug, steps: Sequence[Step], press: int) -> None:
        column = self.columns.get(after.number, "")
        self._made.append(Made(title, tuple(steps), after, column, press or self.new_press()))
        kept = sorted({made.press for made in self._made})[-PRESSES_KEPT:]
        self._made = [made for made in self._made if made.press in kept]

    def _show_moved(self, after: Bug) -> None:
        listed = next((bug for bug in self.bugs if bug.number == after.number), None)
        self._moved[after.number] = _look(listed), after
        self._read = (None, None, None)

    @property
    def last_made(self) -> tuple[Made, ...]:
        """What my last press moved and was not taken back, the last one first."""
        return tuple(made for made in reversed(self._made) if made.press == self._made[-1].press)

    def cut_off(self, number: int) -> CutOff | None:
        """What is missing of a move that was cut off."""
        return self._cut_off.get(number)

    def why_not_undo(self, made: Made) -> str:
        """Why a move of mine cannot be taken back, as a sentence; empty when it can."""
        number = made.after.number
        bug = next((self._newest(bug) for bug in self.bugs if bug.number == number), None)
        if bug is None:
            return f"#{number} is not known any more."
        # The board's column is not asked: its feed is minutes old, and says nothing of the time since the move.
        return may_not_undo(made, bug, None, self.config)

    # The alarm of a critical bug

    @property
    def alarms(self) -> tuple[Placed, ...]:
        """Critical bugs whose alarm nobody has taken notice of yet, here or by taking the bug on."""
        seen = self.store.recall(ALARMS_SEEN, frozenset[int], frozenset())
        return tuple(one for one in self.board.critical(State.INBOX, State.ORPHAN) if one.bug.number not in seen)

    @property
    def alarm_words(self) -> str:
        """For the status line; empty when nobody needs to be alarmed."""
        alarms = self.alarms
        first = f"critical bug #{alarms[0].bug.number}" if alarms else ""
        return f"{first} and {len(alarms) - 1} more" if len(alarms) > 1 else first

    def acknowledge_alarms(self) -> tuple[Placed, ...]:
        """Take the alarms out of the status line; gives what they were about."""
        alarms = self.alarms
        seen = self.store.recall(ALARMS_SEEN, frozenset[int], frozenset())
        self.store.remember(ALARMS_SEEN, seen | {one.bug.number for one in alarms})
        return alarms

    def incident(self, number: int) -> Incident:
        """What was done so far of a critical bug."""
        return self._incidents().get(number, Incident(number))

    def keep_incident(self, incident: Incident) -> None:
        """Remember what was done of a critical bug."""
        others = (one for one in self._incidents().values() if one.number != incident.number)
        self.store.remember(INCIDENTS, (incident, *others)[:INCIDENTS_KEPT])

    def _incidents(self) -> dict[int, Incident]:
        return {one.number: one for one in self.store.recall(INCIDENTS, tuple[Incident, ...], ())}

    def alerts(self) -> Iterable[Alert]:
        """Each critical bug, and again when product has let its time pass; each that is over its time in the inbox."""
        incidents = self._incidents()
        for one in self.board.critical():
            number = one.bug.number
            yield Alert(f"critical {number}", KIND, f"Critical bug #{number}: {one.bug.title}", "bugs", str(number))
            incident = incidents.get(number, Incident(number))
            if is_unanswered(incident, self.now(), self.config):
                words = next_words(incident, one.bug, self.now(), self.config)
                yield Alert(f"critical {number} unanswered", KIND, words, "bugs", str(number))
        for one in self.board.of(State.INBOX):
            if one.is_overdue(self.now()):
                words = f"#{one.bug.number} is over its day in the inbox: {one.bug.title}"
                yield Alert(f"inbox {one.bug.number}", "bug", words, "bugs", str(one.bug.number))


def place(bug: Bug, column: str, now: datetime, config: Config) -> Placed:
    """Where `bug` stands at `now`."""
    state = state_of(bug, column, config)
    clock = clock_of(bug, state, now, config)
    return Placed(bug, state, since_of(bug, state, config), clock, urgency(bug, clock, now, config.labels))


def _look(bug: Bug | None) -> object:
    return bug and (bug.updated, bug.labels, bug.assignees, bug.closed)


def _holds_until(one: Placed, now: datetime) -> datetime:
    spread = LOOKED_AGAIN_AFTER * (1 + one.bug.number % 97 / 97)
    due = one.clock.due if one.clock else datetime.max.replace(tzinfo=UTC)
    return min(due, now + spread) if due > now else now + spread
