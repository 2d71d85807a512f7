"""How the coming release stands, as the screen shows it and the state file keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from fleet_tui.config.dependencies import Dependencies
from fleet_tui.domain.calendars import Event
from fleet_tui.domain.problem import Problem
from fleet_tui.domain.release_qa import version_in
from fleet_tui.domain.release_state import GroupState, QaState, ReleaseState
from fleet_tui.domain.upstream import Release


class Standing(Struct, frozen=True):
    """What GitHub and the releases calendar say of the coming release. None: it could not be read."""

    version: str
    missing: tuple[str, ...] = ()
    """What is missing before it can start, each without a full stop, as `fleet-tui release status` says it."""
    groups: tuple[GroupState, ...] = ()
    blockers: tuple[int, ...] | None = None
    """Numbers of the open release blockers, then of the unreleased bugs."""
    titles: Mapping[int, str] = {}
    """Theirs."""
    qa_issue: int | None = None
    """0 when there is none yet."""
    is_published: bool | None = None
    published: datetime | None = None
    url: str = ""
    """Of the release on GitHub; empty while there is none."""
    calendar_day: date | None = None
    calendar_trouble: str = ""
    """Why the calendar tells no day, as a sentence; empty when it does, or when none is configured."""


def standing(
    state: ReleaseState, releases: tuple[Release, ...] | Problem, day: date | Problem | None, settings: Dependencies
) -> Standing:
    """`state` with what was published, and the calendar's `day`."""
    seen = state.seen
    out, known = _published(releases, f"{settings.release_tag_prefix}{seen.version}"), not isinstance(releases, Problem)
    titles: dict[int, str] | None = None
    if not isinstance(seen.blockers, Problem) and not isinstance(seen.unreleased, Problem):
        titles = {bug.number: bug.title for bug in (*seen.blockers, *seen.unreleased)}
    return Standing(
        version=seen.version,
        missing=state.missing,
        groups=state.groups,
        blockers=None if titles is None else tuple(titles),
        titles=titles or {},
        qa_issue=_qa_issue(seen.qa),
        is_published=out is not None if known else None,
        published=out.published if out else None,
        url=out.url if out else "",
        calendar_day=day if isinstance(day, date) else None,
        calendar_trouble=day.text if isinstance(day, Problem) else "",
    )


def _published(releases: tuple[Release, ...] | Problem, tag: str) -> Release | None:
    if isinstance(releases, Problem):
        return None
    return next((one for one in releases if one.tag == tag and not (one.draft or one.prerelease)), None)


def _qa_issue(qa: QaState | Problem | None) -> int | None:
    if isinstance(qa, Problem):
        return None
    return qa.number if qa else 0


def release_day(events: Iterable[Event], version: str, zone: ZoneInfo) -> date | None:
    """The day of the entry whose title names `version`, in the team's `zone`; None when there is none.

    Of several the last one counts: a release that was put off is entered anew.
    """
    found = (event for event in events if version_in(event.title) == version)
    last = max(found, key=lambda event: event.start, default=None)
    return last.start.astimezone(zone).date() if last else None
