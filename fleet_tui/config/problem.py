"""What is wrong with a configuration file, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class ConfigProblem(Struct, frozen=True):
    """One fault of the file: where (`key` is dotted, empty for the file as a whole) and what."""

    file: str
    key: str
    sentence: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.sentence) if part)


class ConfigError(Exception):
    """The file is not usable; `problems` holds every fault that was found, in the order of the file."""

    def __init__(self, problems: Iterable[ConfigProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
