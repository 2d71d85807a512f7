"""Concluding a milestone: what becomes of each of its issues, and the steps that make it so.

Handbook, "Conclude current milestone". Nothing is carried out here: `conclude` only says what would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import Enum

from msgspec import Struct
from packaging.version import Version

from fleet_tui.config.schema import Config, Release
from fleet_tui.domain.columns import same_column
from fleet_tui.domain.conclusion_steps import Do, MilestoneState, Step, Ticket
from fleet_tui.domain.conclusion_text import announcement
from fleet_tui.domain.labels import named
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.releases import version_of

Columns = Mapping[int, str]
"""A board: the column of each issue on it."""


class Outcome(Enum):
    """What becomes of an issue."""

    LEAVES = "did not make it: leaves the milestone"
    STORY = "story that is done: back to product"
    CLOSES = "done: is closed"
    STAYS = "closed already: stays"
    BY_HAND = "to be decided by hand"


class Fate(Struct, frozen=True):
    """One issue, what becomes of it, and why."""

    ticket: Ticket
    outcome: Outcome
    why: str
    steps: tuple[Step, ...] = ()


class Conclusion(Struct, frozen=True):
    """The whole plan. `steps` are all of them in order, those of the fates among them."""

    milestone: MilestoneState
    title: str
    """The milestone's name when the release is out."""
    following: str
    """Name of the next milestone."""
    following_due: date | None
    fates: tuple[Fate, ...]
    steps: tuple[Step, ...]


def unconcluded(milestones: Iterable[MilestoneState], rules: Release) -> MilestoneState | None:
    """The open milestone of the lowest minor version: also one that was renamed already and not concluded yet."""
    versions = ((version_of(one.title, rules.milestone_suffix), one) for one in milestones if not one.closed)
    minor = [(version, one) for version, one in versions if version is not None and version.micro == 0]
    return min(minor, key=lambda pair: pair[0])[1] if minor else None


def next_minor(version: Version) -> Version:
    """The minor version after `version`: 4.46.0 after 4.45.0 and after 4.45.3."""
    return Version(f"{version.major}.{version.minor + 1}.0")


def release_version(title: str, rules: Release) -> Version:
    """The version that a milestone's title names. Raises `Failure` when it names none."""
    version = version_of(title, rules.milestone_suffix)
    if version is None:
        remedy = f"Its name has to be like 4.45.0{rules.milestone_suffix}."
        raise _refused(f"The milestone {title} does not name a release.", remedy)
    return version


def conclude(
    milestone: MilestoneState,
    tickets: Iterable[Ticket],
    boards: Mapping[str, Columns],
    drafting: Columns | None,
    milestones: Iterable[MilestoneState],
    config: Config,
) -> Conclusion:
    """The plan for `milestone`.

    `tickets` are the issues in it, and those in the ready column of a group's board; pull requests are none. `boards`
    holds the boards that were read, by the labels of their groups; `drafting` is the drafting board, None when it
    could not be read. What a board that was not read would tell is left to be done by hand. Raises `Failure` when the
    milestone's name is that of no release, or its name to be is taken.
    """
    rules, milestones = config.release, tuple(milestones)
    version = release_version(milestone.title, rules)
    title, following = str(version), next_minor(version)
    if any(one.title == title and one.number != milestone.number for one in milestones):
        raise _refused(f"There is another milestone {title} already.", "Rename or merge one of the two on GitHub.")
    by_number = sorted(tickets, key=lambda one: one.number)
    judged = ((one, _fate(one, milestone, boards, drafting, config)) for one in by_number)
    # One of another release, ready on a board that is not its own, is nobody's business here.
    fates = tuple(
        fate for one, fate in judged if one.milestone == milestone.number or fate.outcome is not Outcome.LEAVES
    )
    due = milestone.due + timedelta(weeks=rules.every_weeks) if milestone.due else None
    exists = any(version_of(one.title, rules.milestone_suffix) == following for one in milestones)
    name = f"{following}{rules.milestone_suffix}"
    steps = [
        *([Step(Do.RENAME, title)] if milestone.title != title else []),
        *(step for fate in fates for step in fate.steps),
        *_by_hand(title, fates, boards, drafting, config),
        *([Step(Do.END)] if not milestone.closed else []),
        *([Step(Do.NEXT, name, due=due)] if not exists else []),
        Step(Do.LIFT, config.team.branch),
    ]
    stories = [fate.ticket for fate in fates if fate.outcome is Outcome.STORY]
    text = announcement(title, str(following), due, stories, config)
    steps.append(Step(Do.ANNOUNCE, text, place=rules.announcement_channel))
    return Conclusion(milestone, title, name, due, fates, tuple(steps))


