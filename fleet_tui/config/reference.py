"""The settings described for people, made from the schema: docs/config.md, the file of `config init`, `config show`.

`python -m fleet_tui.config.reference` prints docs/config.md; with `--write` it brings the file up to date.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from fleet_tui.config import toml
from fleet_tui.config.kinds import item, kind_with_entries, meta, plain
from fleet_tui.config.schema import Config
from fleet_tui.config.section import Section

INTRODUCTION = """\
# Settings

*Made from `fleet_tui/config/schema.py` by `python -m fleet_tui.config.reference --write`; do not edit.*

One TOML file: `fleet-tui config path` says where, `fleet-tui config init` writes one with every setting commented
out, `fleet-tui config check` names what is wrong in it, `fleet-tui config show` prints what is in force. The option
`--config PATH` or the variable `FLEET_TUI_CONFIG` names another file. Whatever is left out has its default, which is
Fleet's practice. Unknown keys are refused.

Tokens do not stand in this file: see `fleet-tui auth --help`.
"""
TEMPLATE_HEAD = """\
# Settings of fleet-tui. Every setting is here with its default: take away the `#` directly before one to change it.
# `fleet-tui config check` names what is wrong. Tokens do not belong here: `fleet-tui auth set github`.
"""


def markdown() -> str:
    """The text of docs/config.md: a table for each section of the file."""
    return "\n".join([INTRODUCTION, *map(_chapter, fields(Config))])


def template() -> str:
    """A file with every setting and its default, commented out: words after `# `, settings after `#`."""
    return "\n".join([TEMPLATE_HEAD, *("\n".join(_commented(field)) + "\n" for field in fields(Config))])


def show(config: Config) -> str:
    """All settings in force as TOML, which reads as `config` again; those that are not the default are marked."""
    # TOML wants values before tables, so an empty list of tables comes first.
    values = [f"{field.name} = []  # set\n" for field in fields(Config) if getattr(config, field.name) == ()]
    tables = ["\n".join(_in_force(field, getattr(config, field.name))) + "\n" for field in fields(Config)]
    return "\n".join([*values, *(table for table in tables if table.strip())])


def default(field: FieldInfo) -> Any:
    """The field's default; `msgspec.NODEFAULT` when it has to be given."""
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def section_of(field: FieldInfo) -> type[Section] | None:
    """The section behind a field of `Config`: its own, or that of its entries; None for a table of free names."""
    inner = item(field.type) or plain(field.type)
    return inner if isinstance(inner, type) and issubclass(inner, Section) else None


def _heading(field: FieldInfo) -> str:
    return f"[[{field.name}]]" if item(field.type) else f"[{field.name}]"


def _meaning(field: FieldInfo) -> str:
    section = section_of(field)
    return str(meta(field.type, "description") or (section and section.__doc__) or "")


def _chapter(field: FieldInfo) -> str:
    section = section_of(field)
    inner = [_inner_chapter(field.name, setting) for setting in (fields(section) if section else ())]
    return f"## `{_heading(field)}`\n\n{_meaning(field)}\n{_table(section)}{_preset(field)}{''.join(inner)}"


def _inner_chapter(outer: str, field: FieldInfo) -> str:
    """Of a table inside a section, or of a list of them; nothing for any other setting."""
    section = section_of(field)
    if section is None:
        return ""
    heading = f"[[{outer}.{field.name}]]" if item(field.type) else f"[{outer}.{field.name}]"
    return f"\n### `{heading}`\n\n{section.__doc__}\n{_table(section)}"


def _table(section: type[Section] | None) -> str:
    rows = "".join(map(_row, fields(section))) if section else ""
    return f"\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n{rows}" if rows else ""


def _row(field: FieldInfo) -> str:
    cells = (f"`{field.name}`", kind_with_entries(field.type), _default_in_words(field), _meaning(field))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _default_in_words(field: FieldInfo) -> str:
    value = default(field)
    if value is msgspec.NODEFAULT:
        return "must be given"
    return "unset" if value is None else f"`{toml.literal(value)}`"


def _preset(field: FieldInfo) -> str:
    """The default of a list of sections, which no table cell could hold."""
    if not item(field.type):
        return ""
    return "\nThe default:\n\n```toml\n" + "\n\n".join(map("\n".join, _entries(field, default(field)))) + "\n```\n"


def _commented(field: FieldInfo) -> Iterator[str]:
    yield from _words(_meaning(field))
    section = section_of(field)
    if item(field.type):
        for entry in _entries(field, default(field)):
            yield from (f"#{line}" for line in entry)
        return
    yield _heading(field)
    for setting in fields(section) if section else ():
        yield from _words(f"{_meaning(setting)} {_sentence(kind_with_entries(setting.type))}")
        value = default(setting)
        example = (meta(setting.type, "examples") or [""])[0]
        yield f"#{_line(setting.name, value)}" if value is not None else f"# {_line(setting.name, example)}"


def _in_force(field: FieldInfo, value: Any) -> Iterator[str]:
    if item(field.type):
        mark = "" if value == default(field) else "  # set"
        for heading, *lines in _entries(field, value):
            yield from (heading + mark, *lines, "")
        return
    yield _heading(field)
    if get_origin(plain(field.type)) is dict:
        yield from (f"{_line(name, entry)}  # set" for name, entry in value.items())
        return
    for setting in fields(type(value)):
        entry = getattr(value, setting.name)
        if entry is None:
            yield f"# {setting.name} is unset"
        else:
            yield _line(setting.name, entry) + ("" if entry == default(setting) else "  # set")


def _entries(field: FieldInfo, values: tuple[Section, ...]) -> Iterator[list[str]]:
    for value in values:
        lines = [_line(name, entry) for name, entry in msgspec.structs.asdict(value).items()]
        yield [_heading(field), *lines]


def _line(name: str, value: Any) -> str:
    return f"{toml.key(name)} = {toml.literal(value)}"


def _sentence(kind: str) -> str:
    return f"{kind[0].upper()}{kind[1:]}."


def _words(text: str) -> list[str]:
    return textwrap.wrap(text, 110, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _main(arguments: list[str]) -> None:
    if arguments == ["--write"]:
        (Path(__file__).parents[2] / "docs" / "config.md").write_text(markdown(), encoding="utf-8")
    else:
        sys.stdout.write(markdown())


if __name__ == "__main__":
    _main(sys.argv[1:])
