"""What is typed after `/`: which bugs of the board are shown.

Words are looked for in number and title. `label:` and `assignee:` take the beginning of a name, `group:` any part of
one, `is:` one of `IS`; what holds blanks stands in quotes, and `-` before any of them turns it round. All have to hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug, groups_of, is_blocker, is_critical

IS = ("overdue", "critical", "blocker", "mine", "unassigned")
KEYS = ("label", "assignee", "group", "is")
# A quote that is not closed yet reaches to the end.
TERM = re.compile(r'(?P<not>-?)(?:(?P<key>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>\S*))', re.IGNORECASE)


class Term(Struct, frozen=True):
    """One condition."""

    key: str
    """One of `KEYS`, or "" for a word of the title."""
    value: str
    """In lower case."""
    negated: bool = False


class Filter(Struct, frozen=True):
    """All conditions; none: every bug is shown."""

    terms: tuple[Term, ...] = ()
    unknown: tuple[str, ...] = ()
    """What was typed after `is:` and means nothing (yet); it counts for nothing."""

    def matches(self, bug: Bug, config: Config, *, overdue: bool, me: str) -> bool:
        """Whether `bug` is shown; `overdue` is what its clock says, `me` my login."""
        return all(_holds(term, bug, config, overdue, me) is not term.negated for term in self.terms)


def parse(text: str) -> Filter:
    """The filter that `text` means, however much of it is typed. Half a term (`label:`, `-`) counts for nothing."""
    terms, unknown = [], []
    for match in TERM.finditer(text):
        term = _term(match)
        if not term.value:
            continue
        if term.key == "is" and term.value not in IS:
            unknown.append(term.value)
        else:
            terms.append(term)
    return Filter(tuple(terms), tuple(unknown))


def _term(match: re.Match[str]) -> Term:
    key, value = (match["key"] or "").casefold(), match["quoted"] or match["plain"] or ""
    if key not in KEYS:  # a word with a colon in it, such as `fleetctl:`
        value = f"{match['key']}:{value}" if key else value
        key = ""
    return Term(key, value.casefold(), negated=bool(match["not"]))


def _holds(term: Term, bug: Bug, config: Config, overdue: bool, me: str) -> bool:
    match term.key:
        case "label":
            return _begins(bug.labels, term.value)
        case "assignee":
            return _begins(bug.assignees, term.value.removeprefix("@"))
        case "group":
            return any(term.value in group.label.casefold() for group in groups_of(bug, config))
        case "is":
            return overdue if term.value == "overdue" else _QUALITIES[term.value](bug, config, me)
    return term.value in f"#{bug.number} {bug.title}".casefold()


_QUALITIES: dict[str, Callable[[Bug, Config, str], bool]] = {
    "critical": lambda bug, config, me: is_critical(bug, config.labels),
    "blocker": lambda bug, config, me: is_blocker(bug, config.labels),
    "mine": lambda bug, config, me: me.casefold() in {login.casefold() for login in bug.assignees},
    "unassigned": lambda bug, config, me: not bug.assignees,
}


def _begins(names: tuple[str, ...] | frozenset[str], start: str) -> bool:
    return any(name.casefold().startswith(start) for name in names)