def _refused(sentence: str, remedy: str) -> Failure:
    return Failure(Problem("The milestone", Cause.REFUSED, sentence, remedy))


def _fate(
    ticket: Ticket, milestone: MilestoneState, boards: Mapping[str, Columns], drafting: Columns | None, config: Config
) -> Fate:
    if ticket.closed:
        return Fate(ticket, Outcome.STAYS, "It is closed.")
    ready, why = _is_ready(ticket, boards, config)
    if ready is None:
        decide = Step(Do.BY_HAND, f"Decide what becomes of #{ticket.number}. {why}", ticket.number)
        unread = _unread(ticket, boards, config)  # the step for the whole board covers it
        return Fate(ticket, Outcome.BY_HAND, why, () if unread else (decide,))
    if not ready:
        return Fate(ticket, Outcome.LEAVES, why, (Step(Do.LEAVE, issue=ticket.number),))
    join = () if ticket.milestone == milestone.number else (Step(Do.JOIN, issue=ticket.number),)
    if named(ticket.labels, config.labels.story):
        return Fate(ticket, Outcome.STORY, why, (*join, *_to_product(ticket, drafting, config)))
    return Fate(ticket, Outcome.CLOSES, why, (*join, Step(Do.CLOSE, issue=ticket.number)))


def _to_product(ticket: Ticket, drafting: Columns | None, config: Config) -> Iterable[Step]:
    if not named(ticket.labels, config.labels.product):
        yield Step(Do.LABEL, config.labels.product[0], ticket.number)
    for label in config.labels.release:
        if named(ticket.labels, (label,)):
            yield Step(Do.UNLABEL, label, ticket.number)
    celebrate = config.release.celebrate_column
    if drafting is not None and not same_column(drafting.get(ticket.number, ""), celebrate):
        yield Step(Do.MOVE, celebrate, ticket.number)


def _groups(ticket: Ticket, config: Config) -> list[str]:
    return [group.label for group in config.groups if named(ticket.labels, (group.label,))]


def _unread(ticket: Ticket, boards: Mapping[str, Columns], config: Config) -> list[str]:
    """The groups whose boards would tell of it and were not read."""
    own = _groups(ticket, config) or [group.label for group in config.groups]
    return [label for label in own if label not in boards]


def _is_ready(ticket: Ticket, boards: Mapping[str, Columns], config: Config) -> tuple[bool | None, str]:
    """Whether the boards say that it is in the release, and their words; None when they do not tell.

    The boards share the repository, so that an issue may stand on all of them: those of the groups whose labels it
    has count, and without any such label it is enough that it is ready on one.
    """
    own = _groups(ticket, config)
    places = {label: boards[label][ticket.number] for label in own or boards if ticket.number in boards.get(label, {})}
    words = ", ".join(f"{column} on {label}" for label, column in places.items())
    ready = {same_column(column, config.release_qa.ready_column) for column in places.values()}
    if not own and True in ready:
        return True, f"{words}."
    if unread := _unread(ticket, boards, config):
        return None, f"Not read: the board of {' and '.join(unread)}."
    if not ready:
        return None, "It is on no group's board."
    return (ready.pop(), f"{words}.") if len(ready) == 1 else (None, f"Its boards do not agree: {words}.")


def _by_hand(
    title: str, fates: Iterable[Fate], boards: Mapping[str, Columns], drafting: Columns | None, config: Config
) -> Iterable[Step]:
    """What the boards that were not read ask a person to do."""
    ready, story = config.release_qa.ready_column, config.labels.story[0]
    for group in config.groups:
        if group.label not in boards:
            text = (
                f"On the board of {group.label}: take what is outside of “{ready}” out of {title}, and put what is in "
                f"it into {title}. There, {config.labels.product[0]} takes the place of {config.labels.release[0]} on "
                f"each {story}; close the rest."
            )
            yield Step(Do.BY_HAND, text)
    numbers = [f"#{fate.ticket.number}" for fate in fates if fate.outcome is Outcome.STORY]
    if drafting is None and (numbers or len(boards) < len(config.groups)):
        which = ", ".join(numbers) or "the stories"
        yield Step(Do.BY_HAND, f"On the drafting board, move to “{config.release.celebrate_column}”: {which}.")
