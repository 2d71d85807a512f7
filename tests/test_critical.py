"""The alarm of a critical bug, and what follows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.critical import (
    Incident,
    Task,
    alarm_text,
    answer_due,
    is_unanswered,
    named_by_alarm,
    next_words,
    ticked,
    to_do,
    unticked,
)
from tests.bugs import bug
from tests.helpers import NOW, config

CONFIG = Config()
BUG = bug("~critical bug", "#g-mdm", title="Migration <!channel> & loss", url="https://github.com/x/1")
RAISED = ticked(Incident(7), Task.ALARM, "mna", NOW)
MINUTE = timedelta(minutes=1)


def test_the_alarm_says_what_and_whom() -> None:
    assert alarm_text(BUG, CONFIG) == (
        ":rotating_light: Critical bug #7: Migration &lt;!channel&gt; &amp; loss https://github.com/x/1 – group "
        "#g-mdm, engineering manager georgekarrv. noahtalerman, please confirm within 60 minutes; otherwise this goes "
        "to #help-p1."
    )
    assert named_by_alarm(BUG, CONFIG) == ("georgekarrv", "noahtalerman", "sabrinabuckets")


def test_without_a_group_it_names_nobody() -> None:
    text = alarm_text(bug("~critical bug"), CONFIG)
    assert "group not known yet" in text
    assert "Product, please confirm" in text
    assert named_by_alarm(bug("~critical bug"), CONFIG) == ()


def test_text_time_and_channel_are_settings() -> None:
    own = config(
        bugs={"critical_text": "{number} by {reporter}: {minutes} min, {escalation}", "critical_answer_minutes": 5},
        slack={"escalation_channel": "#fire"},
    )
    assert alarm_text(BUG, own) == "7 by outsider: 5 min, #fire"
    assert answer_due(RAISED, own) == NOW + 5 * MINUTE
    assert next_words(RAISED, BUG, NOW + 5 * MINUTE, own).endswith("fall back to #fire.")


def test_product_has_an_hour() -> None:
    assert answer_due(Incident(7), CONFIG) is None
    assert answer_due(RAISED, CONFIG) == NOW + 60 * MINUTE
    assert not is_unanswered(RAISED, NOW + 59 * MINUTE, CONFIG)
    assert is_unanswered(RAISED, NOW + 60 * MINUTE, CONFIG)
    confirmed = ticked(RAISED, Task.CONFIRMED, "noahtalerman", NOW + 5 * MINUTE)
    assert not is_unanswered(confirmed, NOW + 90 * MINUTE, CONFIG)
    assert is_unanswered(unticked(confirmed, Task.CONFIRMED), NOW + 90 * MINUTE, CONFIG)


@pytest.mark.parametrize(
    ("done", "minutes", "words"),
    [
        ([], 0, "Raise the alarm of #7 in Slack."),
        ([Task.ALARM], 20, "Product has to confirm #7 in 40 min; then fall back to #help-p1."),
        ([Task.ALARM], 60, "Product has not confirmed #7 within 1 h: fall back to #help-p1."),
        ([Task.ALARM, Task.CONFIRMED], 90, "Next of #7: priority label set."),
        ([Task.ALARM, Task.CONFIRMED, Task.CUSTOMERS, Task.PRIORITY], 90, "Next of #7: priority label set."),
    ],
)
def test_what_is_to_be_done_next(done: list[Task], minutes: int, words: str) -> None:
    incident = Incident(7)
    for task in done:
        incident = ticked(incident, task, "mna", NOW)
    assert next_words(incident, BUG, NOW + minutes * MINUTE, CONFIG) == words


def test_the_priority_is_seen_on_the_bug() -> None:
    with_priority = bug("~critical bug", "P0")
    assert Task.PRIORITY in to_do(RAISED, BUG, CONFIG)
    assert to_do(RAISED, with_priority, CONFIG) == (Task.CONFIRMED, Task.CUSTOMERS, Task.PATCH, Task.POSTMORTEM)
    all_done = RAISED
    for task in to_do(RAISED, with_priority, CONFIG):
        all_done = ticked(all_done, task, "mna", NOW)
    assert next_words(all_done, with_priority, NOW, CONFIG) == "All is done for #7."


def test_who_did_a_task_first_stays() -> None:
    again = ticked(RAISED, Task.ALARM, "getvictor", NOW + MINUTE)
    assert again is RAISED
    tick = again.tick_of(Task.ALARM)
    assert tick
    assert (tick.by, tick.at) == ("mna", NOW)
    assert unticked(again, Task.ALARM) == Incident(7)
