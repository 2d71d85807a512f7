"""The demo world: lifelike, and the same for the same arguments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.simulator.lively import happen
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.seed.pull_seeds import PULLS, UNBLOCKED
from fleet_tui.simulator.seed.schedule import due_on, mid_freeze
from fleet_tui.simulator.seed.stories import STORIES
from fleet_tui.simulator.world import FixedClock, Issue, World
from tests.simulator.support import NOW

PACIFIC = ZoneInfo("America/Los_Angeles")


def summary(world: World) -> list[object]:
    return [
        (issue.number, issue.title, issue.body, issue.updated_at, issue.label_names, len(issue.events))
        for issue in world.repo().issues.values()
    ]


def open_with(world: World, *labels: str) -> list[Issue]:
    issues = world.repo().issues.values()
    return [issue for issue in issues if issue.state == "open" and set(labels) <= set(issue.label_names)]


def test_it_is_deterministic() -> None:
    assert summary(demo_world(NOW)) == summary(demo_world(NOW))
    assert summary(demo_world(NOW)) != summary(demo_world(NOW, seed=8))


def test_nothing_happens_after_now(demo: World) -> None:
    for issue in demo.repo().issues.values():
        assert issue.created_at <= issue.updated_at <= NOW
        times = [event.at for event in issue.events if event.kind != "cross-referenced"]
        assert times == sorted(times)


def test_it_is_frozen_with_two_exceptions(demo: World) -> None:
    branch = demo.merge_freeze.branch()
    assert (branch.frozen, branch.frozen_by, branch.unblocked) == (True, "lukeheath", list(UNBLOCKED))
    main = demo.repo().pulls(base="main", state="open")
    assert len(main) == len(PULLS) - 1
    free = [pull.number for pull in main if pull.head.latest_statuses()[-1].state == "success"]
    assert free == list(UNBLOCKED)


def test_bugs_in_every_state(demo: World) -> None:
    bugs = [bug for bug in open_with(demo, "bug") if bug.node_prefix == "I"]
    assert 55 <= len(bugs) <= 70
    inbox = [bug for bug in open_with(demo, "bug", ":reproduce") if not bug.assignees]
    acknowledged = [bug for bug in open_with(demo, "bug", ":reproduce") if bug.assignees]
    orphans = [bug for bug in bugs if not {":reproduce", ":release", ":product"} & set(bug.label_names)]
    assert (len(inbox), len(acknowledged), len(orphans)) == (8, 10, 1)
    assert len(open_with(demo, "bug", ":product")) == 9
    assert len(open_with(demo, "bug", ":incoming")) == 5
    assert [bug.number for bug in open_with(demo, "~critical bug")] == [16963]
    assert [bug.number for bug in open_with(demo, "~release blocker")] == [16940]


def test_stories_that_are_partly_merged(demo: World) -> None:
    partly = [seed.number for seed in STORIES if seed.merged and not seed.done]
    assert partly == [16321, 16324, 16327]
    for number in partly:
        story = demo.issue(number)
        sources = [event.source for event in story.events if event.source]
        assert story.state == "open"
        assert {source.state for source in sources} == {"open", "closed"}


def test_the_release_qa_issue(demo: World) -> None:
    issue = demo.issue(17270)
    assert issue.title == "Release QA: 4.45.0"
    assert issue.body.count("\r\n") == issue.body.count("\n") > 100
    assert not issue.body.startswith("---")
    assert issue.body.count("<td>pass/fail</td>") == 11
    assert {edit.editor.login for edit in issue.edits} == {"lukeheath", "sabrinabuckets", "xpkoala"}


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001 - the zone is set below
def test_now_is_always_in_the_freeze(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    schedule = mid_freeze(now)
    frozen, release = schedule.frozen_at.astimezone(PACIFIC), schedule.release_at.astimezone(PACIFIC)
    assert frozen <= now < release - timedelta(hours=24)
    assert (frozen.weekday(), frozen.hour) == (1, 9)
    assert release.hour == 9
    assert due_on(schedule.day).astimezone(PACIFIC).hour == 0
    # from the small hours of Monday on no release day fits: the branch is frozen early
    local = now.astimezone(PACIFIC)
    begun_early = release - frozen > timedelta(days=7, hours=1)
    assert not begun_early or local.weekday() in {0, 1}


def test_life_goes_on(demo: World) -> None:
    demo.now = FixedClock(NOW + timedelta(minutes=1))
    before = summary(demo)
    for _ in range(40):
        happen(demo)
    assert summary(demo) != before
