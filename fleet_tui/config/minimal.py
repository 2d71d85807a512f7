"""A configuration file with nothing but what differs from the defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from fleet_tui.config import toml
from fleet_tui.config.reference import default
from fleet_tui.config.schema import Config
from fleet_tui.config.section import Section

HEAD = """\
# Settings of fleet-tui: only what differs from the defaults. docs/config.md has them all;
# `fleet-tui config show` prints what is in force, `fleet-tui config check` names what is wrong.
"""


def minimal(config: Config) -> str:
    """The settings as TOML, which reads as `config` again. A list of tables that has been emptied cannot be told."""
    return "\n".join([HEAD, *(f"{table}\n" for table in _tables("", config) if table)])


def _tables(name: str, section: Section) -> Iterator[str]:
    """A table with the values of `section`, then those inside it; nothing of what is as usual."""
    values, inner = [], []
    for field, value in _changed(section):
        path = f"{name}.{toml.key(field)}" if name else toml.key(field)
        if isinstance(value, dict):
            inner.append("\n".join([f"[{path}]", *(_line(one, entry) for one, entry in value.items())]))
        elif isinstance(value, Section):
            inner += _tables(path, value)
        elif isinstance(value, tuple) and any(isinstance(entry, Section) for entry in value):
            inner += [_entry(path, entry) for entry in value]
        else:
            values.append(_line(field, value))
    if values:
        yield "\n".join([f"[{name}]", *values])
    yield from inner


def _entry(path: str, section: Section) -> str:
    return "\n".join([f"[[{path}]]", *(_line(field, value) for field, value in _changed(section))])


def _changed(section: Section) -> Iterator[tuple[str, Any]]:
    for field in msgspec.structs.fields(section):
        value = getattr(section, field.name)
        if value != default(field):
            yield field.name, value


def _line(name: str, value: Any) -> str:
    return f"{toml.key(name)} = {toml.literal(value)}"
