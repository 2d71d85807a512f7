"""Kinds of values on the command line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

HOURS = {"h": 1, "d": 24, "w": 7 * 24}


class Span(click.ParamType):  # type: ignore[type-arg]
    """A span of time such as `14d`, `36h` or `2w`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Raises click's usage error for anything else."""
        found = span_in(str(value))
        if found is None:
            self.fail(f"{value!r} is no span of time such as 14d, 36h or 2w", param, ctx)
        return found


def span_in(text: str) -> timedelta | None:
    """The span that `text` names; None when it names none."""
    found = re.fullmatch(r"([0-9]{1,5})([hdw])", text)
    return timedelta(hours=int(found[1]) * HOURS[found[2]]) if found else None


def since(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a span before `now`, a day (its midnight) or a time names; without a zone of its own in `zone`.

    Raises `click.BadParameter` for anything else.
    """
    try:
        if (span := span_in(text)) is not None:
            return now - span
        given = datetime.fromisoformat(text)
        return given if given.tzinfo else given.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        sentence = f"{text!r} is no span such as 14d, no day such as 2026-01-31, no time such as 2026-01-31T14:00"
        raise click.BadParameter(sentence, param_hint="'--since'") from None
