"""How a TOML file becomes settings: strictly, and with every fault named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path

import msgspec

from fleet_tui.config import syntax
from fleet_tui.config.problem import ConfigError, ConfigProblem
from fleet_tui.config.reader import Reader
from fleet_tui.config.rules import KeyCheck, key_problems
from fleet_tui.config.schema import Addresses, Config

__all__ = ["ConfigError", "ConfigProblem", "load", "parse"]


def parse(
    text: str, file: str, *, known_keys: Collection[str] | None = None, check_key: KeyCheck | None = None
) -> Config:
    """The settings that `text` holds; `file` is the name that problems are reported under.

    `known_keys` are the ids of the actions and `check_key` judges names of keyboard keys; both come from the app and
    without them the section `keys` is only checked for its types.

    Raises `ConfigError` with all problems.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([ConfigProblem(file, "", syntax.sentence(error, text))]) from error
    reader = Reader(file)
    config = reader.config(table)
    problems = reader.problems + key_problems(table.get("keys"), file, known_keys, check_key)
    if config is None or problems:
        raise ConfigError(problems)
    return msgspec.structs.replace(config, addresses=_without_slash(config.addresses))


def load(path: Path, *, known_keys: Collection[str] | None = None, check_key: KeyCheck | None = None) -> Config:
    """The settings in the file at `path`; see `parse`. Raises `ConfigError`, also when the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError([ConfigProblem(str(path), "", f"cannot be read: {error.strerror or error}")]) from error
    except UnicodeDecodeError as error:
        sentence = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise ConfigError([ConfigProblem(str(path), "", sentence)]) from error
    return parse(text, str(path), known_keys=known_keys, check_key=check_key)


def _without_slash(addresses: Addresses) -> Addresses:
    return Addresses(**{name: value.rstrip("/") for name, value in msgspec.structs.asdict(addresses).items()})
