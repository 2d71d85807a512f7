"""What concluding a milestone would do: the fate of each issue, the steps, and the dry run that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.conclusion import Conclusion, Outcome, conclude, unconcluded
from fleet_tui.domain.conclusion_steps import Do, MilestoneState, Step, Ticket, shown_by_issue, shown_by_milestones
from fleet_tui.domain.conclusion_text import Report, as_json, as_markdown, report_text
from fleet_tui.domain.problem import Failure
from tests.helpers import config

MDM, ENDPOINT = "#g-mdm", "#g-endpoint-ops"
READY, PROGRESS, CELEBRATE = "✅ Ready for release", "🐣 In progress", "🎉 Confirm and celebrate"
OURS = MilestoneState(7, "4.45.0-tentative", due=date(2025, 6, 9))
CONFIG = config()


def ticket(number: int = 1, *labels: str, milestone: int | None = 7, closed: bool = False) -> Ticket:
    url = f"https://github.com/fleetdm/fleet/issues/{number}"
    return Ticket(number, f"Issue {number}", url, frozenset(labels), milestone, "", closed)


def plan(
    *tickets: Ticket,
    mdm: Mapping[int, str] | None = None,
    endpoint: Mapping[int, str] | None = None,
    drafting: Mapping[int, str] | None = None,
    milestones: tuple[MilestoneState, ...] = (OURS,),
    settings: Config = CONFIG,
) -> Conclusion:
    boards = {MDM: mdm or {}, ENDPOINT: endpoint or {}}
    return conclude(OURS, tickets, boards, drafting or {}, milestones, settings)


def changes(made: Conclusion) -> list[str]:
    return [step.id for fate in made.fates for step in fate.steps]


# Fates ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "mdm", "endpoint", "outcome", "steps"),
    [
        pytest.param(
            ticket(1, "story", MDM, ":release"), READY, None, Outcome.STORY,
            ["label #1 :product", "unlabel #1 :release", "move #1 Confirm and celebrate"], id="a story that is done",
        ),
        pytest.param(
            ticket(1, "Story", MDM, ":product", ":RELEASE", milestone=3), "ready for release", None, Outcome.STORY,
            ["join #1", "unlabel #1 :release", "move #1 Confirm and celebrate"], id="a story of another milestone",
        ),
        pytest.param(ticket(1, "bug", MDM), READY, None, Outcome.CLOSES, ["close #1"], id="a bug that is done"),
        pytest.param(
            ticket(1, "bug", MDM, milestone=None), READY, None, Outcome.CLOSES, ["join #1", "close #1"],
            id="a bug without a milestone",
        ),
        pytest.param(ticket(1, "story", MDM), PROGRESS, None, Outcome.LEAVES, ["leave #1"], id="not ready"),
        pytest.param(
            ticket(1, "bug", MDM), PROGRESS, READY, Outcome.LEAVES, ["leave #1"], id="ready on a board not its own"
        ),
        pytest.param(
            ticket(1, "bug", MDM), READY, "🆕 New", Outcome.CLOSES, ["close #1"], id="new on a board not its own"
        ),
        pytest.param(ticket(1, "bug"), "🆕 New", READY, Outcome.CLOSES, ["close #1"], id="no group, ready on one"),
        pytest.param(ticket(1, "bug"), "🆕 New", "🆕 New", Outcome.LEAVES, ["leave #1"], id="no group, ready on none"),
        pytest.param(ticket(1, MDM, ENDPOINT), READY, READY, Outcome.CLOSES, ["close #1"], id="both groups agree"),
        pytest.param(
            ticket(1, MDM, ENDPOINT), READY, PROGRESS, Outcome.BY_HAND,
            ["by hand #1 Decide what becomes of #1. Its boards do not agree: ✅ Ready for release on #g-mdm, "
             "🐣 In progress on #g-endpoint-ops."], id="both groups, and they do not agree",
        ),
        pytest.param(
            ticket(1, "bug", MDM), None, None, Outcome.BY_HAND,
            ["by hand #1 Decide what becomes of #1. It is on no group's board."], id="on no board",
        ),
        pytest.param(ticket(1, "story", MDM, closed=True), READY, None, Outcome.STAYS, [], id="closed already"),
    ],
)  # fmt: skip
def test_a_fate(one: Ticket, mdm: str | None, endpoint: str | None, outcome: Outcome, steps: list[str]) -> None:
    made = plan(one, mdm={1: mdm} if mdm else {}, endpoint={1: endpoint} if endpoint else {})
    assert [fate.outcome for fate in made.fates] == [outcome]
    assert changes(made) == steps


def test_a_story_that_is_where_it_belongs_is_left_alone() -> None:
    made = plan(ticket(1, "story", MDM, ":product"), mdm={1: READY}, drafting={1: CELEBRATE})
    assert (made.fates[0].outcome, changes(made)) == (Outcome.STORY, [])


def test_one_of_another_release_that_is_not_ready_is_no_part_of_it() -> None:
    assert plan(ticket(1, "bug", MDM, milestone=3), mdm={1: PROGRESS}, endpoint={1: READY}).fates == ()


def test_labels_and_columns_are_settings() -> None:
    settings = config(
        labels={"story": ("epic",), "product": (":drafting",), "release": (":dev", ":sprint")},
        release_qa={"ready_column": "Shippable"},
        release={"celebrate_column": "Hooray"},
    )
    made = plan(ticket(1, "epic", MDM, ":sprint"), mdm={1: "🚢 shippable"}, settings=settings)
    assert changes(made) == ["label #1 :drafting", "unlabel #1 :sprint", "move #1 Hooray"]


# The steps around them -----------------------------------------------------------------------------------------------


def test_the_steps_come_in_the_handbooks_order() -> None:
    made = plan(ticket(2, "bug", MDM), ticket(1, "bug", MDM), mdm={1: READY, 2: PROGRESS})
    assert [step.id for step in made.steps] == [
        "rename 4.45.0", "close #1", "leave #2", "end", "next 4.46.0-tentative", "lift main",
        "announce #help-engineering",
    ]  # fmt: skip
    assert made.steps[4].words == "Create the milestone 4.46.0-tentative, due 2025-06-30"


def test_the_steps_that_are_done_already_are_left_out() -> None:
    done = MilestoneState(7, "4.45.0", due=date(2025, 6, 9))
    made = conclude(done, (), {MDM: {}, ENDPOINT: {}}, {}, (done, MilestoneState(8, "4.46.0-tentative")), CONFIG)
    assert [step.do for step in made.steps] == [Do.END, Do.LIFT, Do.ANNOUNCE]


@pytest.mark.parametrize(
    ("milestone", "others", "sentence"),
    [
        (MilestoneState(7, "Backlog"), (), "does not name a release"),
        (OURS, (MilestoneState(3, "4.45.0", closed=True),), "another milestone 4.45.0"),
    ],
)
def test_a_milestone_that_cannot_be_concluded_is_refused(
    milestone: MilestoneState, others: tuple[MilestoneState, ...], sentence: str
) -> None:
    with pytest.raises(Failure, match=sentence):
        conclude(milestone, (), {}, None, (milestone, *others), CONFIG)


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        (["4.46.0-tentative", "4.45.0-tentative"], "4.45.0-tentative"),
        (["4.46.0-tentative", "4.45.0"], "4.45.0"),
        (["4.44.1-tentative", "4.45.0-tentative", "Backlog"], "4.45.0-tentative"),
        (["Backlog"], None),
    ],
)
def test_the_milestone_to_conclude(titles: list[str], found: str | None) -> None:
    milestones = [MilestoneState(number, title) for number, title in enumerate(titles)]
    closed = MilestoneState(99, "4.1.0", closed=True)
    chosen = unconcluded([closed, *milestones], CONFIG.release)
    assert (chosen.title if chosen else None) == found


# Boards that were not read -------------------------------------------------------------------------------------------


def test_without_any_board_a_person_is_told_what_to_do() -> None:
    made = conclude(OURS, [ticket(1, "bug", MDM)], {}, None, [OURS], CONFIG)
    assert made.fates[0].outcome is Outcome.BY_HAND
    words = [step.words for step in made.steps if step.do is Do.BY_HAND]
    assert [text[:29] for text in words] == [
        "On the board of #g-mdm: take ",
        "On the board of #g-endpoint-o",
        "On the drafting board, move t",
    ]
    assert words[0].endswith(
        "take what is outside of “Ready for release” out of 4.45.0, and put what is in it into 4.45.0. There, :product "
        "takes the place of :release on each story; close the rest."
    )
    assert [step.do for step in made.steps if step.do is not Do.BY_HAND] == [
        Do.RENAME, Do.END, Do.NEXT, Do.LIFT, Do.ANNOUNCE,
    ]  # fmt: skip


def test_one_board_is_enough_for_its_own_issues() -> None:
    tickets = [ticket(1, "bug", MDM), ticket(2, "bug", ENDPOINT), ticket(3, "story", MDM), ticket(4)]
    board = {1: READY, 3: READY, 4: PROGRESS}
    made = conclude(OURS, tickets, {MDM: board}, None, [OURS], CONFIG)
    outcomes = [Outcome.CLOSES, Outcome.BY_HAND, Outcome.STORY, Outcome.BY_HAND]
    assert [fate.outcome for fate in made.fates] == outcomes
    texts = [step.name for step in made.steps if step.do is Do.BY_HAND]
    assert texts[0].startswith("On the board of #g-endpoint-ops")
    assert texts[1:] == ["On the drafting board, move to “Confirm and celebrate”: #3."]


# Properties ----------------------------------------------------------------------------------------------------------

COLUMN = st.sampled_from([READY, PROGRESS, "🆕 New"])
LABELS = st.frozensets(st.sampled_from(["bug", "story", ":release", ":product", MDM, ENDPOINT, "P1"]))
TICKETS = st.builds(
    lambda labels, milestone, closed: ticket(1, *labels, milestone=milestone, closed=closed),
    LABELS, st.sampled_from([None, 3, 7]), st.booleans(),
)  # fmt: skip
WORLDS = st.lists(st.tuples(TICKETS, COLUMN, COLUMN), max_size=8).map(
    lambda rows: (
        [replace(one, number=number) for number, (one, _, _) in enumerate(rows, 1)],
        {number: column for number, (_, column, _) in enumerate(rows, 1)},
        {number: column for number, (_, _, column) in enumerate(rows, 1)},
    )
)


def carried_out(step: Step, one: Ticket) -> Ticket:
    """The issue after the step, as GitHub would have it."""
    match step.do:
        case Do.LEAVE:
            return replace(one, milestone=None)
        case Do.JOIN:
            return replace(one, milestone=OURS.number)
        case Do.LABEL:
            return replace(one, labels=one.labels | {step.name})
        case Do.UNLABEL:
            return replace(one, labels=one.labels - {step.name})
        case Do.CLOSE:
            return replace(one, closed=True)
    return one


@given(WORLDS)
def test_carried_out_a_plan_leaves_nothing_to_change(
    world: tuple[list[Ticket], dict[int, str], dict[int, str]],
) -> None:
    tickets, mdm, endpoint = world
    first = plan(*tickets, mdm=mdm, endpoint=endpoint)
    after, drafting = {one.number: one for one in tickets}, {}
    for step in (step for fate in first.fates for step in fate.steps):
        if step.do is Do.MOVE:
            drafting[step.issue] = CELEBRATE
        elif not step.do.is_a_persons:
            assert not shown_by_issue(step, after[step.issue], OURS.number)
            after[step.issue] = carried_out(step, after[step.issue])
            assert shown_by_issue(step, after[step.issue], OURS.number)
    again = plan(*after.values(), mdm=mdm, endpoint=endpoint, drafting=drafting)
    left = [step for fate in again.fates for step in fate.steps if not step.do.is_a_persons]
    assert left == []


@given(WORLDS)
def test_no_step_stands_twice_and_each_issue_has_one_fate(
    world: tuple[list[Ticket], dict[int, str], dict[int, str]],
) -> None:
    tickets, mdm, endpoint = world
    made = plan(*tickets, mdm=mdm, endpoint=endpoint)
    ids = [step.id for step in made.steps]
    assert len(set(ids)) == len(ids)
    numbers = [fate.ticket.number for fate in made.fates]
    assert numbers == sorted(set(numbers))
    assert {one.number for one in tickets if one.milestone == OURS.number} <= set(numbers)
    kept = {fate.ticket.number for fate in made.fates if fate.outcome in {Outcome.STORY, Outcome.CLOSES}}
    left = {step.issue for step in made.steps if step.do is Do.LEAVE}
    assert not kept & left
    assert all(not one.closed for one in tickets if one.number in kept | left)


@pytest.mark.parametrize(
    ("step", "milestones", "shown"),
    [
        (Step(Do.RENAME, "4.45.0"), [OURS], False),
        (Step(Do.RENAME, "4.45.0"), [replace(OURS, title="4.45.0")], True),
        (Step(Do.RENAME, "4.45.0"), [OURS, MilestoneState(9, "4.45.0")], False),
        (Step(Do.END), [OURS, MilestoneState(9, "4.1.0", closed=True)], False),
        (Step(Do.END), [replace(OURS, closed=True)], True),
        (Step(Do.NEXT, "4.46.0-tentative"), [OURS], False),
        (Step(Do.NEXT, "4.46.0-tentative"), [OURS, MilestoneState(9, "4.46.0-tentative", closed=True)], True),
    ],
)
def test_milestones_show_whether_a_step_is_done(step: Step, milestones: list[MilestoneState], shown: bool) -> None:
    assert shown_by_milestones(step, milestones, OURS.number) is shown


# In words ------------------------------------------------------------------------------------------------------------


def test_the_dry_run_for_people() -> None:
    one = replace(ticket(1, "story", MDM, ":release"), title="Profiles | *and* @mna")
    shown = as_markdown(plan(one, ticket(2, "bug", MDM), mdm={1: READY, 2: PROGRESS}))
    assert shown.startswith("# 4.45.0-tentative is concluded\n\n2 issues:\n")
    assert (
        r"| [#1](https://github.com/fleetdm/fleet/issues/1) Profiles \| \*and\* @⁠mna | story that is done: back to "
        "product | ✅ Ready for release on #g-mdm. | add the label :product; remove the label :release; move it to "
        "“Confirm and celebrate” on the drafting board |"
    ) in shown
    steps = shown.partition("## Steps\n\n")[2].partition("\n\n##")[0].splitlines()
    assert steps[:5] == [
        "1. Rename the milestone to 4.45.0",
        "1. 4 changes of issues, as in the table",
        "1. Close the milestone",
        "1. Create the milestone 4.46.0-tentative, due 2025-06-30",
        "1. Lift the freeze of main",
    ]


def test_the_dry_run_for_programs() -> None:
    shown = msgspec.json.decode(as_json(plan(ticket(1, "bug", MDM), mdm={1: READY})))
    assert shown["format"] == 1
    assert shown["milestone"] == {"number": 7, "title": "4.45.0-tentative", "becomes": "4.45.0"}
    assert shown["next"] == {"title": "4.46.0-tentative", "due": "2025-06-30"}
    assert [(one["number"], one["fate"], one["steps"]) for one in shown["issues"]] == [(1, "closes", ["close #1"])]
    assert {"id": "close #1", "does": "#1: close it", "done_when": "it is closed"} in shown["steps"]


def test_the_announcement_names_the_stories_and_calls_nobody() -> None:
    one = replace(ticket(1, "story", MDM), title="Wipe <!channel> hosts")
    text = plan(one, mdm={1: READY}).steps[-1].name
    assert text == (
        "*4.45.0* is released and its milestone is concluded. `main` is open again.\n"
        "• <https://github.com/fleetdm/fleet/issues/1|#1> Wipe &lt;!channel&gt; hosts\n"
        "Next is 4.46.0, due on Monday, 30 June."
    )


def test_the_report_says_what_is_left() -> None:
    report = Report("Milestone 4.45.0", (Step(Do.CLOSE, issue=1),), (Step(Do.END),), (Step(Do.BY_HAND, "Look"),))
    assert report_text(report) == (
        "# Milestone 4.45.0\n\nSteps carried out: 1. Found done already: 1.\n\n## Left to do\n\n- Look\n\n"
        "## Done\n\n- #1: close it\n\n## Found done\n\n- Close the milestone\n"
    )
    assert (report.for_a_person, report.is_complete) == ((Step(Do.BY_HAND, "Look"),), False)


def test_steps_are_kept_as_they_are() -> None:
    made = plan(ticket(1, "story", MDM), mdm={1: READY})
    kept = msgspec.json.decode(msgspec.json.encode(made.steps), type=tuple[Step, ...])
    assert kept == made.steps


def test_a_group_without_a_board_is_by_hand() -> None:
    groups = tuple(replace(group, workspace="") for group in CONFIG.groups)
    made = conclude(OURS, (), {}, None, [OURS], replace(CONFIG, groups=groups))
    assert sum(step.do is Do.BY_HAND for step in made.steps) == 3
