"""A milestone that is ready to be concluded: 80 issues over two boards, and what has to become of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from fleet_tui.simulator.seed.schedule import due_on
from fleet_tui.simulator.world import Issue, World
from fleet_tui.simulator.world.model import Milestone

MDM, ENDPOINT = "#g-mdm", "#g-endpoint-ops"
NEW, PROGRESS, QA, READY = "🆕 New", "🐣 In progress", "🦤 Awaiting QA", "✅ Ready for release"
DRAFTED, CELEBRATED = "🦢 Drafting", "🎉 Confirm and celebrate"
TENTATIVE, PATCH = "4.45.0-tentative", "4.44.1"
DUE = date(2025, 6, 9)
FIRST = 18_001


@dataclass(frozen=True, slots=True)
class Standing:
    """How an issue stands."""

    milestone: str = TENTATIVE
    labels: frozenset[str] = frozenset()
    closed: bool = False
    drafting: str = DRAFTED


@dataclass(frozen=True, slots=True)
class Kind:
    """So many issues alike: how they stand before and after, on which columns, and the fate that is right."""

    count: int
    fate: str
    columns: tuple[str, ...]
    """One: on the board of the group whose label it gets, in turn. Two: on both boards, with both labels."""
    before: Standing
    after: Standing
    grouped: bool = True
    """Whether it has the labels of the groups."""


def standing(*labels: str, milestone: str = TENTATIVE, closed: bool = False, drafting: str = DRAFTED) -> Standing:
    """How an issue stands."""
    return Standing(milestone, frozenset(labels), closed, drafting)


DONE = standing("story", ":product", drafting=CELEBRATED)
BUG = standing("bug", ":release")
STORY = standing("story", ":release")
KINDS = (
    Kind(14, "story", (READY,), STORY, DONE),
    Kind(3, "story", (READY,), DONE, DONE),
    Kind(3, "story", (READY,), standing("~engineering-initiated", ":release", ":product", "P1"),
         standing("~engineering-initiated", ":product", "P1", drafting=CELEBRATED)),
    Kind(3, "story", (READY,), replace(STORY, milestone=""), DONE),
    Kind(14, "closes", (READY,), BUG, replace(BUG, closed=True)),
    Kind(2, "closes", (READY,), replace(BUG, milestone=PATCH), replace(BUG, closed=True)),
    Kind(2, "closes", (READY,), replace(BUG, milestone=""), replace(BUG, closed=True)),
    Kind(10, "leaves", (PROGRESS,), STORY, replace(STORY, milestone="")),
    Kind(8, "leaves", (QA,), BUG, replace(BUG, milestone="")),
    Kind(5, "leaves", (NEW,), BUG, replace(BUG, milestone="")),
    Kind(8, "stays", (READY,), replace(BUG, closed=True), replace(BUG, closed=True)),
    Kind(4, "stays", (QA,), replace(STORY, closed=True), replace(STORY, closed=True)),
    Kind(2, "closes", (READY,), standing(), standing(closed=True), grouped=False),
    Kind(1, "closes", (READY, READY), BUG, replace(BUG, closed=True)),
    Kind(1, "by_hand", (READY, PROGRESS), BUG, BUG),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Right:
    """What is right for one issue."""

    fate: str
    after: Standing


def open_milestone(world: World, kinds: Iterable[Kind] = KINDS) -> dict[int, Right]:
    """Fill the first repository; gives what is right for each of the issues, 80 unless `kinds` are others.

    Beside them there is what has nothing to do with the milestone: pull requests, work under way for other releases.
    """
    repo = world.repo()
    milestones = {title: repo.add_milestone(title, by="lukeheath") for title in (TENTATIVE, PATCH)}
    milestones[TENTATIVE].due_on = due_on(DUE)
    right = {
        issue.number: Right(kind.fate, replace(kind.after, labels=kind.after.labels | groups))
        for kind in kinds
        for issue, groups in _open(world, kind, milestones)
    }
    _open_others(world, milestones)
    world.merge_freeze.freeze(world.merge_freeze.branch(), by="lukeheath")
    return right


def standing_of(world: World, number: int) -> Standing:
    """How an issue stands now; its milestone by the name that it had at first."""
    issue = world.issue(number)
    names = {1: TENTATIVE, 2: PATCH}
    milestone = names.get(issue.milestone.number, issue.milestone.title) if issue.milestone else ""
    column = world.boards.drafting.column_of(number) or ""
    return Standing(milestone, frozenset(issue.label_names), issue.state == "closed", column)


def _open(world: World, kind: Kind, milestones: dict[str, Milestone]) -> Iterator[tuple[Issue, frozenset[str]]]:
    repo = world.repo()
    for _ in range(kind.count):
        number = max(FIRST, max(repo.issues, default=0) + 1)
        boards = (MDM, ENDPOINT) if len(kind.columns) == 2 else ((MDM, ENDPOINT)[number % 2],)
        groups = frozenset(boards if kind.grouped else ())
        issue = repo.open_issue(
            f"Issue {number}: {kind.fate}",
            by="noahtalerman",
            labels=sorted(kind.before.labels | groups),
            milestone=milestones.get(kind.before.milestone),
            number=number,
        )
        for group, column in zip(boards, kind.columns, strict=True):
            world.boards.board(group).placed[number] = column
        world.boards.drafting.placed[number] = kind.before.drafting
        if kind.before.closed:
            issue.close(by="noahtalerman")
        yield issue, groups


def _open_others(world: World, milestones: dict[str, Milestone]) -> None:
    repo, mdm = world.repo(), world.boards.board(MDM)
    pull = repo.open_pull("A change", by="mna", labels=[MDM])
    pull.set_milestone(milestones[TENTATIVE], by="mna")
    ready_pull = repo.open_pull("Another change", by="mna", labels=[MDM])
    other = repo.open_issue("For the patch", by="mna", labels=[MDM, "bug"], milestone=milestones[PATCH])
    done = repo.open_issue("Done long ago", by="mna", labels=[MDM, "bug"])
    mdm.placed |= {pull.number: READY, ready_pull.number: READY, other.number: PROGRESS, done.number: READY}
    done.close(by="mna")
    repo.open_issue("An idea", by="mna", labels=["story", ":product"])
