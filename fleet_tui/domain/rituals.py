"""Rituals: what has to be done again and again (`engineering.rituals.yml`), and when it is due next.

The file is read entry by entry, so that a broken one costs no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from msgspec import Struct

from fleet_tui.domain.frequencies import step_of
from fleet_tui.domain.outside_yaml import BadYaml, read_yaml
from fleet_tui.domain.text import clean, clean_lines

LARGEST = 128 * 1024
"""Characters; Fleet's file has four thousand."""
MOST = 1000
"""Entries."""
ENTRY = re.compile(r"^([ ]*)-(?=\s|$)")
IDLE = re.compile(r"\s*(#.*)?|---\s*(#.*)?|\.\.\.\s*|%.*")


class Ritual(Struct, frozen=True):
    """One entry of the file."""

    task: str
    frequency: str
    """As written: `Weekly`, `Every patch release`."""
    started: date | None
    """Its first day; None where the frequency is free text and no day is given."""
    dri: str = ""
    """GitHub login of the person who sees to it."""
    description: str = ""
    url: str = ""
    labels: tuple[str, ...] = ()
    """Of the issue that Fleet's website opens for it by itself; none when it opens none."""


class Fault(Struct, frozen=True):
    """An entry that cannot be used."""

    line: int
    """In the file, from 1."""
    reason: str


class Rituals(Struct, frozen=True):
    """What the file says: the good entries in its order, and what is wrong with the others."""

    entries: tuple[Ritual, ...]
    faults: tuple[Fault, ...] = ()


class _Bad(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.fault = Fault(line, reason)


def read_rituals(text: str) -> Rituals:
    """The rituals in a YAML text. Whatever it holds: never raises."""
    if len(text) > LARGEST:
        return Rituals((), (Fault(1, f"the file has more than {LARGEST:,} characters"),))
    parts = tuple(_parts(clean_lines(text, LARGEST)))
    if len(parts) > MOST:
        return Rituals((), (Fault(1, f"the file has more than {MOST:,} entries"),))
    entries: list[Ritual] = []
    faults: list[Fault] = []
    for line, part in parts:
        try:
            entries.append(_ritual(_Entry(line, part)))
        except _Bad as bad:
            faults.append(bad.fault)
    return Rituals(tuple(entries), tuple(faults))


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The entries of the list as text, each with its first line: a dash as far left as the first begins one."""
    lines = text.removeprefix("\ufeff").split("\n")
    dashes = [(number, match[1]) for number, line in enumerate(lines) if (match := ENTRY.match(line))]
    starts = [number for number, indent in dashes if indent == dashes[0][1]]
    before = lines[: starts[0]] if starts else lines
    for number, line in enumerate(before):
        if not IDLE.fullmatch(line):
            yield number + 1, "\n".join(before[number:])
            break
    for start, end in pairwise([*starts, len(lines)]):
        yield start + 1, "\n".join(lines[start:end])


class _Entry:
    """The fields of one entry, and the lines on which they stand."""

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        self.lines: dict[str, int] = {}
        self.fields = self._read(text)

    def _read(self, text: str) -> Mapping[str, Any]:
        try:
            node, loaded = read_yaml(text)
        except BadYaml as bad:
            raise _Bad(self.line + bad.line, str(bad)) from None
        if not isinstance(loaded, list) or len(loaded) != 1 or not isinstance(loaded[0], dict):
            raise _Bad(self.line, "not an entry of a list with fields such as `task`")
        if node is not None:
            self.lines = {key.value: self.line + key.start_mark.line for key, _ in node.value[0].value}
        return loaded[0]

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.fields.get(name)
        if isinstance(value, (dict, list)):
            raise self.bad(name, f"`{name}` must be text")
        found = "" if value is None else clean(str(value))
        if needed and not found:
            raise self.bad(name, f"`{name}` is missing")
        return found

    def day(self, name: str) -> date | None:
        value = self.fields.get(name)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if not self.text(name):
            return None
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise self.bad(name, f"`{name}` is no day such as 2024-09-01: {self.text(name)[:40]}") from None

    def bad(self, name: str, reason: str) -> _Bad:
        return _Bad(self.lines.get(name, self.line), reason)


def _ritual(entry: _Entry) -> Ritual:
    ritual = Ritual(
        task=entry.text("task", needed=True),
        frequency=entry.text("frequency", needed=True),
        started=entry.day("startedOn"),
        dri=entry.text("dri").removeprefix("@"),
        description=entry.text("description"),
        url=entry.text("moreInfoUrl"),
        labels=_labels(entry.fields.get("autoIssue")),
    )
    if ritual.started is None and step_of(ritual.frequency):
        raise entry.bad("startedOn", "`startedOn` is missing")
    return ritual


def _labels(issue: Any) -> tuple[str, ...]:
    labels = issue.get("labels") if isinstance(issue, dict) else None
    return tuple(clean(str(label)) for label in labels if label) if isinstance(labels, list) else ()
