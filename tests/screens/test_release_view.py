"""How the release screen puts things, by tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.json import decode, encode
from msgspec.structs import replace
from textual.content import Content

from fleet_tui.desks.release import Concluding
from fleet_tui.domain.calendars import Event
from fleet_tui.domain.conclusion_steps import Do, Step
from fleet_tui.domain.dependencies import Dependency, Verdict
from fleet_tui.domain.dogfood import Deployments, Judgement, Run, RunState
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.pulls import Story
from fleet_tui.domain.pushing import OpenStory
from fleet_tui.domain.release_qa import NewIssue
from fleet_tui.domain.release_standing import Standing, release_day, standing
from fleet_tui.domain.release_state import Seen, release_state
from fleet_tui.domain.release_timeline import Facts, timeline
from fleet_tui.domain.upstream import Release
from fleet_tui.keys.spelling import key_of
from fleet_tui.screens import conclusion_view, release_rows, release_view
from fleet_tui.services.conclusion_journal import Begun, Row, State
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import lay_out
from fleet_tui.widgets.rows import Kind
from tests.bugs import bug
from tests.helpers import NOW, branch, config, moment

CONFIG, ZONE, V = config(), config().team.zone, "4.45.0"
FACTS = Facts(
    V, milestone_day=date(2025, 6, 9), branch=branch(frozen=True, since=moment("2025-06-03 16:00")),
    behind=("Go (patch)", "osquery"), qa_issue=17270, ready={}, blockers=(16930,), is_published=False,
    dogfood="4.44.0", concluded=(0, 1),
)  # fmt: skip
STEPS = (Step(Do.RENAME, V), Step(Do.CLOSE, issue=7), Step(Do.ANNOUNCE, "*Out*", place="#help-engineering"))


def concluding(*states: State) -> Concluding:
    rows = (Row(place, step, state, NOW) for place, (step, state) in enumerate(zip(STEPS, states, strict=True)))
    return Concluding(Begun(1, V, NOW), tuple(rows))


CUT_OFF = concluding(State.DONE, State.STARTED, State.PLANNED)
OVER = concluding(State.DONE, State.FOUND, State.PLANNED)


# The line at the top ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "begun", "running", "words"),
    [
        (None, None, False, f"{V}: asking how it stands …"),
        (Standing("4.44.0"), None, False, f"{V}: asking how it stands …"),
        (Standing(V, is_published=False), None, False, f"✔ {V} is ready to release"),
        (Standing(V, ("a", "b")), None, False, f"! {V} is not ready: a; b."),
        (Standing(V, ("a",), is_published=True), None, False, f"✔ {V} is out   next: dependencies"),
        (None, CUT_OFF, False, f"! The conclusion of {V} was cut off after 1 of 2 steps: press M to go on"),
        (None, CUT_OFF, True, f"● {V} is being concluded: 1 of 2 steps"),
        (Standing(V), OVER, False, f"✔ {V} is ready to release"),
    ],
)
def test_headline(found: Standing | None, begun: Concluding | None, running: bool, words: str) -> None:
    line = timeline(FACTS, NOW, CONFIG)
    assert release_view.headline(V, found, (), line, begun, running=running, key="M").plain == words


def test_a_dependency_that_holds_up_the_release_is_named() -> None:
    behind = Dependency("Go (patch)", "1.24.3", "1.24.4", Verdict.BEHIND, blocks=True)
    words = release_view.headline(V, Standing(V), (behind,), None, None, running=False, key="M").plain
    assert words == f"! {V} is not ready: Go (patch) is behind, and no bug is filed for it."


def test_a_sentence_that_is_cut_shows_it() -> None:
    words = Content.assemble(("4.45.0 is not ready: ", "bold"), "a blocker; two unreleased bugs; a group.")
    assert release_view.within(words, 30, 3) is words
    cut = release_view.within(words, 24, 2)
    assert cut.plain.split("\n") == ["4.45.0 is not ready: a", "blocker; two unreleased…"]
    assert str(cut.spans[0].style) == "bold"


def test_without_a_release_nothing_is_claimed() -> None:
    assert release_view.headline("", None, (), None, None, running=False, key="M").plain.startswith("Asking GitHub")
    assert release_view.stages(None, NOW, ZONE, 80, high=True).plain == ""
    assert release_view.release_line(None, "", NOW, ZONE).plain == ""


def test_two_days_are_both_said() -> None:
    line = timeline(replace(FACTS, calendar_day=date(2025, 6, 10)), NOW, CONFIG)
    words = release_view.release_line(line, "", NOW, ZONE).plain
    assert words.endswith("! The calendar says Tuesday, 10 June, the milestone Monday, 9 June.")
    assert words.startswith("The release is due Tue 9:00 PT, in ")


# The timeline -------------------------------------------------------------------------------------------------------


def test_every_stage_has_a_line_with_date_state_and_blocker() -> None:
    shown = release_view.stages(timeline(FACTS, NOW, CONFIG), NOW, ZONE, 140, high=True).plain.splitlines()
    assert len(shown) == 9
    assert shown[0].split() == ["✔", "Freeze", "begins", "Tue", "9:00", "done"]
    assert "1 d 23 h over   Go (patch), osquery" in shown[1]
    assert shown[4].endswith("#g-mdm: @sabrinabuckets, #g-endpoint-ops: @xpkoala   0 of 2")


TITLES = {16930: "Hosts page is blank", 16941: "Agents crash while they enroll for the first time"}
NAMED = "#16930 Hosts page is blank, #16941 Agents crash while they enroll for the first time"


@pytest.mark.parametrize(
    ("width", "blocker"),
    [
        (200, NAMED),
        (141, NAMED),
        (140, "#16930 Hosts page is blank, #16941 Agents crash while they enroll f…"),
        (120, "#16930 Hosts page is blank, #16941 Agents crash while the…"),
        (92, "#16930 Hosts page is bl… and 1 more"),
        (86, "#16930, #16941"),
    ],
)
def test_bugs_that_hold_up_the_release_have_titles_where_there_is_room(width: int, blocker: str) -> None:
    facts = replace(FACTS, blockers=tuple(TITLES), titles=TITLES)
    shown = release_view.stages(timeline(facts, NOW, CONFIG), NOW, ZONE, width, high=True).plain.splitlines()
    assert shown[5].endswith(f"   {blocker}")
    assert max(map(len, shown)) <= width


@pytest.mark.parametrize("width", [76, 60, 40])
def test_where_there_is_little_room_all_stages_and_the_blocker_are_there(width: int) -> None:
    shown = release_view.stages(timeline(FACTS, NOW, CONFIG), NOW, ZONE, width, high=False)
    lines = shown.plain.splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= width
    assert lines[3].startswith("! dependencies: Go (patch), osquery")
    if width == 76:
        assert all(name in shown.plain for name in release_view.SHORT.values())


# Sections -----------------------------------------------------------------------------------------------------------


def test_the_names_of_the_sections_say_what_waits() -> None:
    found = [release_view.Section("A", 3), release_view.Section("B", is_done=True), release_view.Section("C")]
    shown = release_view.sections(found, 1, 40)
    assert shown.plain == "A 3   B ✔   C"
    assert any("underline" in str(span.style) and shown.plain[span.start] == "B" for span in shown.spans)


def test_on_the_smallest_terminal_a_dependency_keeps_its_verdict() -> None:
    columns = release_rows.DEPENDENCY_COLUMNS
    shown = [place.column.key for place in lay_out(columns, 56, 53)]
    assert shown == ["sign", "name", "latest", "verdict"]
    assert "product" in [place.column.key for place in lay_out(columns, 76, 72)]


# Dependencies -------------------------------------------------------------------------------------------------------

ISSUE = NewIssue("Update", ("bug",), (), "")
BEHIND = Dependency("Go (patch)", "1.25.3", "1.25.4", Verdict.BEHIND, "File a bug.", "u", ISSUE, blocks=True)


@pytest.mark.parametrize(
    ("row", "settled", "sign", "verdict", "keys"),
    [
        (BEHIND, False, glyphs.FAILED, "behind", "b files it"),
        (replace(BEHIND, filed=7, action="Filed: #7."), True, glyphs.DONE, "filed #7", ""),
        (Dependency("Orbit", "orbit-v1.2.0", "2", Verdict.CHANGED, "x"), False, glyphs.ACT, "changed", "c creates"),
        (Dependency("NVD", "", "", Verdict.BY_HAND, "Look."), False, glyphs.UNKNOWN, "look by hand", "Space says"),
        (Dependency("NVD", "", "", Verdict.BY_HAND, "Look."), True, glyphs.DONE, "looked at", ""),
        (Dependency("osquery", "5", "", Verdict.UNKNOWN, "x"), False, glyphs.UNKNOWN, "cannot be told", "Space says"),
        (Dependency("Go", "1", "1", Verdict.CURRENT), True, glyphs.DONE, "current", ""),
    ],
)
def test_a_dependency(row: Dependency, settled: bool, sign: str, verdict: str, keys: str) -> None:
    (shown,) = release_rows.dependency_rows([row], lambda _: settled, CONFIG)
    assert (shown.cells[0].plain, shown.cells[4].plain) == (sign, verdict)
    ticked = NOW - timedelta(hours=1) if settled and row.verdict is Verdict.BY_HAND else None
    detail = release_rows.dependency_detail(row, ticked, NOW, lambda action: key_of(action, {})).plain
    assert keys in detail
    assert ("Looked at 1 h ago" in detail) is (ticked is not None)


def test_a_components_tag_is_shown_without_its_name_and_rows_are_filtered() -> None:
    rows = [BEHIND, Dependency("Orbit", "orbit-v1.2.0", "no commit since", Verdict.CURRENT)]
    (shown,) = release_rows.dependency_rows(rows, lambda _: True, CONFIG, "orbit no")
    assert [cell.plain for cell in shown.cells[1:4]] == ["Orbit", "1.2.0", "no commit since"]


# Stories ------------------------------------------------------------------------------------------------------------


def test_stories_to_be_reverted_come_first() -> None:
    plain = OpenStory(Story(1, "Nothing yet", "u1", ("mna",), (), (5,)), "pm")
    partly = OpenStory(Story(2, "Half of it", "u2", (), (3, 4), (6,)), "pm", frozenset({"customer-rosner", "story"}))
    first, second = release_rows.story_rows([plain, partly], CONFIG, is_frozen=True)
    assert [cell.plain for cell in first.cells] == ["#2", "Half of it", "2 of 3: revert", "customer-rosner", ""]
    assert second.cells[2].plain == "nothing"
    assert "To be reverted by hand: #3, #4" in release_rows.story_detail(partly, CONFIG, is_frozen=True).plain


def test_before_the_freeze_nothing_is_said_to_be_reverted() -> None:
    partly = OpenStory(Story(2, "Half of it", "u2", (), (3, 4), (6,)), "pm")
    (row,) = release_rows.story_rows([partly], CONFIG, is_frozen=False)
    assert row.cells[2].plain == "2 of 3"
    told = release_rows.story_detail(partly, CONFIG, is_frozen=False).plain
    assert "Not merged yet: s pushes it" in told
    assert "Merged: #3, #4" in told
    assert "revert" not in told


# Dogfood ------------------------------------------------------------------------------------------------------------


def run(number: int, image: str, state: RunState, *, days: int = 0) -> Run:
    return Run(
        number, number, f"Deploy {image}", state, NOW - timedelta(days=days, hours=1), f"https://{number}", "mna", image
    )


OLD, FAILED = run(1, "v4.44.0", RunState.SUCCEEDED, days=20), run(2, "v4.45.0", RunState.FAILED)


@pytest.mark.parametrize(
    ("found", "sign", "words"),
    [
        (Deployments((OLD,), "v4.45.0"), glyphs.NOW, "may be deployed"),
        (Deployments((OLD,), "v4.44.0"), glyphs.DONE, release_rows.RUNS_NOW),
        (Deployments((OLD,), "v4.45.0", Judgement(("No image.",), ("Doubt.",))), glyphs.FAILED, "No image."),
        (Deployments((OLD,), "v4.45.0", Judgement((), ("Doubt.",))), glyphs.UNKNOWN, "Doubt."),
    ],
)
def test_whether_the_releases_image_may_go(found: Deployments, sign: str, words: str) -> None:
    assert release_rows.judged(found)[:2] == (sign, words)


def test_the_run_whose_image_runs_is_marked() -> None:
    rows = list(release_rows.deployment_rows(Deployments((FAILED, OLD), "v4.45.0"), NOW))
    runs = [[cell.plain for cell in row.cells] for row in rows if row.key.startswith(release_rows.RUN_KEY)]
    assert runs == [
        ["✖", "run #2", "v4.45.0", "failed", "1 h ago", "mna"],
        ["✔", "run #1", "v4.44.0", release_rows.RUNS_NOW, "20 d ago", "mna"],
    ]
    assert "https://2" in release_rows.run_detail(FAILED, NOW).plain


# The milestone ------------------------------------------------------------------------------------------------------


def test_a_conclusion_that_was_begun_shows_its_steps_those_of_a_person_first() -> None:
    rows = list(conclusion_view.rows(None, CUT_OFF))
    assert [row.cells[0].plain for row in rows if row.kind is Kind.HEADING and row.cells[0].plain] == [
        "By hand · 0 of 1", "By fleet-tui · 1 of 2",
    ]  # fmt: skip
    said = {row.cells[2].plain: row.cells[3].plain for row in rows if len(row.cells) > 1}
    assert said == {
        "Announce it in #help-engineering": "to do",
        f"Rename the milestone to {V}": "done",
        "close it": "was sent; not seen yet",
    }


def test_without_plan_and_conclusion_there_are_no_rows() -> None:
    assert list(conclusion_view.rows(None, None)) == []


# How it stands ------------------------------------------------------------------------------------------------------

SEEN = Seen(V, (), (), (), None)
OUT = Release(f"fleet-v{V}", "https://release", NOW)
LOST = Problem("GitHub", Cause.OFFLINE, "GitHub cannot be reached.", "Wait.")


@pytest.mark.parametrize(
    ("releases", "published", "url"),
    [
        ((OUT,), True, "https://release"),
        ((replace(OUT, draft=True),), False, ""),
        ((replace(OUT, prerelease=True),), False, ""),
        ((replace(OUT, tag="fleet-v4.44.0"),), False, ""),
        ((), False, ""),
        (LOST, None, ""),
    ],
)
def test_whether_it_is_published(releases: tuple[Release, ...] | Problem, published: bool | None, url: str) -> None:
    found = standing(release_state(SEEN, CONFIG), releases, None, CONFIG.dependencies)
    assert (found.is_published, found.url, found.qa_issue, found.blockers) == (published, url, 0, ())


def test_what_could_not_be_read_is_not_known() -> None:
    lost = replace(SEEN, blockers=LOST, qa=LOST)
    found = standing(release_state(lost, CONFIG), (), LOST, CONFIG.dependencies)
    assert (found.blockers, found.titles, found.qa_issue) == (None, {}, None)
    assert (found.calendar_day, found.calendar_trouble) == (None, "GitHub cannot be reached. Wait.")


def test_what_holds_it_up_has_titles() -> None:
    seen = replace(SEEN, blockers=(bug(number=9),), unreleased=(bug(number=7), bug(number=9)))
    found = standing(release_state(seen, CONFIG), (), None, CONFIG.dependencies)
    assert (found.blockers, found.titles) == ((9, 7), {9: "Bug 9", 7: "Bug 7"}), "blockers first"
    assert decode(encode(found), type=Standing) == found, "and is kept in the state file"


@pytest.mark.parametrize(
    ("titles", "day"),
    [
        ([("Fleet 4.45.0", "2025-06-09 16:00")], date(2025, 6, 9)),
        ([("Fleet 4.45.0", "2025-06-10 03:00")], date(2025, 6, 9)),
        ([("Fleet 4.45.0", "2025-06-09 16:00"), ("4.45.0 (moved)", "2025-06-11 16:00")], date(2025, 6, 11)),
        ([("Fleet 4.45.1", "2025-06-09 16:00"), ("Party", "2025-06-09 16:00")], None),
        ([], None),
    ],
)
def test_the_calendars_day(titles: list[tuple[str, str]], day: date | None) -> None:
    events = [Event(title, moment(at), moment(at) + timedelta(hours=1)) for title, at in titles]
    assert release_day(events, V, ZONE) == day
