"""The release QA screen against the simulated services: what a tester does, and what stands in the issue then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.widgets import Input, TextArea

from fleet_tui.domain.checklist import Verdict, read, set_note, set_verdict
from fleet_tui.domain.journal import Outcome
from fleet_tui.domain.qa import QaIssue
from fleet_tui.domain.text import clean_lines
from fleet_tui.feed import Reading
from fleet_tui.screens import release_qa_view as view
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import empty_world
from fleet_tui.simulator.seed.release_qa import NUMBER
from fleet_tui.simulator.world import Issue, World
from fleet_tui.widgets.rows import Kind
from tests.helpers import NOW, until
from tests.screens.app_factory import LARGE, SMALL, NeverAnswers, Stage, demo, stage

LOG, SCRIPTS, UPDATE, QUERY = "Log destination flow", "Scripts", "Update flow", "Query flow"
PASS, FAIL, UNTESTED = Verdict.PASS, Verdict.FAIL, Verdict.UNTESTED


@asynccontextmanager
async def qa(world: World | None = None, size: tuple[int, int] = LARGE, **given: Any) -> AsyncIterator[Stage]:
    """The program on the release QA screen, with the checklist read."""
    async with stage(world, size=size, loaded=False, screen="release_qa", **given) as on:
        await until(lambda: on.app.backend and on.app.reading("me").at)
        await until(lambda: is_read(on))
        assert on.app.backend
        on.app.backend.writer._pause = 0
        await on.pilot.pause()
        yield on


OPEN = QaIssue(NUMBER, "Release QA: 4.45.0", "https://x/1", "open", (), frozenset(), NOW, locked=False)


def is_read(on: Stage) -> bool:
    """Whether the open issues and, if there are any, the checklist of one have been read."""
    issues, checklist = on.app.reading("release_qa"), on.app.reading("checklist")
    known = issues.at and (not issues.value or checklist.value)
    return bool(issues.problem or checklist.problem or known)


def issue(on: Stage) -> Issue:
    """The release QA issue as the server has it."""
    return on.world.issue(NUMBER)


def with_verdicts(body: str, **verdicts: Verdict) -> str:
    """`body` with these verdicts and nothing else changed; a test by its name, `_` for blanks."""
    for name, verdict in verdicts.items():
        item = next(one for one in read(body).items if one.name == name.replace("_", " "))
        edit = set_verdict(body, item.id, verdict)
        assert edit
        body = edit.body
    return body


async def go(on: Stage, name: str) -> None:
    """Put the cursor on a test."""
    items = on.app.desks.qa.shown.checklist.items
    assert on.table.select(view.key_of(next(item for item in items if item.name == name)))
    await on.pilot.pause()


def here(on: Stage) -> str:
    """The test under the cursor."""
    key = on.table.selected_key
    return next(item.name for item in on.app.desks.qa.shown.checklist.items if view.key_of(item) == key)


def row(on: Stage, name: str) -> str:
    """What the list says of a test."""
    lines = (" ".join(cell.plain for cell in one.cells) for one in on.table.rows)
    return next(line for line in lines if name in line)


def facts(on: Stage) -> str:
    """What is said of the test under the cursor."""
    return " ".join(str(on.app.screen_stack[0].query_one("#facts").render()).split())


async def has(on: Stage, body: str | Callable[[], bool]) -> None:
    """Wait until the server's text is `body`."""
    await until(body if callable(body) else lambda: issue(on).body == body)
    await on.pilot.pause()


# What it shows -------------------------------------------------------------------------------------------------------


async def test_the_first_load_shows_title_figures_groups_and_who_ticked_what() -> None:
    async with qa() as on:
        headline = on.line_of("Release QA: 4.45.0 #17270")
        assert "5 of 14 tested · 1 failed" in headline
        assert "○ #g-mdm 0/3" in on.text
        assert "✖ #g-endpoint-ops 5/11, 1 failed" in on.text
        headings = [row.cells[0].plain for row in on.table.rows if row.kind is Kind.HEADING and row.cells[0].plain]
        assert headings == ["Fleet core · 5/12", "fleetd agent · 0/2"]
        assert here(on) == UPDATE
        assert "✔ pass by sabrinabuckets" in facts(on)
        assert "Expected" in on.text


