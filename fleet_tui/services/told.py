"""Asking several systems at once, where one that fails must not take the others with it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from fleet_tui.domain.problem import Failure, Problem

T = TypeVar("T")


async def told(asked: Coroutine[Any, Any, T]) -> T | Problem:
    """The answer, or why there is none."""
    try:
        return await asked
    except Failure as failure:
        return failure.problem
