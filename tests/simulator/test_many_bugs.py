"""Many bugs: as many as asked for, in all states, and the same for the same arguments."""

from __future__ import annotations

from fleet_tui.simulator.seed.many_bugs import CASES, Answer, many_bugs
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.boards import AWAITING_QA
from tests.simulator.support import NOW


def state_of(world: World, answer: Answer) -> str:
    """The team's rules once more, in the plainest words."""
    issue = world.issue(answer.number)
    names = set(issue.label_names)
    if issue.state == "closed":
        return "closed"
    if ":reproduce" in names:
        return "acknowledged" if issue.assignees else "inbox"
    if world.boards.board(answer.group).column_of(issue.number) == AWAITING_QA:
        return "awaiting QA"
    if ":product" in names:
        return "in product drafting"
    return "in engineering" if ":release" in names else "orphan"


def test_each_bug_is_what_its_answer_says() -> None:
    world, answers = many_bugs(300, NOW)
    assert {answer.state for answer in answers} == {case.state for case in CASES}
    assert [state_of(world, answer) for answer in answers] == [answer.state for answer in answers]
    assert len(world.repo().issues) == len(answers) == 300


def test_the_time_of_an_answer_is_on_the_timeline() -> None:
    world, answers = many_bugs(60, NOW)
    for answer in answers:
        issue = world.issue(answer.number)
        times = [event.at for event in issue.events]
        assert answer.since in times
        assert times == sorted(times)
        assert max(times) == issue.updated_at == answer.since <= NOW


def test_it_is_the_same_for_the_same_arguments() -> None:
    assert many_bugs(50, NOW)[1] == many_bugs(50, NOW)[1] != many_bugs(50, NOW, seed=8)[1]
