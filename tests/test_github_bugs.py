"""All open bugs: that none is missed, and that keeping them current costs what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.bugs import Bug
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services import github_bugs
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_bug_history import BATCH
from fleet_tui.services.github_bugs import (
    ALL_ANEW_EVERY,
    BATCHES_A_READ,
    CLOSED_KEPT,
    COUNTED_EVERY,
    SHARES,
    OpenBugs,
)
from fleet_tui.services.github_touched import PAGE
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, Issue, Repository, World
from tests.helpers import NOW, ago


@pytest.fixture
def repo(world: World) -> Repository:
    return world.repo()


@pytest.fixture
def open_bugs(github: GitHub, settings_there: Config, clock: FixedClock) -> OpenBugs:
    return OpenBugs(github, settings_there, clock)


def report(repo: Repository, count: int = 1, *labels: str, **fields: Any) -> list[Issue]:
    given = {"by": "outsider", "labels": ("bug", ":reproduce", *labels)} | fields
    return [repo.open_issue(f"Bug {number}", **given) for number in range(count)]


async def requests(simulator: Simulator, bugs: OpenBugs) -> list[str]:
    """What one read asks for: method, and status of the answer."""
    simulator.requests.clear()
    await bugs.read()
    return [f"{entry.method} {entry.status}" for entry in simulator.requests]


async def settle(bugs: OpenBugs, clock: FixedClock) -> None:
    """Read until nothing is new and every timeline is there."""
    for _ in range(20):
        clock.advance(seconds=60)
        await bugs.read()
        if not bugs.is_unsettled:
            await bugs.read()
            return
    raise AssertionError("the reads do not come to rest")


async def numbers(bugs: OpenBugs) -> list[int]:
    return [bug.number for bug in await bugs.read()]


async def test_all_that_the_rules_need_is_read(repo: Repository, open_bugs: OpenBugs, clock: FixedClock) -> None:
    milestone = repo.add_milestone("4.70.0-tentative", by="mna")
    (issue,) = report(repo, milestone=milestone, number=7)
    issue.rename("It \x1b[31mbreaks", by="mna")
    clock.advance(minutes=1)
    issue.assign("xpkoala", "mna", by="xpkoala")
    issue.comment("Which version?", by="xpkoala")
    assert await open_bugs.read() == (
        Bug(
            7,
            "It [31mbreaks",
            "https://github.com/fleetdm/fleet/issues/7",
            "outsider",
            NOW,
            NOW + timedelta(minutes=1),
            frozenset({"bug", ":reproduce"}),
            ("xpkoala", "mna"),
            comments=1,
            milestone="4.70.0-tentative",
        ),
    )


async def test_open_bugs_and_those_closed_of_late(repo: Repository, open_bugs: OpenBugs, clock: FixedClock) -> None:
    here, closed, old, touched = report(repo, 4, at=ago(days=200))
    repo.open_issue("A story", by="mna", labels=["story"])
    repo.open_pull("Mends it", by="mna", labels=["bug"])
    closed.close(by="mna", at=ago(days=3))
    old.close(by="mna", at=ago(days=92))
    touched.close(by="mna", at=ago(days=92))
    touched.comment("Still?", by="mna")
    assert {bug.number: bug.closed for bug in await open_bugs.read()} == {
        here.number: None,
        closed.number: ago(days=3),
    }
    await settle(open_bugs, clock)
    clock.advance(days=CLOSED_KEPT.days - 2)
    assert await numbers(open_bugs) == [here.number]


async def test_a_poll_costs_one_request_however_many_changed(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    bugs = report(repo, 120, at=ago(days=3))
    assert await requests(simulator, open_bugs) == ["GET 200", "GET 200", "GET 200"]  # two pages, none closed
    await settle(open_bugs, clock)
    assert await requests(simulator, open_bugs) == ["GET 304"]
    for bug in bugs[:40]:
        bug.add_labels("P1", by="mna")
    assert await requests(simulator, open_bugs) == ["GET 200"]
    # Then the timelines of those that changed; it is another `since`, so the first answer cannot be a 304.
    assert await requests(simulator, open_bugs) == ["GET 200", "POST 200"]
    assert await requests(simulator, open_bugs) == ["GET 304"]


async def test_nothing_new_is_the_same_object(repo: Repository, open_bugs: OpenBugs, clock: FixedClock) -> None:
    report(repo, 3)
    await settle(open_bugs, clock)
    before = await open_bugs.read()
    repo.open_issue("A story", by="mna")
    assert await open_bugs.read() is before


async def test_every_way_in_which_a_bug_comes_and_goes(
    repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    stays, closed, unlabelled, reopened = report(repo, 4, at=ago(days=200))
    reopened.close(by="mna", at=ago(days=150))
    story = repo.open_issue("A story", by="mna", at=ago(days=9))
    assert await numbers(open_bugs) == [stays.number, closed.number, unlabelled.number]
    clock.advance(minutes=5)
    closed.close(by="mna")
    unlabelled.remove_label("bug", by="mna")
    reopened.reopen(by="mna")
    story.add_labels("Bug", by="mna")
    (new,) = report(repo)
    found = {bug.number: bug.closed is None for bug in await open_bugs.read()}
    assert found == {
        stays.number: True,
        closed.number: False,
        reopened.number: True,
        story.number: True,
        new.number: True,
    }


# Nothing is missed ---------------------------------------------------------------------------------------------------


async def test_more_touched_in_one_second_than_a_page_holds(repo: Repository, open_bugs: OpenBugs) -> None:
    bugs = report(repo, 2 * PAGE + 30)
    assert await numbers(open_bugs) == [bug.number for bug in bugs]


async def test_a_full_page_and_no_more(simulator: Simulator, repo: Repository, open_bugs: OpenBugs) -> None:
    report(repo, PAGE, at=ago(days=1))
    assert len(await open_bugs.read()) == PAGE


class Between:
    """Does something in the world after so many answers."""

    def __init__(
        self, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, github: GitHub, after: int, do: Any
    ) -> None:
        original, count = github.http.get, 0

        async def get(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            answer = await original(*arguments, **options)
            count += 1
            if count == after:
                do()
            return answer

        monkeypatch.setattr(github.http, "get", get)


async def test_what_changes_while_pages_are_read_hides_no_other(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs = [report(repo, at=ago(minutes=1000 - number))[0] for number in range(250)]

    def close_some() -> None:
        for bug in bugs[:50]:
            bug.close(by="mna")

    Between(simulator, monkeypatch, github, 1, close_some)
    found = await open_bugs.read()
    assert [bug.number for bug in found] == [bug.number for bug in bugs]
    assert {bug.number for bug in found if bug.closed} == {bug.number for bug in bugs[:50]}


async def test_what_changes_after_its_page_was_read_is_seen_by_the_next_poll(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, github: GitHub, monkeypatch: pytest.MonkeyPatch,
    clock: FixedClock,
) -> None:  # fmt: skip
    bugs = report(repo, 2)
    Between(simulator, monkeypatch, github, 2, lambda: bugs[0].close(by="mna"))  # the list of closed ones was the last
    assert [bug.closed for bug in await open_bugs.read()] == [None, None]
    clock.advance(minutes=1)
    assert [bug.closed is None for bug in await open_bugs.read()] == [False, True]


async def test_an_old_copy_changes_nothing_back(
    repo: Repository, open_bugs: OpenBugs, clock: FixedClock, settings_there: Config, github: GitHub
) -> None:
    report(repo)
    await settle(open_bugs, clock)
    (bug,) = await open_bugs.read()
    seeded = OpenBugs(github, settings_there, clock, known=[replace(bug, updated=clock(), title="New")])
    assert [one.title for one in await seeded.read()] == ["New"]


async def test_deleted_and_transferred_issues_go_when_they_were_counted_twice(
    simulator: Simulator, world: World, repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    stays, deleted, transferred = report(repo, 3, at=ago(days=2))
    await settle(open_bugs, clock)
    repo.delete(deleted.number)
    repo.transfer(transferred.number, world.add_repo("fleetdm/confidential"))
    assert await requests(simulator, open_bugs) == ["GET 304"]
    clock.advance(seconds=COUNTED_EVERY.total_seconds())
    assert await requests(simulator, open_bugs) == ["GET 304", "POST 200"]
    assert len(await open_bugs.read()) == 1
    assert await numbers(open_bugs) == [stays.number]
    assert await requests(simulator, open_bugs) == ["GET 304"]


async def test_a_count_that_is_right_again_reads_nothing_anew(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    report(repo, 2, at=ago(days=2))
    await settle(open_bugs, clock)
    clock.advance(seconds=COUNTED_EVERY.total_seconds())
    simulator.faults.add("slow", service="github", method="GET", times=1, seconds=0.01)
    (extra,) = report(repo, at=ago(days=30))  # as if it were opened between poll and count: not in the list of changes
    assert await requests(simulator, open_bugs) == ["GET 304", "POST 200"]
    repo.delete(extra.number)
    assert await requests(simulator, open_bugs) == ["GET 304", "POST 200"]
    assert await requests(simulator, open_bugs) == ["GET 304"]


async def test_once_a_day_all_is_read_anew_for_labels_that_were_renamed(
    repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    report(repo, 1, "#g-mdm", at=ago(days=2))
    await settle(open_bugs, clock)
    repo.labels["#g-mdm"].name = "#g-apple"
    assert "#g-mdm" in (await open_bugs.read())[0].labels
    clock.advance(seconds=ALL_ANEW_EVERY.total_seconds() + 1)
    assert "#g-apple" in (await open_bugs.read())[0].labels


async def test_too_many_changes_lead_to_a_full_read(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(repo, 2, at=ago(days=2))
    await settle(open_bugs, clock)
    monkeypatch.setattr(github_bugs, "MOST_CHANGES", 100)
    clock.advance(minutes=1)
    for number in range(150):
        repo.open_issue(f"Story {number}", by="mna")
    simulator.requests.clear()
    assert len(await open_bugs.read()) == 2
    assert [entry.query["state"] for entry in simulator.requests] == ["all", "all", "open", "closed"]


# Between runs --------------------------------------------------------------------------------------------------------


def stored(bugs: Iterable[Bug]) -> tuple[Bug, ...]:
    """As it comes back from the state file."""
    return msgspec.json.decode(msgspec.json.encode(tuple(bugs)), type=tuple[Bug, ...])


async def test_a_restart_reads_only_what_was_touched_since(
    simulator: Simulator,
    repo: Repository,
    open_bugs: OpenBugs,
    github: GitHub,
    settings_there: Config,
    clock: FixedClock,
) -> None:
    issues = [report(repo, at=ago(hours=400 - number))[0] for number in range(150)]
    await settle(open_bugs, clock)
    known = stored(await open_bugs.read())
    clock.advance(days=2)
    issues[3].close(by="mna")
    issues[4].assign("mna", by="mna")
    again = OpenBugs(github, settings_there, clock, known=known)
    simulator.requests.clear()
    found = {bug.number: bug for bug in await again.read()}
    assert [entry.method for entry in simulator.requests] == ["GET"]
    assert len(found) == 150
    assert (found[issues[3].number].closed, found[issues[4].number].assignees) == (clock(), ("mna",))
    assert found[issues[0].number].history == known[0].history is not None
    assert await requests(simulator, again) == ["GET 200", "POST 200", "POST 200"]  # the count, one timeline
    assert await requests(simulator, again) == ["GET 304"]


async def test_bugs_of_other_labels_are_not_taken_over(
    repo: Repository, open_bugs: OpenBugs, github: GitHub, settings_there: Config, clock: FixedClock
) -> None:
    report(repo)
    labels = msgspec.structs.replace(settings_there.labels, bug=("defect",))
    other = msgspec.structs.replace(settings_there, labels=labels)
    assert await OpenBugs(github, other, clock, known=await open_bugs.read()).read() == ()


# Progress, timelines and faults --------------------------------------------------------------------------------------


async def test_progress_is_told(repo: Repository, github: GitHub, settings_there: Config, clock: FixedClock) -> None:
    for number in range(250):
        report(repo, at=ago(minutes=1000 - number))
    report(repo)[0].close(by="mna")
    said: list[str] = []
    await OpenBugs(github, settings_there, clock, tell=said.append).read()
    assert said == [
        "Reading open bugs: 100 of about 300 …",
        "Reading open bugs: 199 of about 300 …",
        "Reading open bugs: 250 of about 300 …",
        "Reading closed bugs: 1 of about 1 …",
    ]


async def test_the_list_comes_first_then_timelines_the_inbox_before_all(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    many = BATCHES_A_READ * BATCH
    reproduced = report(repo, many, labels=("bug", ":release"))
    acknowledged = report(repo, 3, assignees=["mna"])
    inbox = report(repo, 2)
    assert all(bug.history is None for bug in await open_bugs.read())
    assert open_bugs.is_unsettled
    clock.advance(seconds=60)
    found = {bug.number for bug in await open_bugs.read() if bug.history}
    assert {bug.number for bug in (*acknowledged, *inbox)} <= found
    assert len(found & {bug.number for bug in reproduced}) == many - 5
    assert open_bugs.is_unsettled
    assert all(bug.history for bug in await open_bugs.read())
    assert not open_bugs.is_unsettled


async def test_of_a_big_board_a_share_of_the_timelines_is_read_at_a_time(
    repo: Repository, open_bugs: OpenBugs, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github_bugs, "BATCHES_A_READ", 1)
    monkeypatch.setattr(github_bugs, "BATCH", 1)
    report(repo, 4 * SHARES)
    told: list[int] = []
    while open_bugs.is_unsettled or not told:
        clock.advance(seconds=60)
        told.append(sum(bug.history is not None for bug in await open_bugs.read()))
    assert told == list(range(0, 4 * SHARES + 1, 4))


async def test_a_failure_leaves_what_was_there(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    bugs = report(repo, 150, at=ago(days=1))
    await settle(open_bugs, clock)
    for bug in bugs:
        bug.add_labels("P1", by="mna")
    simulator.faults.add("slow", service="github", times=1, seconds=0.01)
    simulator.faults.add("status", service="github", times=1)
    with pytest.raises(Failure) as caught:
        await open_bugs.read()
    assert caught.value.problem.cause is Cause.SERVER
    assert all("P1" in bug.labels for bug in await open_bugs.read())


async def test_timelines_that_fail_do_not_hide_a_change(
    simulator: Simulator, repo: Repository, open_bugs: OpenBugs, clock: FixedClock
) -> None:
    (bug,) = report(repo, at=ago(days=1))
    await settle(open_bugs, clock)
    simulator.faults.add("status", service="github", method="POST")
    bug.add_labels("P1", by="mna")
    assert "P1" in (await open_bugs.read())[0].labels
    with pytest.raises(Failure):
        await open_bugs.read()
