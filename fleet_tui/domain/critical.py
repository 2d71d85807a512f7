"""The alarm of a critical bug, and what follows it. Domain rules "Bugs", severity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug, group_of, priority_of
from fleet_tui.domain.fill import fill
from fleet_tui.domain.spans import span, until


class Task(Enum):
    """What is to be done of a critical bug, in this order."""

    ALARM = "Alarm raised in Slack"
    CONFIRMED = "Confirmed by product"
    PRIORITY = "Priority label set"
    CUSTOMERS = "Customers and community told"
    PATCH = "Patch release published"
    POSTMORTEM = "Postmortem held"


class Tick(Struct, frozen=True):
    """That a task was done."""

    task: Task
    by: str
    at: datetime


class Incident(Struct, frozen=True):
    """A critical bug's way from the alarm to the postmortem."""

    number: int
    ticks: tuple[Tick, ...] = ()

    def tick_of(self, task: Task) -> Tick | None:
        """Who did `task`, and when; None while it is to do."""
        return next((tick for tick in self.ticks if tick.task is task), None)


def ticked(incident: Incident, task: Task, by: str, now: datetime) -> Incident:
    """With `task` done; whoever did it first stays."""
    if incident.tick_of(task):
        return incident
    return replace(incident, ticks=(*incident.ticks, Tick(task, by, now)))


def unticked(incident: Incident, task: Task) -> Incident:
    """With `task` to do again."""
    return replace(incident, ticks=tuple(tick for tick in incident.ticks if tick.task is not task))


def to_do(incident: Incident, bug: Bug, config: Config) -> tuple[Task, ...]:
    """The tasks that are left. The priority is seen on the bug itself."""
    has_priority = priority_of(bug, config.labels) is not None
    return tuple(
        task for task in Task if (not has_priority if task is Task.PRIORITY else incident.tick_of(task) is None)
    )


def answer_due(incident: Incident, config: Config) -> datetime | None:
    """Until when product has to confirm; None before the alarm, and once it has."""
    alarm = incident.tick_of(Task.ALARM)
    if alarm is None or incident.tick_of(Task.CONFIRMED):
        return None
    return alarm.at + timedelta(minutes=config.bugs.critical_answer_minutes)


def is_unanswered(incident: Incident, now: datetime, config: Config) -> bool:
    """Whether product has let its time pass: the alarm goes to the channel of last resort."""
    due = answer_due(incident, config)
    return due is not None and now >= due


def next_words(incident: Incident, bug: Bug, now: datetime, config: Config) -> str:
    """What is to be done next of it, as a sentence."""
    left, channel = to_do(incident, bug, config), config.slack.escalation_channel
    if Task.ALARM in left:
        return f"Raise the alarm of #{bug.number} in Slack."
    if due := answer_due(incident, config):
        if is_unanswered(incident, now, config):
            waited = span(timedelta(minutes=config.bugs.critical_answer_minutes))
            return f"Product has not confirmed #{bug.number} within {waited}: fall back to {channel}."
        return f"Product has to confirm #{bug.number} {until(due, now)}; then fall back to {channel}."
    return f"Next of #{bug.number}: {_lower(left[0].value)}." if left else f"All is done for #{bug.number}."


def alarm_text(bug: Bug, config: Config) -> str:
    """The message for Slack, in its markup, from `bugs.critical_text`."""
    group = group_of(bug, config)
    values = {
        "number": str(bug.number),
        "title": bug.title,
        "url": bug.url,
        "reporter": bug.author,
        "group": group.label if group else "not known yet",
        "manager": (group.manager if group else "") or "not known yet",
        "product_manager": (group.product_manager if group else "") or "Product",
        "minutes": str(config.bugs.critical_answer_minutes),
        "escalation": config.slack.escalation_channel,
    }
    return fill(config.bugs.critical_text, {name: _plain(value) for name, value in values.items()})


def named_by_alarm(bug: Bug, config: Config) -> Sequence[str]:
    """The GitHub logins whom the alarm is for: the group's manager, product manager and QA lead. Nobody twice."""
    group = group_of(bug, config)
    people = (group.manager, group.product_manager, group.qa_lead) if group else ()
    return tuple(dict.fromkeys(filter(None, people)))


def _plain(text: str) -> str:
    """Slack's escapes: a bug titled `<!channel>` rings nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