async def test_without_an_open_issue_it_says_how_to_create_one_and_other_keys_do_nothing() -> None:
    async with qa(empty_world(NOW)) as on:
        assert "No release QA issue is open. Press c to create one." in on.text
        await on.press("f", "space", "z", "b", "e", "g", "x", "j", "k", "enter")
        assert on.dialog is None
        assert on.written == []
        await on.press("n")
        assert on.app.is_running


async def test_an_issue_whose_checklist_cannot_be_read_is_not_called_missing() -> None:
    """Otherwise somebody would create a second one."""
    async with stage(loaded=False, connect=NeverAnswers, screen="release_qa") as on:
        await until(lambda: on.app.backend)
        assert "Looking for release QA issues …" in on.text
        on.app.take("release_qa", Reading((OPEN,), NOW))
        await on.pilot.pause()
        assert "The release QA issue has not been read yet." in on.text
        assert "No release QA issue is open" not in on.text


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_list_and_detail_are_both_there(size: tuple[int, int]) -> None:
    async with qa(size=size) as on:
        assert on.table.region.width >= 30
        assert on.table.region.height >= 8
        assert on.app.screen.query_one("#detail").region.width >= 30
        assert on.app.screen.query_one("#detail").region.height >= 8


async def test_names_full_of_traps_are_shown_as_what_they_are() -> None:
    world = empty_world(NOW)
    name = "[red]Mind[/red] [@click=app.quit]link[/] $x"
    body = f"# Core\n\n- [ ] {name}\n- [ ] Rename \x1b]0;owned\x07 the pane\n"
    world.repo().open_issue("Release QA: [b]4.45.0[/b]", body, by="xpkoala", labels=(":release",), number=NUMBER)
    async with qa(world) as on:
        assert "[red]Mind[/red]" in on.text
        assert "Release QA: [b]4.45.0[/b]" in on.text
        assert "\x1b" not in on.text
        await on.press("p")
        await has(on, body.replace(f"[ ] {name}", f"[x] {name}"))


# Ticking -------------------------------------------------------------------------------------------------------------


async def test_a_verdict_stands_in_its_row_before_github_has_said_anything() -> None:
    async with qa() as on:
        on.simulator.faults.latency["*"] = (3_600_000, 3_600_000)
        for key, mark in (("p", "✔"), ("z", "·"), ("space", "✔"), ("space", "·"), ("f", "✖")):
            await go(on, LOG)
            await on.press(key)
            assert row(on, LOG) == f"{mark} {LOG} sending lucasmrod", key


@pytest.mark.parametrize(("key", "verdict"), [("p", PASS), ("f", FAIL), ("space", PASS)])
async def test_one_key_ticks_a_test_and_nothing_else_changes(key: str, verdict: Verdict) -> None:
    async with qa() as on:
        before = issue(on).body
        await go(on, LOG)
        await on.press(key)
        await has(on, with_verdicts(before, **{LOG.replace(" ", "_"): verdict}))
        await until(lambda: "sent" in row(on, LOG))
        assert "lucasmrod" in row(on, LOG)
        assert "6 of 14 tested" in on.text
        assert issue(on).edits[-1].editor.login == "lucasmrod"


async def test_after_a_verdict_the_cursor_is_on_the_next_test_without_one() -> None:
    async with qa() as on:
        await go(on, LOG)
        await on.press("p")
        assert here(on) == "MDM enrollment flow"
        await go(on, SCRIPTS)
        await on.press("space")
        assert here(on) == SCRIPTS, "space stays where it is: pressed again it takes the verdict back"


async def test_undoing_restores_the_text_byte_for_byte() -> None:
    async with qa() as on:
        before = issue(on).body
        await go(on, "My device page")  # says `pass :white_check_mark:`
        await on.press("f")
        await has(on, lambda: issue(on).body != before)
        await go(on, "My device page")
        await on.press("z")
        await has(on, before)


