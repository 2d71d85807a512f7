"""Procedures are TOML files: ours in the package, a team's own beside them. A malformed one never hides the others."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec
from msgspec import Struct

from fleet_tui.config.certificates import CertificateKind
from fleet_tui.domain.certificates import Kind
from fleet_tui.domain.procedures import Procedure, Step
from fleet_tui.domain.text import clean, clean_lines

LARGEST_FILE = 256 * 1024
SUFFIX = ".toml"


class Malformed(Struct, frozen=True):
    """A file that is no procedure."""

    file: str
    sentence: str


class Library(Struct, frozen=True):
    """All procedures by title, and the files that are none. A procedure of the team's own replaces ours of its name."""

    procedures: tuple[Procedure, ...]
    malformed: tuple[Malformed, ...] = ()


def library(own_folder: str = "") -> Library:
    """What comes along, and what is in the team's folder (empty: none). Blocks."""
    found, faults = _read_all(_sorted(files("fleet_tui").joinpath("procedures").iterdir()), own=False)
    if own_folder:
        folder = Path(own_folder).expanduser()
        try:
            entries = _sorted(folder.iterdir())
        except OSError as error:
            faults.append(Malformed(str(folder), f"The folder cannot be read ({error.strerror or error})."))
        else:
            own, more = _read_all(entries, own=True)
            found |= own
            faults += more
    return Library(tuple(sorted(found.values(), key=lambda one: one.title.casefold())), tuple(faults))


def _sorted(entries: Iterable[Traversable]) -> list[Traversable]:
    return sorted((one for one in entries if one.name.endswith(SUFFIX)), key=lambda one: one.name)


def _read_all(entries: list[Traversable], *, own: bool) -> tuple[dict[str, Procedure], list[Malformed]]:
    found: dict[str, Procedure] = {}
    faults = []
    for entry in entries:
        name = clean(entry.name.removesuffix(SUFFIX))
        try:
            found[name] = _read(entry).value(name, own=own)
        except OSError as error:
            faults.append(Malformed(clean(str(entry)), f"It cannot be read ({error.strerror or error})."))
        except (msgspec.MsgspecError, ValueError) as error:
            faults.append(Malformed(clean(str(entry)), f"It is no procedure: {clean(str(error))}."))
    return found, faults


def _read(entry: Traversable) -> _Procedure:
    if not entry.is_file():
        raise ValueError("no plain file")
    with entry.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise ValueError(f"larger than {LARGEST_FILE >> 10} kB")
    return msgspec.toml.decode(data, type=_Procedure)


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    text: str = ""
    command: str = ""
    check: str = ""
    url: str = ""

    def value(self) -> Step:
        if self.url and not self.url.startswith("https://"):
            raise ValueError(f"the url of step “{clean(self.id)}” does not begin with https://")
        return Step(
            clean(self.id),
            clean(self.title),
            clean_lines(self.text).strip(),
            clean_lines(self.command).strip(),
            clean_lines(self.check).strip(),
            clean(self.url),
        )


class _Procedure(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    steps: list[_Step]
    about: str = ""
    kinds: tuple[CertificateKind, ...] = ()

    def value(self, name: str, *, own: bool) -> Procedure:
        steps = tuple(step.value() for step in self.steps)
        if not steps:
            raise ValueError("it has no steps")
        if len({step.id for step in steps}) < len(steps):
            raise ValueError("two steps have the same id")
        kinds = frozenset(Kind[kind.upper()] for kind in self.kinds)
        return Procedure(name, clean(self.title), steps, clean_lines(self.about).strip(), kinds, own)
