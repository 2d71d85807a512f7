"""Finding the test that a person means by what they typed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from fleet_tui.domain.checklist import Item
from fleet_tui.domain.checklist.words import key, title
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean

SOURCE = "Release QA"
SUGGESTED = 3


def find_item(items: Sequence[Item], name: str, *, section: str = "", nth: int = 0) -> Item:
    """The one test with this name, of the section with this title, the `nth` (from 1) of several there.

    Case and markup do not count. Raises `Failure`: with suggestions when there is none, and with what would tell them
    apart when there are several.
    """
    within = [one for one in items if not section or one.id.section == key(section)]
    if not within:
        titles = ", ".join(f"“{one}”" for one in dict.fromkeys(one.section for one in items))
        raise _refused(f"There is no section “{clean(section)}” with tests.", f"There are: {titles}." if titles else "")
    named = [one for one in within if one.id.name == key(name)]
    found = [one for one in named if not nth or one.id.occurrence == nth - 1]
    if len(found) == 1:
        return found[0]
    if named:
        raise _refused(_several(named, nth), _telling_apart(named))
    close = _close(within, name)
    meant = " or ".join(f"“{one}”" for one in close)
    raise _refused(f"There is no test “{clean(name)}”.", f"Did you mean {meant}?" if close else "")


def _close(items: Sequence[Item], name: str) -> list[str]:
    """The names that contain what was typed, else those that look like it."""
    typed, shown = key(name), {one.id.name: title(one.name) for one in items}
    containing = [known for known in shown if typed and typed in known]
    alike = get_close_matches(typed, shown, n=SUGGESTED, cutoff=0.5)
    return [shown[known] for known in dict.fromkeys([*containing, *alike])][:SUGGESTED]


def _several(named: Sequence[Item], nth: int) -> str:
    count = "1 test" if len(named) == 1 else f"{len(named)} tests"
    return f"There {'is' if len(named) == 1 else 'are'} {count} of that name{f', and no {nth}.' if nth else '.'}"


def _telling_apart(named: Sequence[Item]) -> str:
    sections = list(dict.fromkeys(one.section for one in named))
    if len(sections) > 1:
        return f"Name the section (--section): {', '.join(f'“{one}”' for one in sections)}."
    return f"Say which (--nth): 1 to {len(named)}."


def _refused(sentence: str, remedy: str) -> Failure:
    return Failure(Problem(SOURCE, Cause.REFUSED, sentence, remedy))