async def test_a_slip_is_taken_back_when_the_cursor_has_gone_on() -> None:
    async with qa() as on:
        before = issue(on).body
        await go(on, LOG)
        await on.press("f")
        assert here(on) == "MDM enrollment flow"
        await on.press("z")
        assert here(on) == LOG
        await has(on, before)
        await go(on, SCRIPTS)
        await on.press("z")
        assert on.toasts[-1] == "You have set no verdict on this test that could be taken back.", "once is enough"


async def test_there_is_nothing_to_undo_where_one_has_set_nothing() -> None:
    async with qa() as on:
        before = issue(on).body
        await on.press("z")
        assert on.toasts == ["You have set no verdict on this test that could be taken back."]
        assert issue(on).body == before


async def test_n_leads_to_the_next_untested_and_on_from_the_top() -> None:
    async with qa() as on:
        seen = []
        for _ in range(10):
            await on.press("n")
            seen.append(here(on))
        assert seen[:3] == [LOG, "MDM enrollment flow", SCRIPTS]
        assert seen[8] == "`fleetd` auto-update tests"
        assert seen[9] == LOG


async def test_x_puts_the_failed_ones_first_and_back() -> None:
    async with qa() as on:
        rows = on.table.rows
        await on.press("x")
        first = [row.cells[0 if row.kind is Kind.HEADING else 1].plain for row in on.table.rows[:2]]
        assert first == ["Failed first · 1/1", QUERY]
        await on.press("x")
        assert on.table.rows == rows


async def test_the_filter_finds_names_verdicts_groups_and_people() -> None:
    async with qa() as on:
        for words, found in (("query", 1), ("fail", 1), ("#g-mdm", 3), ("xpkoala", 3), ("nothing of the kind", 0)):
            await on.press("slash")
            on.app.screen.query_one("#filter", Input).value = words
            await on.pilot.pause()
            assert len([row for row in on.table.rows if row.selectable]) == found, words
        assert "No test contains “nothing of the kind”." in on.text
        await on.press("escape")
        assert len([row for row in on.table.rows if row.selectable]) == 14


async def test_a_line_that_is_not_understood_is_listed_with_its_place() -> None:
    world = demo()
    text = world.issue(NUMBER).body
    nameless = "<table><tr><td></td><td>steps</td><td>seen</td><td>pass/fail</td></tr></table>"
    world.issue(NUMBER).web_edit(f"{text}\n{nameless}", by="xpkoala")
    async with qa(world) as on:
        assert "Not understood · 1" in [row.cells[0].plain for row in on.table.rows if row.kind is Kind.HEADING]
        await on.press("end")
        assert "was not understood" in facts(on)
        await on.press("f", "b", "e")
        assert on.dialog is None


# Several issues ------------------------------------------------------------------------------------------------------


async def test_another_open_issue_is_chosen_with_i_and_remembered() -> None:
    world, store = demo(), Store(None)
    body = "# fleetd\n\n- [ ] Install it\n"
    other = world.repo().open_issue("fleetd 1.23 smoke tests", body, by="xpkoala", labels=(":release",))
    async with qa(world, store=store) as on:
        await until(lambda: f"#{other.number}" in on.text)  # the newest
        await on.press("i", "escape")
        assert on.dialog is None
        assert f"#{other.number}" in on.text, "Esc chooses nothing"
        await on.press("i")
        number = next(n for n in ("1", "2") if f"{n}  #{NUMBER}" in on.text)
        await on.press(number)
        await until(lambda: "5 of 14 tested" in on.text)
    async with qa(world, store=store) as on:
        await until(lambda: not on.app.reading("checklist").stored)
        assert "5 of 14 tested" in on.text
    store.close()


async def test_the_only_issue_is_not_asked_for() -> None:
    async with qa() as on:
        await on.press("i")
        assert on.dialog is None
        assert on.toasts == [f"#{NUMBER} is the only release QA issue that is open."]
        assert "5 of 14 tested" in on.text


# Notes ---------------------------------------------------------------------------------------------------------------


