"""Changes and a body: what of them it shows already, and the body that shows them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache

from msgspec import Struct

from fleet_tui.domain.checklist import (
    Checklist,
    Item,
    ItemId,
    Note,
    NoteId,
    Verdict,
    read,
    set_note,
    set_text,
    set_verdict,
)
from fleet_tui.domain.qa import Change, Kind, Target

KEPT = 12
"""Bodies: a round looks at each several times, and reading a long one takes a tenth of a second."""


def mark(thing: Item | Note) -> str:
    """What `thing` says, alike for all spellings of one verdict."""
    if isinstance(thing, Note):
        return f"text {thing.text}"
    return thing.verdict.value if thing.verdict is not Verdict.OTHER else f"text {thing.verdict_text}"


def text_of(thing: Item | Note) -> str:
    """The characters that `thing` consists of in the body."""
    return thing.text if isinstance(thing, Note) else thing.verdict_text


class Read(Struct, frozen=True):
    """A body's checklist with its items and notes by what they are known by."""

    checklist: Checklist
    things: Mapping[Target, Item | Note]

    def differences(self, other: Read) -> frozenset[Target]:
        """What says something else here than in `other`, or is in one of them only."""
        return frozenset(
            target
            for target in self.things.keys() | other.things.keys()
            if _mark(self.things.get(target)) != _mark(other.things.get(target))
        )


@lru_cache(maxsize=KEPT)
def read_body(body: str) -> Read:
    """The checklist of `body`."""
    checklist = read(body)
    things: dict[Target, Item | Note] = {item.id: item for item in checklist.items}
    return Read(checklist, things | {note.id: note for note in checklist.notes})


class Standing(Enum):
    """How a change stands in a body."""

    THERE = "there"
    MISSING = "missing"
    """Its place bears what it bore before the change."""
    THEIRS = "theirs"
    """Its place bears what neither it nor its past has: somebody else's word."""
    GONE = "gone"
    """It has no place in this body."""


def standing(body: str, change: Change) -> Standing:
    """How `change` stands in `body`."""
    thing = read_body(body).things.get(change.target)
    if thing is None or thing.span is None:
        return Standing.GONE
    if says(thing, change):
        return Standing.THERE
    return Standing.MISSING if mark(thing) in change.known else Standing.THEIRS


def says(thing: Item | Note, change: Change) -> bool:
    """Whether `thing` is as `change` wants it."""
    return mark(thing) == change.wanted if change.kind is Kind.VERDICT else text_of(thing) == change.wanted


def merged(body: str, changes: Iterable[Change]) -> str:
    """`body` with those of `changes` that are missing in it; nothing else differs.

    One that the body does not take (a note that would hide tests) is left out: it goes on standing as `MISSING`.
    """
    missing = [change for change in changes if standing(body, change) is Standing.MISSING]
    items = [change for change in missing if change.kind is not Kind.NOTE]
    body = _all_at_once(body, items) or _one_by_one(body, items)
    return _one_by_one(body, [change for change in missing if change.kind is Kind.NOTE])


def _all_at_once(body: str, changes: list[Change]) -> str | None:
    """As `_one_by_one`, in two readings of the body instead of three for each change; None where that harms."""
    before, new, targets = read_body(body), body, {change.target for change in changes}
    if len(changes) < 2:
        return None
    for item, text in sorted(_places(before, changes), key=lambda place: place[0].span or (0, 0), reverse=True):
        start, end = item.span or (0, 0)
        new = new[:start] + text + new[end:]
    after = read_body(new)
    if list(before.things) != list(after.things) or before.differences(after) - targets:
        return None
    return new if all(says(after.things[change.target], change) for change in changes) else None


def _places(before: Read, changes: list[Change]) -> Iterable[tuple[Item, str]]:
    for change in changes:
        item = before.things[change.target]
        if isinstance(item, Item):
            text = change.wanted if change.kind is Kind.TEXT else item.spelling.of(Verdict(change.wanted))
            yield item, item.verdict_text if text is None else text


def _one_by_one(body: str, changes: list[Change]) -> str:
    for change in changes:
        body = _changed(body, change) or body
    return body


def _changed(body: str, change: Change) -> str | None:
    match change.target:
        case NoteId() as note:
            return set_note(body, note, change.wanted)
        case ItemId() as item if change.kind is Kind.TEXT:
            edit = set_text(body, item, change.wanted)
        case ItemId() as item:
            edit = set_verdict(body, item, Verdict(change.wanted))
    return edit.body if edit else None


def overwritten(base: str, theirs: str, ours: str, older: Iterable[str] = ()) -> dict[Target, str]:
    """The texts that the save `theirs` brought and that `ours`, made from `base` at the same moment, overwrote.

    Only what was said anew counts: a verdict, or more text in a note. That a verdict is gone from `theirs`, or is
    again as in one of the `older` versions, may as well mean that `theirs` was made from an old copy.
    """
    was, said, now = read_body(base).things, read_body(theirs).things, read_body(ours).things
    lost = {
        target: thing
        for target, thing in said.items()
        if _is_news(was.get(target), thing) and target in now and mark(now[target]) != mark(thing)
    }
    doubtful = {target for target in lost if mark(was[target]) != Verdict.UNTESTED.value}
    pasts = [read_body(body).things for body in older] if doubtful else []
    old = {target for target in doubtful if any(_mark(past.get(target)) == mark(lost[target]) for past in pasts)}
    return {target: text_of(thing) for target, thing in lost.items() if target not in old}


def _is_news(before: Item | Note | None, now: Item | Note) -> bool:
    if isinstance(now, Note):
        return isinstance(before, Note) and before.text in now.text and before.text != now.text
    return before is not None and now.verdict is not Verdict.UNTESTED and mark(before) != mark(now)


def _mark(thing: Item | Note | None) -> str | None:
    return mark(thing) if thing else None
