"""Answers kept with their ETag, to be asked for again at no cost."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Cached(Struct, frozen=True):
    """An answer kept to be asked for again by its ETag."""

    etag: str
    body: bytes
    link: str = ""


class Cache(Protocol):
    """Where answers are kept between polls and runs."""

    def cached(self, key: str) -> Cached | None:
        """The answer kept under `key`."""

    def keep(self, key: str, answer: Cached) -> None:
        """Keep `answer` under `key`."""

    def forget(self, key: str) -> None:
        """Keep nothing under `key` any more."""


class MemoryCache:
    """A cache for as long as the program runs."""

    def __init__(self) -> None:
        self._answers: dict[str, Cached] = {}

    def cached(self, key: str) -> Cached | None:
        """The answer kept under `key`."""
        return self._answers.get(key)

    def keep(self, key: str, answer: Cached) -> None:
        """Keep `answer` under `key`."""
        self._answers[key] = answer

    def forget(self, key: str) -> None:
        """Keep nothing under `key` any more."""
        self._answers.pop(key, None)
