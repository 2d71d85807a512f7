"""Procedures: what people do step by step. The steps themselves are data, read by `services.procedures`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath

from msgspec import Struct

from fleet_tui.domain.certificates import Certificate, Kind

PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z][a-z_]*)\}")


class Step(Struct, frozen=True):
    """One thing to do."""

    id: str
    """Unique in its procedure, and the same in later versions: progress is kept under it."""
    title: str
    text: str = ""
    command: str = ""
    """For a shell, with placeholders such as `{certificate}`; see `command_of`."""
    check: str = ""
    """How to see that it is done."""
    url: str = ""


class Procedure(Struct, frozen=True):
    """Steps that belong together."""

    name: str
    """Its file's name without the suffix."""
    title: str
    steps: tuple[Step, ...]
    about: str = ""
    kinds: frozenset[Kind] = frozenset()
    """The kinds of certificates that it renews."""
    own: bool = False
    """Whether it is the team's own."""

    @property
    def short(self) -> str:
        """The first sentence of what it is about."""
        return " ".join(self.about.split()).partition(". ")[0].removesuffix(".")


class Done(Struct, frozen=True):
    """Who did a step, and when (UTC)."""

    who: str
    at: datetime


def renewal_of(kind: Kind, procedures: tuple[Procedure, ...]) -> Procedure | None:
    """The procedure that renews certificates of this kind, the team's own before ours; None when there is none."""
    fitting = [one for one in procedures if kind in one.kinds]
    return min(fitting, key=lambda one: not one.own, default=None)


def next_step(procedure: Procedure, progress: Mapping[str, Done]) -> Step | None:
    """The first step that nobody has done; None when all are done."""
    return next((step for step in procedure.steps if step.id not in progress), None)


def command_of(step: Step, values: Mapping[str, str]) -> str:
    """The step's command with the real names, each quoted for a shell.

    A placeholder without a value stays as it is written: in a shell `{key}` is a word that names no file.
    """
    return PLACEHOLDER.sub(
        lambda found: shlex.quote(values[found[1]]) if values.get(found[1]) else found[0], step.command
    )


def check_of(step: Step, values: Mapping[str, str]) -> str:
    """How to see that the step is done, with the real names."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], step.check)


def values_of(certificate: Certificate) -> dict[str, str]:
    """What the placeholders stand for: `certificate` is its file, `pem` and `key` the files beside it; `topic`, `name`,
    `serial`. One that was not read from a file has no files."""
    values = {"name": certificate.name, "topic": certificate.topic, "serial": certificate.serial}
    if certificate.id.startswith("file:"):
        file = PurePath(certificate.source)
        files = {"certificate": file, "pem": file.with_suffix(".pem"), "key": file.with_suffix(".key")}
        values |= {name: _no_option(str(one)) for name, one in files.items()}
    return values


def _no_option(file: str) -> str:
    """A name that begins with a dash would be taken for an option."""
    return f"./{file}" if file.startswith("-") else file
