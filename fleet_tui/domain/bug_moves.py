"""The moves of a bug: what each changes, and when it may be made. Domain rules "Moving a bug"."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from fleet_tui.config.schema import Config, Group
from fleet_tui.config.section import Labels
from fleet_tui.domain.bug_steps import Act, Step
from fleet_tui.domain.bugs import Bug, State, is_critical, is_incoming
from fleet_tui.domain.columns import same_column
from fleet_tui.domain.fill import fill
from fleet_tui.domain.labels import named, written

NOT_PLANNED = "not_planned"
NOBODY = "ghost"
"""GitHub's own account in the place of one that is gone."""


class MoveName(Enum):
    """The moves, by the names that their keys have."""

    ACKNOWLEDGE = "acknowledge"
    REPRODUCED = "reproduced"
    PRODUCT = "product"
    SEEN = "seen"
    AWAIT_QA = "await_qa"
    PING = "ping"
    STALE = "stale"
    PRIORITY = "priority"
    CRITICAL = "critical"
    MEND = "mend"
    """One of the tidy-up list."""


class Move(Struct, frozen=True):
    """What a move wants, whatever the bug. `plan` says what a bug lacks of it."""

    name: MoveName
    title: str
    """As people say it: `Acknowledge`."""
    add: tuple[Labels, ...] = ()
    """Labels, each in all its spellings. One that the bug has in any of them is not added."""
    remove: Labels = ()
    """Labels, in all their spellings."""
    assign: tuple[str, ...] = ()
    unassign: tuple[str, ...] = ()
    comment: str = ""
    close: bool = False
    """Whether it is closed as not planned."""
    column: str = ""
    """Column of the group's board that its ticket goes to."""


def acknowledge(me: str) -> Move:
    """QA takes it on."""
    return Move(MoveName.ACKNOWLEDGE, "Acknowledge", assign=(me,))


def reproduced(group: Group, config: Config, *, released: bool) -> Move:
    """Handed to `group`. What says otherwise of group, release or place goes; whoever is assigned stays."""
    names = config.labels
    kind, other = names.released_bug, names.unreleased_bug
    if not released:
        kind, other = other, kind
    others = tuple(one.label for one in config.groups if one.label != group.label)
    return Move(
        MoveName.REPRODUCED,
        f"Hand to {group.label} as {'released' if released else 'unreleased'} bug",
        add=((group.label,), kind, names.incoming, names.release),
        remove=(*others, *other, *names.product, *names.reproduce),
        assign=(group.manager,),
    )


def to_product(group: Group, config: Config) -> Move:
    """To drafting, with the product manager of `group`, if it has one."""
    return Move(
        MoveName.PRODUCT,
        "Hand to product",
        add=(config.labels.product,),
        remove=config.labels.release,
        assign=(group.product_manager,) if group.product_manager else (),
    )


def seen_by_manager(config: Config) -> Move:
    """It is no longer incoming."""
    return Move(MoveName.SEEN, "Seen by manager", remove=config.labels.incoming)


def await_qa(config: Config) -> Move:
    """Fixed: its ticket waits for QA."""
    column = config.bugs.awaiting_qa_column
    return Move(MoveName.AWAIT_QA, f"Move to {column}", column=column)


def ping(text: str) -> Move:
    """Ask the reporter, in the words of `text`."""
    return Move(MoveName.PING, "Ping the reporter", comment=text)


def close_as_stale(text: str) -> Move:
    """Close it as not planned; `text` says why."""
    return Move(MoveName.STALE, "Close as stale", comment=text, close=True)


def set_priority(priority: str, config: Config) -> Move:
    """`priority`, one of `labels.priorities`, and no other; "" for none."""
    others = tuple(one for one in config.labels.priorities if one != priority)
    title = f"Set priority {priority}" if priority else "Set no priority"
    return Move(MoveName.PRIORITY, title, add=((priority,),) if priority else (), remove=others)


def mark_critical(config: Config) -> Move:
    """Critical. The alarm is a matter of its own: `fleet_tui.domain.critical`."""
    return Move(MoveName.CRITICAL, "Mark as critical", add=(config.labels.critical,))


def ping_text(bug: Bug, config: Config) -> str:
    """The comment that asks the reporter, for preview."""
    return fill(config.bugs.ping_text, in_comments(bug))


