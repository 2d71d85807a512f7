"""Finishing and taking back a move that was carried out, or only half."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.columns import same_column

OPPOSITE = {
    Act.ADD_LABEL: Act.REMOVE_LABEL,
    Act.REMOVE_LABEL: Act.ADD_LABEL,
    Act.ASSIGN: Act.UNASSIGN,
    Act.UNASSIGN: Act.ASSIGN,
    Act.CLOSE: Act.REOPEN,
}


class Made(Struct, frozen=True):
    """A move of mine that was carried out, at least in part."""

    title: str
    steps: tuple[Step, ...]
    """Those that are done."""
    after: Bug
    """The bug as it was seen then."""
    column: str = ""
    """The column of the board that it stood in before; "" when that is not known."""
    press: int = 0
    """Which press of a key it belongs to: one may move several bugs."""


def stands(step: Step, bug: Bug, column: str | None = None) -> bool:
    """Whether what `step` wants is so; of a column only when `column` is known.

    A comment counts as so: its own answer says whether it was written.
    """
    labels, people = ({name.casefold() for name in names} for names in (bug.labels, bug.assignees))
    match step.act:
        case Act.ADD_LABEL:
            return step.what.casefold() in labels
        case Act.REMOVE_LABEL:
            return step.what.casefold() not in labels
        case Act.ASSIGN:
            return step.what.casefold() in people
        case Act.UNASSIGN:
            return step.what.casefold() not in people
        case Act.CLOSE:
            return bug.closed is not None
        case Act.REOPEN:
            return bug.closed is None
        case Act.COLUMN:
            return column is None or same_column(column, step.what)
        case Act.COMMENT:
            return True


def missing(steps: Sequence[Step], bug: Bug, column: str | None = None) -> tuple[Step, ...]:
    """Those of `steps` that `bug` does not show: what is left to finish a move, or to verify that all is done."""
    return tuple(step for step in steps if not stands(step, bug, column))


def applied(steps: Iterable[Step], bug: Bug) -> Bug:
    """`bug` as it is after `steps`, as far as labels and assignees go, which nobody has to be asked for."""
    labels, people = set(bug.labels), list(bug.assignees)
    for step in steps:
        match step.act:
            case Act.ADD_LABEL:
                labels.add(step.what)
            case Act.REMOVE_LABEL:
                labels = {label for label in labels if label.casefold() != step.what.casefold()}
            case Act.ASSIGN:
                people.append(step.what)
            case Act.UNASSIGN:
                people = [login for login in people if login.casefold() != step.what.casefold()]
    return replace(bug, labels=frozenset(labels), assignees=tuple(dict.fromkeys(people)))


def undo(made: Made) -> tuple[Step, ...]:
    """The steps that lead back, the last one first. A comment stays, and so does a column that was not known."""
    back = [
        Step(Act.COLUMN, made.column) if step.act is Act.COLUMN else Step(OPPOSITE[step.act], step.what)
        for step in reversed(made.steps)
        if step.act in OPPOSITE or (step.act is Act.COLUMN and made.column)
    ]
    # A reason belongs to closing alone.
    return tuple(Step(Act.REOPEN) if step.act is Act.REOPEN else step for step in back)


def may_not_undo(made: Made, bug: Bug, column: str | None, config: Config) -> str:
    """Why the move cannot be taken back now, as a sentence; empty when it can.

    It cannot when somebody moved `bug` since. A label that has nothing to do with where it stands is no move.
    """
    if not undo(made):
        return "A comment cannot be taken back." if _has(Act.COMMENT, made) else _UNKNOWN_COLUMN
    if changes := [*_label_changes(made, bug, config), *_other_changes(made, bug, column)]:
        return f"#{bug.number} was moved since: {', '.join(changes)}."
    return ""


_UNKNOWN_COLUMN = "Which column it stood in before is not known: move it back on the board."


def _has(act: Act, made: Made) -> bool:
    return any(step.act is act for step in made.steps)


def _label_changes(made: Made, bug: Bug, config: Config) -> list[str]:
    names = config.labels
    places = {*names.reproduce, *names.product, *names.release, *names.incoming}
    places |= {group.label for group in config.groups}
    places |= {step.what for step in made.steps if step.act in {Act.ADD_LABEL, Act.REMOVE_LABEL}}
    folded = {name.casefold() for name in places}
    then, now = (_folded(one.labels) & folded for one in (made.after, bug))
    return [
        *(f"{name} was added" for name in sorted(now - then)),
        *(f"{name} was removed" for name in sorted(then - now)),
    ]


def _other_changes(made: Made, bug: Bug, column: str | None) -> list[str]:
    then, now = _folded(made.after.assignees), _folded(bug.assignees)
    changes = [f"{login} was assigned" for login in sorted(now - then)]
    changes += [f"{login} was taken off" for login in sorted(then - now)]
    if (made.after.closed is None) is not (bug.closed is None):
        changes.append("it was closed" if bug.closed else "it was opened again")
    targets = [step.what for step in made.steps if step.act is Act.COLUMN]
    if column is not None and not all(same_column(column, target) for target in targets):
        changes.append(f"it is in {column or 'another column'}")
    return changes


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
