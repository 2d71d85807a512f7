"""Bugs that stand nowhere or in two places, each with the moves that mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.config.section import Labels
from fleet_tui.domain.bug_moves import Move, MoveName, reproduced, set_priority
from fleet_tui.domain.bugs import Bug, group_of, groups_of
from fleet_tui.domain.labels import named


class Finding(Struct, frozen=True):
    """Something to be tidied up."""

    number: int
    sentence: str
    mends: tuple[Move, ...]
    """Any one of them mends it; the most likely one first."""


def to_tidy(bugs: Iterable[Bug], known: Collection[str], config: Config) -> tuple[Finding, ...]:
    """What is wrong with the open ones of `bugs`: those that are forgotten first, else by number.

    `known` are the logins of all people of the team. Those that the configuration names are known anyway.
    """
    logins = {login.casefold() for login in (*known, *_configured(config)) if login}
    still_open = sorted((bug for bug in bugs if not bug.closed), key=lambda bug: bug.number)
    return tuple(
        Finding(bug.number, f"#{bug.number} {words}", mends)
        for check in (_orphan, _two_places, _not_reproduced, _released_and_not, _priorities, _groups)
        for bug in still_open
        for words, mends in check(bug, config)
    ) + tuple(finding for bug in still_open for finding in _strangers(bug, logins, config))


Found = Iterator[tuple[str, tuple[Move, ...]]]
"""The end of a sentence that begins with the number, and the mends."""


def _orphan(bug: Bug, config: Config) -> Found:
    names = config.labels
    if any(named(bug.labels, one) for one in (names.reproduce, names.release, names.product)):
        return
    group = group_of(bug, config)
    yield (
        "has no label that says who has it: it would be forgotten.",
        (
            _mend("Back to the inbox" if not bug.assignees else "Back to acknowledged", add=(names.reproduce,)),
            *((reproduced(group, config, released=True), reproduced(group, config, released=False)) if group else ()),
            _mend("Put into product drafting", add=(names.product,)),
        ),
    )


def _two_places(bug: Bug, config: Config) -> Found:
    names = config.labels
    product, release = named(bug.labels, names.product), named(bug.labels, names.release)
    if product and release:
        yield (
            f"is with product and with engineering: it has {product} and {release}.",
            (
                _mend(f"In product drafting: remove {release}", remove=names.release),
                _mend(f"In engineering: remove {product}", remove=names.product),
            ),
        )


def _not_reproduced(bug: Bug, config: Config) -> Found:
    names = config.labels
    reproduce = named(bug.labels, names.reproduce)
    places = [place for place in (named(bug.labels, names.release), named(bug.labels, names.product)) if place]
    if reproduce and places:
        yield (
            f"is handed over, but not reproduced: it has {reproduce} and {' and '.join(places)}.",
            (
                _mend(f"Reproduced: remove {reproduce}", remove=names.reproduce),
                _mend(
                    f"Not reproduced yet: remove {' and '.join(places)}",
                    remove=(*names.release, *names.product, *names.incoming),
                ),
            ),
        )


def _released_and_not(bug: Bug, config: Config) -> Found:
    names = config.labels
    if named(bug.labels, names.released_bug) and named(bug.labels, names.unreleased_bug):
        yield (
            "is labelled as released and as unreleased.",
            (
                _mend("Released", remove=names.unreleased_bug),
                _mend("Unreleased", remove=names.released_bug),
            ),
        )


def _priorities(bug: Bug, config: Config) -> Found:
    found = [one for one in config.labels.priorities if named(bug.labels, (one,))]
    if len(found) > 1:
        yield f"has several priorities: {', '.join(found)}.", tuple(set_priority(one, config) for one in found)


def _groups(bug: Bug, config: Config) -> Found:
    found = [group.label for group in groups_of(bug, config)]
    if len(found) > 1:
        mends = (_mend(f"Of {kept}", remove=tuple(one for one in found if one != kept)) for kept in found)
        yield f"is of several groups: {', '.join(found)}.", tuple(mends)


def _strangers(bug: Bug, logins: Collection[str], config: Config) -> Iterator[Finding]:
    group = group_of(bug, config)
    for login in bug.assignees:
        if login.casefold() in logins:
            continue
        mends = [_mend(f"Take {login} off", unassign=(login,))]
        if group and not named(bug.labels, config.labels.reproduce):
            title = f"Assign {group.manager} in the place of {login}"
            mends.insert(0, _mend(title, assign=(group.manager,), unassign=(login,)))
        sentence = f"#{bug.number} is assigned to {login}, who is not (or no longer) of the team."
        yield Finding(bug.number, sentence, tuple(mends))


def _mend(
    title: str,
    *,
    add: tuple[Labels, ...] = (),
    remove: Labels = (),
    assign: tuple[str, ...] = (),
    unassign: tuple[str, ...] = (),
) -> Move:
    return Move(MoveName.MEND, title, add=add, remove=remove, assign=assign, unassign=unassign)


def _configured(config: Config) -> Iterator[str]:
    yield config.team.release_dri
    for group in config.groups:
        yield from (group.manager, group.qa_lead, group.product_manager)
    yield from (person.login for person in config.on_call.people)
    yield from (*config.on_call.team_members, *config.on_call.bots)