def stale_text(bug: Bug, config: Config) -> str:
    """The comment with which it is closed, for preview."""
    return fill(config.bugs.stale_text, in_comments(bug))


def in_comments(bug: Bug) -> dict[str, str]:
    """What the names in a template of a comment stand for. A title notifies nobody: its `@` is no mention."""
    return {
        "reporter": bug.author or NOBODY,
        "number": str(bug.number),
        "title": bug.title.replace("@", "@\N{ZERO WIDTH SPACE}"),
    }


def plan(move: Move, bug: Bug, column: str = "") -> tuple[Step, ...]:
    """The single steps that `bug`, in `column` of its board, lacks of `move`; empty when it is as the move wants it.

    What puts it to its new place comes first, so that a move that is cut off never leaves a bug forgotten.
    """
    people = {login.casefold() for login in bug.assignees}
    steps = [Step(Act.ADD_LABEL, spellings[0]) for spellings in move.add if not named(bug.labels, spellings)]
    steps += [Step(Act.ASSIGN, login) for login in move.assign if login.casefold() not in people]
    steps += [Step(Act.REMOVE_LABEL, label) for name in move.remove for label in written(bug.labels, (name,))]
    steps += [Step(Act.UNASSIGN, login) for login in move.unassign if login.casefold() in people]
    steps += [Step(Act.COMMENT, move.comment)] if move.comment else []
    steps += [Step(Act.CLOSE, NOT_PLANNED)] if move.close and not bug.closed else []
    steps += [Step(Act.COLUMN, move.column)] if move.column and not same_column(column, move.column) else []
    return tuple(steps)


ALLOWED = {
    MoveName.ACKNOWLEDGE: {State.INBOX},
    MoveName.REPRODUCED: {State.INBOX, State.ACKNOWLEDGED, State.ORPHAN},
    MoveName.PRODUCT: {State.ENGINEERING, State.AWAITING_QA, State.ORPHAN},
    MoveName.AWAIT_QA: {State.ENGINEERING},
    MoveName.PING: {State.INBOX, State.ACKNOWLEDGED},
    MoveName.STALE: {State.ACKNOWLEDGED},
}
"""The states in which a move makes sense; one that is not named here makes sense in every open one."""
WHERE = {
    State.INBOX: "is in the inbox",
    State.ACKNOWLEDGED: "is acknowledged, but not reproduced",
    State.PRODUCT: "is in product drafting",
    State.ENGINEERING: "is in engineering",
    State.AWAITING_QA: "waits for QA",
    State.ORPHAN: "is an orphan",
}
ADVICE = {
    MoveName.ACKNOWLEDGE: "Only a bug of the inbox can be acknowledged.",
    MoveName.REPRODUCED: "It was reproduced before.",
    MoveName.PRODUCT: "Only a bug that was reproduced goes to product.",
    MoveName.AWAIT_QA: "Only a bug in engineering goes to QA.",
    MoveName.PING: "Nothing is waited for from its reporter.",
    MoveName.STALE: "Only a bug that is acknowledged and waits for its reporter is closed as stale.",
}


def refusal(name: MoveName, bug: Bug, state: State, config: Config) -> str:
    """Why the move makes no sense for `bug` in `state`, as sentences; empty when it does."""
    if state is State.CLOSED:
        return f"#{bug.number} is closed."
    if name is MoveName.ACKNOWLEDGE and state is State.ACKNOWLEDGED:
        return f"#{bug.number} is acknowledged already, by {_and(bug.assignees)}."
    if name is MoveName.AWAIT_QA and state is State.AWAITING_QA:
        return f"#{bug.number} waits for QA already."
    if name is MoveName.PRODUCT and state is State.PRODUCT:
        return f"#{bug.number} is in product drafting already."
    if name is MoveName.SEEN and not is_incoming(bug, config.labels):
        return f"#{bug.number} is not incoming: its manager has seen it."
    if name is MoveName.CRITICAL and is_critical(bug, config.labels):
        return f"#{bug.number} is critical already."
    if name in ALLOWED and state not in ALLOWED[name]:
        return f"#{bug.number} {WHERE[state]}. {ADVICE[name]}"
    return ""


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