async def test_a_note_is_written_and_nothing_else_changes() -> None:
    async with qa() as on:
        before = issue(on).body
        await go(on, LOG)
        await on.press("e")
        assert "Which note?" in on.text
        await on.press("3")
        assert "What has not been tested" in on.text
        on.find("#note", TextArea).text = "ChromeOS\nand [b]Windows[/b] 7"
        await on.press("ctrl+s")
        note = next(one for one in read(before).notes if one.id.title == "what has not been tested")
        expected = set_note(before, note.id, "ChromeOS\nand [b]Windows[/b] 7")
        assert expected
        await has(on, expected)
        assert on.app.desks.qa.draft(note.id) is None


async def test_esc_keeps_the_draft_also_over_a_restart() -> None:
    world, store = demo(), Store(None)
    async with qa(world, store=store) as on:
        before = issue(on).body
        await on.press("e", "1", *"ab", "escape")
        assert on.dialog is None
        assert issue(on).body == before
    async with qa(world, store=store) as on:
        await on.press("e", "1")
        assert on.find("#note", TextArea).text == "ab"
        assert "This is your draft; it has not been saved yet." in on.text
        await on.press("ctrl+s")
        await has(on, lambda: "\r\nab\r\n" in issue(on).body)
    store.close()


# Bugs ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("released", "label"), [(False, "~unreleased bug"), (True, "~released bug")])
async def test_a_bug_is_filed_with_everything_and_noted(released: bool, label: str) -> None:
    async with qa() as on:
        before = issue(on).body
        await go(on, SCRIPTS)
        await on.press("b")
        await until(lambda: on.dialog is not None)
        assert "Say in a few words what is wrong." in on.why
        await on.press(*"no")
        if released:
            await on.press("tab", "space")
        await on.press("tab", "y") if released else await on.press("enter")
        await on.finished()
        bug = max(on.world.repo().issues.values(), key=lambda one: one.number)
        assert bug.title == "Scripts: no"
        assert set(bug.label_names) == {"bug", label, "#g-mdm", ":release"}
        assert [user.login for user in bug.assignees] == ["georgekarrv"]
        item = next(one for one in read(before).items if one.name == SCRIPTS)
        assert "4.45.0" in bug.body
        assert item.steps in bug.body
        assert item.expected in bug.body
        assert f"Found in #{NUMBER}, test “Scripts”." in bug.body
        await has(on, lambda: f"- #{bug.number} Scripts: no" in issue(on).body)
        note = next(one for one in read(before).notes if one.id.title.startswith("issues found new"))
        assert issue(on).body == set_note(before, note.id, f"- #{bug.number} Scripts: no")
        assert on.written[0].outcome is Outcome.DONE
        assert f"Filed #{bug.number} and noted." in on.written[0].after


async def test_without_a_template_no_bug_is_filed_and_it_says_so() -> None:
    world = demo()
    del world.repo().files[".github/ISSUE_TEMPLATE/bug-report.md"]
    async with qa(world) as on:
        await on.press("b")
        await until(lambda: on.toasts)
        assert "The template .github/ISSUE_TEMPLATE/bug-report.md cannot be read." in on.toasts[0]
        assert on.dialog is None


# Groups --------------------------------------------------------------------------------------------------------------


async def test_a_group_with_untested_tests_is_ready_only_when_its_name_is_typed() -> None:
    async with qa() as on:
        said = len(issue(on).comments)
        await on.press("g")
        await on.press("1")
        assert "#g-mdm is ready?" in on.text
        assert "Of 3 tests, 3 untested." in on.text
        await on.press("y")
        assert on.dialog is not None, "it is refused"
        await on.press(*"#g-md", "enter")
        assert on.dialog is not None, "the name is not complete"
        assert len(issue(on).comments) == said
        await on.press("m", "enter")
        await on.finished()
        comment = issue(on).comments[-1]
        assert comment.author.login == "lucasmrod"
        assert comment.body.startswith("@lukeheath #g-mdm is ready for 4.45.0: 0 of 3 tests passed")
        assert "although not every test passed" in comment.body
        await until(lambda: "#g-mdm 0/3 ready (lucasmrod)" in on.text)
        assert "○ #g-mdm" not in on.text
        assert "✖ #g-endpoint-ops 5/11, 1 failed" in on.text, "that one is awaited"


