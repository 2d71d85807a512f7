"""The list of issues and pull requests in the order in which they were touched: whatever changes is seen.

Pages are not counted but continued from the time of the last entry: what is touched while the list is read moves to
its end, and would push others over the edge of a counted page.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from fleet_tui.services.github import GitHub

PAGE = 100
SAME_SECOND = timedelta(seconds=1)
LAST_PAGE = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')


class Dated(Protocol):
    """An entry of the list."""

    number: int
    updated_at: datetime


T = TypeVar("T", bound=Dated)


class Slice(Struct, Generic[T], frozen=True):
    """The next entries, the longest untouched first; one that is touched meanwhile comes again."""

    entries: list[T]
    total: int
    """About how many there are in the whole list."""


async def touched_since(
    github: GitHub,
    since: datetime | None,
    type_: type[list[T]],
    query: Mapping[str, str] | None = None,
    *,
    conditional: bool = True,
) -> AsyncIterator[Slice[T]]:
    """Whatever was touched at `since` or later (None: ever), open and closed, narrowed by `query`.

    One request for each 100. Raises `Failure`.
    """
    seen: set[tuple[int, datetime]] = set()
    total, page = 0, 1
    while True:
        asked: dict[str, str | int] = {"state": "all", "sort": "updated", "direction": "asc", **(query or {})}
        if since is not None:
            asked["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked |= {"per_page": PAGE, "page": page}
        answer = await github.http.get(github.service, f"{github.path}/issues", asked, conditional=conditional)
        entries = answer.decode(type_)
        total = total or _total(answer.link, len(entries))
        yield Slice([one for one in entries if (one.number, one.updated_at) not in seen], total)
        if len(entries) < PAGE:
            return
        seen.update((one.number, one.updated_at) for one in entries)
        # A second back, where others may stand that were touched in the same one. That is no way on when all were.
        reached = entries[-1].updated_at - SAME_SECOND
        since, page = (reached, 1) if reached > entries[0].updated_at else (since, page + 1)


def _total(link: str, entries: int) -> int:
    last = LAST_PAGE.search(link)
    return int(last[1]) * PAGE if last else entries
