"""Changes of the world by name, for the control address. All of them are about the first repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.model import CheckConclusion, ReviewState, Unknown

OTHER_PERSON = "getvictor"


def set_labels(world: World, number: int, labels: list[str], by: str = OTHER_PERSON) -> None:
    """Replace all labels."""
    world.issue(number).set_labels(labels, by=by)


def assign(world: World, number: int, assignees: list[str], by: str = OTHER_PERSON) -> None:
    """Assign people."""
    world.issue(number).assign(*assignees, by=by)


def comment(world: World, number: int, body: str, by: str = OTHER_PERSON) -> None:
    """Comment."""
    world.issue(number).comment(body, by=by)


def web_edit(world: World, number: int, body: str, by: str = OTHER_PERSON) -> None:
    """Save a text with the editor on the web page."""
    world.issue(number).web_edit(body, by=by)


def close(world: World, number: int, by: str = OTHER_PERSON) -> None:
    """Close an issue or a pull request."""
    world.issue(number).close(by=by)


def reopen(world: World, number: int, by: str = OTHER_PERSON) -> None:
    """Open it again."""
    world.issue(number).reopen(by=by)


def open_issue(world: World, title: str, body: str = "", by: str = OTHER_PERSON, labels: tuple[str, ...] = ()) -> None:
    """Open an issue."""
    world.repo().open_issue(title, body, by=by, labels=labels)


def open_pull(world: World, title: str, body: str = "", by: str = OTHER_PERSON, files: tuple[str, ...] = ()) -> None:
    """Open a pull request."""
    world.repo().open_pull(title, body, by=by, files=files)


def merge(world: World, number: int, by: str = OTHER_PERSON) -> None:
    """Merge a pull request."""
    world.pull(number).merge(by=by)


def review(world: World, number: int, state: ReviewState = "APPROVED", body: str = "", by: str = OTHER_PERSON) -> None:
    """Review a pull request."""
    world.pull(number).review(state, body=body, by=by)


def push(world: World, number: int) -> None:
    """Push a new head commit."""
    world.pull(number).push()


def ci(world: World, number: int, name: str = "test-go", conclusion: CheckConclusion | None = None) -> None:
    """Start a check run, or finish it with a conclusion."""
    pull = world.pull(number)
    if conclusion is None:
        pull.start_check(name)
    else:
        pull.finish_check(name, conclusion)


def freeze(world: World, by: str = OTHER_PERSON, note: str | None = None, unblocked: list[int] | None = None) -> None:
    """Freeze the branch, or change a freeze."""
    world.merge_freeze.freeze(world.merge_freeze.branch(), by=by, note=note, unblocked=unblocked)


def unfreeze(world: World) -> None:
    """Lift the freeze."""
    world.merge_freeze.unfreeze(world.merge_freeze.branch())


MERGE_FREEZE_SWITCHES = {"lists_unblocked", "loses_freeze_on_next_post", "status_delay", "requests_per_second"}


def merge_freeze(world: World, **switches: Any) -> None:
    """Set the switches of Merge Freeze."""
    for name, value in switches.items():
        if name not in MERGE_FREEZE_SWITCHES:
            raise Unknown(name)
        setattr(world.merge_freeze, name, value)


DEEDS: dict[str, Callable[..., None]] = {
    deed.__name__: deed
    for deed in (
        set_labels,
        assign,
        comment,
        web_edit,
        close,
        reopen,
        open_issue,
        open_pull,
        merge,
        review,
        push,
        ci,
        freeze,
        unfreeze,
        merge_freeze,
    )
}