async def test_a_group_whose_tests_all_passed_is_ready_with_one_yes() -> None:
    world = demo()
    body = with_verdicts(
        world.issue(NUMBER).body, **dict.fromkeys(("MDM_enrollment_flow", "Scripts", "OS_settings"), PASS)
    )
    world.issue(NUMBER).edit(body, by="sabrinabuckets")
    async with qa(world) as on:
        await on.press("g", "1", "y")
        await on.finished()
        assert issue(on).comments[-1].body == "@lukeheath #g-mdm is ready for 4.45.0: 3 of 3 tests passed."


# Creating ------------------------------------------------------------------------------------------------------------


async def test_no_second_issue_for_a_version_is_created() -> None:
    async with qa() as on:
        numbers = set(on.world.repo().issues)
        await on.press("c")
        await until(lambda: on.dialog is not None)
        await on.fill("version", "4.45.0")
        assert on.why == "A release QA issue for 4.45.0 is open already."
        await on.press("enter", "y")
        assert on.dialog is not None
        await on.fill("version", "soon")
        assert "A version has three numbers" in on.why
        await on.press("escape")
        assert set(on.world.repo().issues) == numbers


async def test_the_issue_is_created_from_the_template() -> None:
    async with qa(empty_world(NOW)) as on:
        await on.press("c")
        await until(lambda: on.dialog is not None)
        await on.fill("version", "4.46.0")
        assert "Labels: #g-mdm, #g-endpoint-ops, :release" in on.text
        await on.press("enter", "y")
        await on.finished()
        (made,) = on.world.repo().issues.values()
        assert made.title == "Release QA: 4.46.0"
        assert set(made.label_names) == {"#g-mdm", "#g-endpoint-ops", ":release"}
        assert {user.login for user in made.assignees} == {"xpkoala", "sabrinabuckets"}
        assert "`fleetctl version`): 4.46.0" in made.body
        assert "`fleetd` agent" not in made.body, "no part of it was changed"
        assert not made.body.startswith("---")
        await until(lambda: "0 of 12 tested" in on.text)


# Who may -------------------------------------------------------------------------------------------------------------


async def test_read_only_none_of_the_writing_keys_is_there() -> None:
    async with qa(read_only=True) as on:
        before, said = issue(on).body, len(issue(on).comments)
        ids = {
            "qa.pass",
            "qa.fail",
            "qa.toggle",
            "qa.undo",
            "qa.resolve",
            "qa.bug",
            "qa.notes",
            "qa.ready",
            "qa.create",
        }
        assert not ids & on.keys.keys()
        await go(on, LOG)
        await on.press("f", "space", "z", "b", "e", "g", "c", "enter")
        assert on.dialog is None
        assert (issue(on).body, len(issue(on).comments)) == (before, said)
        assert not [one for one in on.simulator.requests if one.method in {"PATCH", "PUT"}]
        await on.press("n", "x")
        assert here(on) != LOG


# Others, and the way to GitHub ---------------------------------------------------------------------------------------


async def in_conflict(on: Stage) -> str:
    """Two opinions on one test; returns the body with theirs."""
    await go(on, LOG)
    await on.switch_off()
    await on.press("p")
    theirs = with_verdicts(issue(on).body, **{LOG.replace(" ", "_"): FAIL})
    issue(on).edit(theirs, by="xpkoala")
    await on.switch_on()
    await on.read_again("checklist")
    await until(lambda: "conflict" in row(on, LOG))
    await go(on, LOG)
    return theirs


@pytest.mark.parametrize(("answer", "verdict"), [("y", PASS), ("n", FAIL)])
async def test_a_conflict_shows_both_and_enter_decides_it_either_way(answer: str, verdict: Verdict) -> None:
    async with qa() as on:
        theirs = await in_conflict(on)
        await until(lambda: "xpkoala: fail" in facts(on))
        assert "lucasmrod: pass. xpkoala: fail. Press Enter to decide." in facts(on)
        assert issue(on).body == theirs, "nothing is decided silently"
        before = on.toasts
        await on.press("enter")
        assert "keep yours?" in on.text
        assert on.toasts == before, "the question alone, no browser beside it"
        await on.press(answer)
        await has(on, with_verdicts(theirs, **{LOG.replace(" ", "_"): verdict}))
        await until(lambda: "conflict" not in on.text)


