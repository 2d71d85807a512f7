"""Settings: `[on_call]`."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from msgspec import Meta

from fleet_tui.config.section import Login, OptionalLogin, Section, Weekday

Name = Annotated[str, Meta(min_length=1)]
Patterns = tuple[str, ...]
SlackId = Annotated[str, Meta(pattern=r"^([UW][A-Z0-9]+)?\Z", title='a Slack member id such as `U024BE7LH`, or `""`')]
SecretAddress = Literal["calendar", "calendar-2", "calendar-3"]
DEVELOPER = "developer"


class Calendar(Section, frozen=True, kw_only=True):
    """An iCalendar feed. A secret address never stands in this file: `fleet-tui auth set calendar` keeps it."""

    name: Annotated[Name, Meta(description="Name of the rotation that it tells.")] = DEVELOPER
    address: Annotated[
        SecretAddress,
        Meta(description="Name of its secret address: `fleet-tui auth set calendar` (or `… calendar-2`)."),
    ] = "calendar"
    file: Annotated[str, Meta(description="Path of an .ics file, read instead of the secret address.")] = ""
    titles: Annotated[
        tuple[str, ...],
        Meta(
            description="Only entries count in whose title one of these regular expressions is found. None: all count.",
            extra={"rule": "patterns"},
        ),
    ] = ()


class Person(Section, frozen=True, kw_only=True):
    """Somebody who can be on call."""

    name: Annotated[Name, Meta(description="The name, as it is shown and as calendars write it.")]
    login: Annotated[OptionalLogin, Meta(description="GitHub login.")] = ""
    group: Annotated[str, Meta(description="Label of the product group.")] = ""
    also: Annotated[tuple[Name, ...], Meta(description="Other names by which calendars call the same person.")] = ()
    rotation: Annotated[Name, Meta(description="Name of the rotation that the person takes weeks of.")] = DEVELOPER
    slack: Annotated[
        SlackId,
        Meta(description="Id in Slack, for moving the user group at the handover; the profile's menu shows it."),
    ] = ""


class Swap(Section, frozen=True, kw_only=True):
    """Days that somebody else takes, from the handover on the first day. Where two collide, the later entry counts."""

    start: Annotated[date, Meta(description="The first day.")]
    days: Annotated[int, Meta(ge=1, le=366, description="For how many days.")] = 7
    login: Annotated[Login, Meta(description="GitHub login of the person who takes them.")]
    rotation: Annotated[Name, Meta(description="Name of the rotation.")] = DEVELOPER


class OnCall(Section, frozen=True, kw_only=True):
    """Who is on call: from calendars, or by weekly turns in the order of `people`."""

    calendars: Annotated[
        tuple[Calendar, ...], Meta(description="The calendars, one a rotation. What they tell counts before the turns.")
    ] = ()
    people: Annotated[
        tuple[Person, ...],
        Meta(description="The people: whom a name in a calendar means, and the order of the weekly turns."),
    ] = ()
    first_week: Annotated[
        date | None,
        Meta(
            examples=[date(2026, 1, 7)],
            description="A day of any week of the first person of `people`; all other turns follow. Unset: no turns.",
        ),
    ] = None
    swaps: Annotated[tuple[Swap, ...], Meta(description="Exceptions from the weekly turns.")] = ()
    handover_day: Annotated[Weekday, Meta(description="On this day of the week the turn passes on.")] = "wednesday"
    handover_time: Annotated[time, Meta(description="… at this hour, on the clock of the team's zone.")] = time(9)
    weeks_ahead: Annotated[
        int, Meta(ge=1, le=52, description="For so many weeks gaps and overlaps are looked for.")
    ] = 12
    rituals: Annotated[str, Meta(description="Path of the list of rituals (YAML) in the repository.")] = (
        "handbook/engineering/engineering.rituals.yml"
    )
    rituals_file: Annotated[str, Meta(description="Path of such a file on this machine, read instead.")] = ""
    team_members: Annotated[
        tuple[Login, ...],
        Meta(
            description="GitHub logins of the team, beside the members of the organization and who is named elsewhere."
        ),
    ] = ()
    bots: Annotated[
        tuple[Login, ...],
        Meta(description="Accounts that programs use: their pull requests are nobody's, their comments no answer."),
    ] = ("fleet-release",)
    answer_business_days: Annotated[
        int, Meta(ge=1, le=30, description="The community has an answer within so many business days.")
    ] = 1
    answer_warning_hours: Annotated[
        int, Meta(ge=0, le=24, description="So many working hours before that, a missing answer is announced.")
    ] = 2
    test_paths: Annotated[
        Patterns, Meta(description="Files that are tests (patterns as in `.gitignore`), for the conditions of merging.")
    ] = (
        "*_test.go",
        "*.test.ts",
        "*.test.tsx",
        "*.tests.ts",
        "*.tests.tsx",
        "*.test.js",
        "/cypress/",
        "/website/tests/",
    )
    changes_paths: Annotated[
        Patterns, Meta(description="Files that tell users of a change (the same patterns): the changes files.")
    ] = ("/changes/", "/orbit/changes/", "/ee/fleetd-chrome/changes/")
    merge_method: Annotated[
        Literal["squash", "merge", "rebase"], Meta(description="How community pull requests are merged.")
    ] = "squash"
    thanks: Annotated[
        Name, Meta(description="Comment of thanks on a community pull request; `{author}` is who opened it.")
    ] = "Thank you for this contribution, @{author}! We will review it and come back to you within one business day."
    not_now: Annotated[Name, Meta(description="Comment that declines one for the time being.")] = (
        "Thank you for this contribution, @{author}! We cannot take it in right now: it does not fit what we are "
        "working on at present. We have noted the idea, and we will come back to you if that changes."
    )
    needs_tests: Annotated[Name, Meta(description="Comment that asks for tests.")] = (
        "Thank you for this contribution, @{author}! Could you add automated tests for this change? Then we can merge "
        "it with confidence. If you are not sure where they belong, ask here; we are glad to help."
    )
    retrospective: Annotated[
        tuple[Name, ...], Meta(description="The questions that are answered at the end of a week on call.")
    ] = (
        "What were the most common requests from support and the community?",
        "Which documentation page was improved?",
        "How was the rest of the week spent?",
    )
    handoff_issue: Annotated[
        int, Meta(ge=0, description="Number of the issue on which handoff notes can be posted as comments. 0: none.")
    ] = 0
    handoff_steps: Annotated[tuple[Name, ...], Meta(description="What is ticked off when a week on call ends.")] = (
        "The Slack group @oncall is the next developer",
        "Open threads are handed over",
        "Open issues and pull requests are handed over",
        "The retrospective is written",
    )
