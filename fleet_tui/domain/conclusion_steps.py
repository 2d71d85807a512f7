"""The steps that conclude a milestone: what each would do, and how one sees that it is done already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum

from msgspec import Struct

from fleet_tui.domain.labels import named


class MilestoneState(Struct, frozen=True):
    """A milestone, open or closed."""

    number: int
    title: str
    closed: bool = False
    due: date | None = None


class Ticket(Struct, frozen=True):
    """An issue, as far as concluding a milestone goes."""

    number: int
    title: str
    url: str
    labels: frozenset[str] = frozenset()
    milestone: int | None = None
    """Number of the milestone that it is in."""
    milestone_title: str = ""
    closed: bool = False


class Do(Enum):
    """What a step does."""

    RENAME = "rename"
    LEAVE = "leave"
    JOIN = "join"
    LABEL = "label"
    UNLABEL = "unlabel"
    MOVE = "move"
    CLOSE = "close"
    BY_HAND = "by hand"
    END = "end"
    NEXT = "next"
    LIFT = "lift"
    ANNOUNCE = "announce"

    @property
    def is_a_persons(self) -> bool:
        """Whether a person does it, and says so."""
        return self in {Do.BY_HAND, Do.ANNOUNCE}

    @property
    def writes_to_github(self) -> bool:
        """Whether it counts against GitHub's limit of writes."""
        return self in {Do.RENAME, Do.LEAVE, Do.JOIN, Do.LABEL, Do.UNLABEL, Do.CLOSE, Do.END, Do.NEXT}


# What it does, and how one sees that it is done.
WORDS = {
    Do.RENAME: ("Rename the milestone to {name}", "the milestone has this name"),
    Do.LEAVE: ("#{issue}: take it out of the milestone", "it is in another milestone or in none"),
    Do.JOIN: ("#{issue}: put it into the milestone", "it is in the milestone"),
    Do.LABEL: ("#{issue}: add the label {name}", "it has the label"),
    Do.UNLABEL: ("#{issue}: remove the label {name}", "it does not have the label"),
    Do.MOVE: ("#{issue}: move it to “{name}” on the drafting board", "it is in that column"),
    Do.CLOSE: ("#{issue}: close it", "it is closed"),
    Do.BY_HAND: ("{name}", "somebody ticked it"),
    Do.END: ("Close the milestone", "the milestone is closed"),
    Do.NEXT: ("Create the milestone {name}{due}", "there is a milestone of this name"),
    Do.LIFT: ("Lift the freeze of {name}", "the branch is open"),
    Do.ANNOUNCE: ("Announce it in {place}", "somebody ticked it"),
}


class Step(Struct, frozen=True):
    """One step. What it does to the milestone itself, it does to the one that is being concluded."""

    do: Do
    name: str = ""
    """The label, title, column, branch or text that it is about."""
    issue: int = 0
    """The issue that it changes; 0 for none."""
    due: date | None = None
    place: str = ""
    """Where a text goes."""

    @property
    def id(self) -> str:
        """The same for the same step of the same milestone, whenever it is planned."""
        about = self.place if self.do is Do.ANNOUNCE else self.name
        return " ".join(part for part in (self.do.value, f"#{self.issue}" if self.issue else "", about) if part)

    @property
    def words(self) -> str:
        """What it would do."""
        due = f", due {self.due:%Y-%m-%d}" if self.due else ""
        return WORDS[self.do][0].format(issue=self.issue, name=self.name, place=self.place, due=due)

    @property
    def seen(self) -> str:
        """How one sees that it is done already."""
        return WORDS[self.do][1]


def shown_by_issue(step: Step, ticket: Ticket, milestone: int) -> bool:
    """Whether an issue, read just now, shows that a step about it is done; `milestone` is the concluded one."""
    match step.do:
        case Do.LEAVE:
            return ticket.milestone != milestone
        case Do.JOIN:
            return ticket.milestone == milestone
        case Do.LABEL:
            return named(ticket.labels, (step.name,)) is not None
        case Do.UNLABEL:
            return named(ticket.labels, (step.name,)) is None
        case Do.CLOSE:
            return ticket.closed
    raise ValueError(f"an issue does not show {step.id}")


def shown_by_milestones(step: Step, milestones: Iterable[MilestoneState], milestone: int) -> bool:
    """Whether the milestones, read just now, open and closed, show that a step about them is done."""
    match step.do:
        case Do.RENAME:
            return any(one.number == milestone and one.title == step.name for one in milestones)
        case Do.END:
            return any(one.number == milestone and one.closed for one in milestones)
        case Do.NEXT:
            return any(one.title == step.name for one in milestones)
    raise ValueError(f"milestones do not show {step.id}")