async def test_closing_the_question_of_a_conflict_decides_nothing() -> None:
    async with qa() as on:
        theirs = await in_conflict(on)
        await on.press("enter")
        assert on.dialog is not None
        await on.press("escape")
        assert on.dialog is None
        await on.read_again("checklist")
        assert issue(on).body == theirs
        assert "conflict" in row(on, LOG)


async def test_offline_verdicts_wait_and_come_through() -> None:
    async with qa() as on:
        before = issue(on).body
        await go(on, LOG)
        await on.switch_off()
        await on.press("p")
        await go(on, SCRIPTS)
        await on.press("f")
        await until(lambda: "sending" in row(on, LOG) and "sending" in row(on, SCRIPTS))
        assert "7 of 14 tested" in on.text
        await until(lambda: on.app.reading("checklist").problem)
        await on.pilot.pause()
        await go(on, LOG)
        assert "GitHub cannot be reached" in facts(on)
        await on.switch_on()
        await on.read_again("checklist")
        await has(on, with_verdicts(before, Log_destination_flow=PASS, Scripts=FAIL))
        await until(lambda: "sending" not in on.text)


def lock(world: World) -> None:
    """Only people with write access may write."""
    world.issue(NUMBER).lock(by="lukeheath")


def delete(world: World) -> None:
    """Gone."""
    world.repo().delete(NUMBER)


def transfer(world: World) -> None:
    """Elsewhere."""
    world.repo().transfer(NUMBER, world.add_repo("fleetdm/confidential"))


@pytest.mark.parametrize(
    ("spoil", "fault", "sentence"),
    [
        (lock, "forbidden", f"Issue #{NUMBER} is locked"),
        (delete, "", f"Issue #{NUMBER} was deleted."),
        (transfer, "", f"Issue #{NUMBER} was moved"),
        (lambda world: None, "forbidden", "The GitHub token may not do this."),
    ],
    ids=["locked", "deleted", "transferred", "no permission"],
)
async def test_what_cannot_be_written_is_said_and_the_verdict_kept(
    spoil: Callable[[World], object], fault: str, sentence: str
) -> None:
    async with qa() as on:
        await go(on, LOG)
        spoil(on.world)
        if fault:
            on.simulator.faults.add(fault, method="PATCH")
        await on.press("p")
        await until(lambda: on.app.reading("checklist").problem)
        await go(on, LOG)
        assert sentence in facts(on)
        assert "✔ pass" in facts(on)
        assert on.app.backend
        assert [one.change.wanted for one in on.app.backend.release_qa.outbox.pending(NUMBER)] == ["pass"]


async def test_a_closed_issue_still_takes_a_verdict_that_waited() -> None:
    async with qa() as on:
        before = issue(on).body
        await go(on, LOG)
        await on.switch_off()
        await on.press("p")
        issue(on).close(by="lukeheath")
        await on.switch_on()
        await on.read_again("checklist")
        await has(on, with_verdicts(before, Log_destination_flow=PASS))


async def test_another_testers_verdict_comes_up_by_itself() -> None:
    async with qa() as on:
        body = with_verdicts(issue(on).body, Scripts=PASS)
        on.clock.advance(minutes=1)
        issue(on).edit(body, by="sabrinabuckets")
        await on.read_again("checklist")
        assert "sabrinabuckets" in row(on, SCRIPTS)
        assert "6 of 14 tested" in on.text


async def test_a_hostile_note_is_shown_without_what_commands_a_terminal() -> None:
    world = demo()
    text = world.issue(NUMBER).body
    note = next(one for one in read(text).notes)
    body = set_note(text, note.id, "a \x1b[2Jb")
    assert body
    world.issue(NUMBER).edit(body, by="xpkoala")
    async with qa(world) as on:
        await on.press("e", "1")
        assert on.find("#note", TextArea).text == clean_lines("a \x1b[2Jb")
