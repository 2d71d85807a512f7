"""Walks a parsed file beside the schema and notes every fault on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Any, TypeVar, get_args, get_origin
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from fleet_tui.config import toml
from fleet_tui.config.kinds import item, kind, meta, plain, shown
from fleet_tui.config.problem import ConfigProblem
from fleet_tui.config.rules import RULES, did_you_mean
from fleet_tui.config.schema import Config, Tokens
from fleet_tui.config.section import Section

S = TypeVar("S", bound=Section)


class Reader:
    """Turns tables into sections. Where a value is wrong, a problem is noted and None stands in for the value."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[ConfigProblem] = []

    def config(self, table: Mapping[str, Any]) -> Config | None:
        """All settings, or None when there are problems."""
        return self._section(Config, table, "")

    def _section(self, section: type[S], table: Any, where: str) -> S | None:
        if not isinstance(table, dict):
            heading = f"[[{where.partition('[')[0]}]]" if where.endswith("]") else f"[{where}]"
            self._wrong(where, f"must be a table (`{heading}`), not {shown(table)}")
            return None
        before = len(self.problems)
        fields = _fields(section)
        values = {}
        for name, value in table.items():
            key = f"{where}.{toml.key(name)}" if where else toml.key(name)
            if name in fields:
                values[name] = self._value(fields[name].type, value, key)
            else:
                self._wrong(key, unknown_key(section, name))
        for name in [name for name, field in fields.items() if field.required and name not in values]:
            self._wrong(f"{where}.{name}", "is missing")
        return section(**values) if len(self.problems) == before else None

    def _value(self, hint: Any, value: Any, key: str) -> Any:
        base, before = plain(hint), len(self.problems)
        if isinstance(base, type) and issubclass(base, Section):
            value = self._section(base, value, key)
        elif item(hint) is not None:
            value = self._list(hint, value, key)
        elif get_origin(base) is dict:
            value = self._dict(hint, value, key)
        else:
            value = self._scalar(hint, value, key)
        rule = (meta(hint, "extra") or {}).get("rule")
        if rule and len(self.problems) == before and (fault := RULES[rule](value)):
            self._wrong(key, fault)
        return value

    def _list(self, hint: Any, value: Any, key: str) -> tuple[Any, ...] | None:
        if not isinstance(value, list) or len(value) < (meta(hint, "min_length") or 0):
            self._wrong(key, f"must be {kind(hint)}, not {shown(value)}")
            return None
        return tuple(self._value(item(hint), entry, f"{key}[{index}]") for index, entry in enumerate(value))

    def _dict(self, hint: Any, value: Any, key: str) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            self._wrong(key, f"must be a table (`[{key}]`), not {shown(value)}")
            return None
        entry = get_args(plain(hint))[1]
        return {name: self._value(entry, part, f"{key}.{toml.key(name)}") for name, part in value.items()}

    def _scalar(self, hint: Any, value: Any, key: str) -> Any:
        if isinstance(value, str) and not value.isprintable():
            self._wrong(key, f"must be one line without control characters, not {shown(value)}")
            return None
        try:
            return msgspec.convert(value, hint, dec_hook=_decode, builtin_types=(date, time))
        except msgspec.ValidationError:
            self._wrong(key, f"must be {kind(hint)}, not {shown(value)}{_advice(hint, value)}")
            return None

    def _wrong(self, key: str, sentence: str) -> None:
        self.problems.append(ConfigProblem(self.file, key, sentence))


@cache
def _fields(section: type[Section]) -> dict[str, msgspec.structs.FieldInfo]:
    """By name; to find the types is most of the work of reading settings."""
    return {field.name: field for field in msgspec.structs.fields(section)}


def unknown_key(section: type[Section], name: str) -> str:
    """What to say of a key that `section` does not have: what was probably meant, or where it belongs."""
    if section is Tokens or "token" in name:
        return "is no setting: tokens never stand in this file; store them with `fleet-tui auth set`"
    own = [field.name for field in msgspec.structs.fields(section)]
    if meant := did_you_mean(name, own):
        return f"is no setting{meant}"
    homes = [
        f"{home.name}.{name}"
        for home in msgspec.structs.fields(Config)
        if name in getattr(plain(home.type), "__struct_fields__", ())
    ]
    return f"is no setting{f'; it belongs to `{homes[0]}`' if homes else ''}"


def _advice(hint: Any, value: Any) -> str:
    if plain(hint) is ZoneInfo and isinstance(value, str):
        return did_you_mean(value, available_timezones())
    return "; a name with dots stands in quotes" if isinstance(value, dict) else ""


def _decode(wanted: type, value: Any) -> ZoneInfo:
    """msgspec's hook for the one type of the schema that it does not know."""
    if wanted is not ZoneInfo or not isinstance(value, str):
        raise TypeError(wanted)
    try:
        return ZoneInfo(value)
    except (LookupError, OSError) as error:
        # "America" is a directory of the zone files, hence OSError.
        raise ValueError(value) from error
