"""The freeze screen against the simulated services: what a person does at the keyboard, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Button, Input

from fleet_tui import feed
from fleet_tui.actions import Deed
from fleet_tui.domain.journal import Outcome
from fleet_tui.domain.problem import Cause
from fleet_tui.feed import Reading
from fleet_tui.screens import freeze_view
from fleet_tui.simulator.seed import empty_world
from fleet_tui.simulator.world import FrozenBranch, World
from fleet_tui.widgets.dialog import Dialog
from fleet_tui.widgets.rows import Kind
from fleet_tui.widgets.status_line import Freshness
from fleet_tui.wiring import Backend
from tests.helpers import NOW, until
from tests.screens.app_factory import (
    ANOTHER_BUG_FIX,
    BUG_FIX,
    DOCUMENTATION,
    FEATURE,
    LARGE,
    RECORDED_FEATURE,
    SMALL,
    UNFROZEN_BEFORE,
    NeverAnswers,
    Stage,
    demo,
    picture,
    stage,
)

UNBLOCKED_BEFORE = list(UNFROZEN_BEFORE)


def in_deep_freeze() -> World:
    """The demo world on the Sunday before its release."""
    world = demo()
    world.now.advance(days=3, hours=6)  # type: ignore[attr-defined]
    return world


def unlocked(on: Stage) -> bool:
    """Whether the dialog lets itself be answered with yes."""
    return not on.find("#answer-y", Button).disabled


def kind_of_row(on: Stage, number: int) -> Kind:
    """How the row of a pull request is drawn."""
    return next(row.kind for row in on.table.rows if row.key == str(number))


# What it shows -------------------------------------------------------------------------------------------------------


async def test_the_first_load_says_how_main_stands_and_what_may_merge() -> None:
    async with stage(size=LARGE) as on:
        headings = [row.cells[0].plain for row in on.table.rows if row.kind is Kind.HEADING and row.cells[0].plain]
        assert headings == [
            "May merge now · 15",
            "Needs a manager's word · 3",
            "Needs three approvals · 7",
            "Partly merged stories: revert or push · 3",
        ]
        assert "❄ main is frozen since Tue 9:00 PT by lukeheath  “Release freeze for 4.45.0”" in on.text
        assert "4.45.0 · Mon 9 Jun   next: deep freeze, Sun 9:00 PT, in 3 d 1 h" in on.text
        assert "FREEZE · deep freeze in 3 d 1 h" in on.lines[0]
        assert on.lines[0].endswith("● live   08:00 PT")
        assert "✔ bug fix" in on.line_of(f"#{BUG_FIX}")
        assert on.line_of(f"#{BUG_FIX}").endswith("blocked")


async def test_before_anything_was_read_the_screen_says_what_it_waits_for() -> None:
    async with stage(loaded=False, connect=NeverAnswers) as on:
        await on.pilot.pause()
        assert "Asking Merge Freeze how the branch stands …" in on.text
        assert "Asking GitHub for the coming release …" in on.text
        assert "Reading the pull requests …" in on.text
        assert "… reading" in on.lines[0]


@pytest.mark.parametrize("silent", ["freeze", "milestones"])
async def test_no_verdict_is_shown_before_everything_that_it_stands_on_has_been_heard(silent: str) -> None:
    class AllButOne(Backend):
        async def run(self, name: str, publish: Callable[[str, Reading[Any]], None]) -> None:
            await (asyncio.Event().wait() if name == silent else super().run(name, publish))

    async with stage(loaded=False, connect=AllButOne) as on:
        await until(lambda: on.app.reading("pulls").at)
        await on.pilot.pause()
        assert on.table.rows == ()
        assert "Reading the pull requests …" in on.text


async def test_at_the_start_the_cursor_is_on_what_may_merge_first() -> None:
    async with stage() as on:
        first = next(row.key for row in on.table.rows if row.selectable)
        assert on.table.selected_key == first == str(BUG_FIX)


async def test_where_no_pull_request_waits_it_says_so_and_no_key_does_anything() -> None:
    async with stage(empty_world(NOW)) as on:
        assert freeze_view.NOTHING_WAITS in on.text
        assert "main is open" in on.text
        await on.press("u", "o", "y", "j", "k", "G", "enter")
        assert on.dialog is None
        assert on.written == []
        assert {on.keys["freeze.unfreeze"], on.keys["open"], on.keys["copy"]} == {False}


async def test_titles_full_of_traps_are_shown_as_what_they_are() -> None:
    world = empty_world(NOW)
    titles = {
        1: "[red]Mind[/red] [/x] the [@click=app.quit]link[/] $error",
        2: "Rename \x1b]0;owned\x07 the \x1b[2Jpane\x9b31m",
        3: "abc \u202eevil\u202c \u2066def",
        4: "two\nlines\r\tand a tab",
    }
    for number, title in titles.items():
        world.repo().open_pull(title, by="mna", files=["docs/a.md"], number=number)
    async with stage(world) as on:
        assert titles[1] in on.text
        assert "Rename ]0;owned the [2Jpane31m" in on.text
        assert "abc evil def" in on.text
        assert "two lines" in on.text
        assert not [one for one in on.text if not one.isprintable() and one != "\n"]
        for number in titles:
            await on.put_cursor_on(number)
        await on.press("o", "question_mark", "escape", "8", "2")
        assert on.app.is_running


# Unfreezing ----------------------------------------------------------------------------------------------------------


async def test_two_keys_unfreeze_what_the_rule_allows_and_lose_nothing() -> None:
    async with stage() as on:
        said = list(on.world.pull(BUG_FIX).comments)
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "y")
        await on.finished()
        assert sorted(on.branch.unblocked) == sorted([*UNFROZEN_BEFORE, BUG_FIX])
        assert on.branch.frozen
        assert on.branch.note == "Release freeze for 4.45.0"
        await until(lambda: on.line_of(f"#{BUG_FIX}").endswith("✔ unfrozen"))
        (entry,) = on.written
        assert (entry.title, entry.outcome, entry.who) == (f"Unfreeze #{BUG_FIX}", Outcome.DONE, "lucasmrod")
        assert (entry.before, entry.after) == ("blocked", f"#{BUG_FIX} may merge now.")
        assert entry.detail == "bug fixes may merge during the freeze; closes #16951 (bug)"
        assert on.toasts == [f"Unfreeze #{BUG_FIX}: #{BUG_FIX} may merge now."]
        assert on.world.pull(BUG_FIX).comments == said, "what the rule allows needs no word on the pull request"


async def test_the_dialog_names_the_pull_request_its_kind_and_the_rule() -> None:
    async with picture() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("u")
        assert f"Unfreeze #{BUG_FIX}?" in on.text
        assert "Fix policy automations for hosts with an empty hostname" in on.text
        assert "bug fix: closes #16951 (bug)" in on.text
        assert "May merge now: bug fixes may merge during the freeze." in on.text


async def test_without_a_clear_yes_nothing_is_unfrozen() -> None:
    async with picture() as on:
        await on.put_cursor_on(BUG_FIX)
        for no in ("n", "escape", "enter"):
            await on.press("u")
            assert on.dialog is not None
            await on.press(no)
            assert on.dialog is None
        assert on.branch.unblocked == UNBLOCKED_BEFORE
        assert on.written == []


async def test_a_feature_is_refused_and_the_reason_is_said() -> None:
    async with picture() as on:
        await on.put_cursor_on(FEATURE)
        await on.press("u")
        assert "feature: closes #16309" in on.text or "feature: mentions #16309" in on.text
        assert "Needs three approvals: a feature with 1 of 3 approvals." in on.text
        assert "✔ QA lead: sabrinabuckets (comment)" in on.text
        assert "○ engineering manager (georgekarrv): not yet" in on.text
        assert "○ release DRI (lukeheath): not yet" in on.text
        assert on.why == "Still missing: engineering manager, release DRI."
        await on.press("escape", "u")
        on.find("#answer-n", Button).focus()
        await on.press("y")
        assert isinstance(on.app.screen, Dialog), "yes is locked"
        await on.press("escape")
        assert on.branch.unblocked == UNBLOCKED_BEFORE
        assert on.written == []


async def test_the_missing_approvals_entered_by_hand_unfreeze_a_feature_and_are_recorded_on_it() -> None:
    async with stage() as on:
        await on.put_cursor_on(FEATURE)
        await on.press("u")
        await on.fill("role-MANAGER", "georgekarrv")
        assert not unlocked(on)
        assert on.why == "Still missing: release DRI."
        await on.press("enter")
        assert on.app.focused is on.find("#role-RELEASE_DRI", Input), "Enter leads to the next field"
        await on.fill("role-RELEASE_DRI", "lukeheath")
        assert unlocked(on)
        await on.press("enter")
        await on.finished()
        assert sorted(on.branch.unblocked) == sorted([*UNFROZEN_BEFORE, FEATURE])
        recorded = on.world.pull(FEATURE).comments[-1]
        assert recorded.author.login == "lucasmrod"
        assert recorded.body.splitlines() == [
            "**Freeze exception**",
            "",
            "- QA lead: sabrinabuckets (comment)",
            "- engineering manager: georgekarrv (by hand)",
            "- release DRI: lukeheath (by hand)",
            "",
            "Recorded with fleet-tui by lucasmrod.",
        ]
        (entry,) = on.written
        assert entry.title == f"Unfreeze #{FEATURE}"
        assert entry.detail == (
            "Exception: QA lead sabrinabuckets (comment), engineering manager georgekarrv (by hand), "
            "release DRI lukeheath (by hand)"
        )


async def test_a_feature_whose_approvals_stand_on_it_needs_no_more_keys_than_a_bug_fix() -> None:
    async with stage() as on:
        await on.put_cursor_on(RECORDED_FEATURE)
        await on.press("u", "y")
        await on.finished()
        assert RECORDED_FEATURE in on.branch.unblocked
        assert on.world.pull(RECORDED_FEATURE).comments[-1].body.startswith("**Freeze exception**")


async def test_an_exception_is_recorded_once_however_often_it_is_tried() -> None:
    async with stage() as on:
        before = len(on.world.pull(RECORDED_FEATURE).comments)
        on.simulator.faults.add("status", service="mergefreeze", method="POST", times=1)
        for _ in range(2):
            on.clock.advance(minutes=1)
            await on.put_cursor_on(RECORDED_FEATURE)
            await on.press("u", "y")
            await on.finished()
            await on.read_again("pulls")
        assert [entry.outcome for entry in on.written] == [Outcome.DONE, Outcome.FAILED]
        assert len(on.world.pull(RECORDED_FEATURE).comments) == before + 1


async def test_in_the_deep_freeze_only_the_typed_number_overrides_the_rule_and_the_journal_says_so() -> None:
    async with stage(in_deep_freeze()) as on:
        assert "main is frozen (deep freeze)" in on.text
        await on.put_cursor_on(BUG_FIX)
        await on.press("u")
        assert on.why == "In the deep freeze no approval helps; only the typed number overrides the rule."
        assert [field.id for field in on.app.screen.query(Input)] == ["override"]
        await on.fill("override", "17222")
        await on.press("enter")
        assert isinstance(on.app.screen, Dialog), "another number opens nothing"
        await on.fill("override", str(BUG_FIX))
        await on.press("enter")
        await on.finished()
        assert BUG_FIX in on.branch.unblocked
        (entry,) = on.written
        assert entry.title == f"Unfreeze #{BUG_FIX} against the rule"
        assert entry.detail.startswith("OVERRIDE, number typed. Rule: deep freeze:")
        assert "**Unfrozen against the freeze rule**" in on.world.pull(BUG_FIX).comments[-1].body


async def test_what_is_unfrozen_already_dims_the_key() -> None:
    async with picture() as on:
        await on.put_cursor_on(UNFROZEN_BEFORE[0])
        assert on.keys["freeze.unfreeze"] is False
        await on.press("u")
        assert on.dialog is None
        await on.put_cursor_on(BUG_FIX)
        assert on.keys["freeze.unfreeze"] is True


async def test_on_an_open_branch_there_is_nothing_to_unfreeze() -> None:
    world = demo()
    world.merge_freeze.unfreeze(world.merge_freeze.branch())
    async with stage(world) as on:
        await on.put_cursor_on(BUG_FIX)
        assert on.keys["freeze.unfreeze"] is False
        assert on.line_of(f"#{BUG_FIX}").endswith("open")


async def test_a_pull_request_that_somebody_else_unfreezes_meanwhile_stays_unfrozen() -> None:
    async with stage() as on:
        on.world.merge_freeze.freeze(on.branch, by="georgekarrv", unblocked=[*UNFROZEN_BEFORE, DOCUMENTATION])
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "y")
        await on.finished()
        assert sorted(on.branch.unblocked) == sorted([*UNFROZEN_BEFORE, DOCUMENTATION, BUG_FIX])


async def test_while_it_is_under_way_the_row_is_pending_and_a_second_press_is_ignored() -> None:
    world = demo()
    async with stage(world) as on:
        world.merge_freeze.status_delay = 3600
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "y")
        await on.sees(f"Waiting for GitHub to show #{BUG_FIX} as unfrozen")
        assert kind_of_row(on, BUG_FIX) is Kind.PENDING
        assert on.keys["freeze.unfreeze"] is False
        await on.press("u")
        assert on.dialog is None
        assert kind_of_row(on, BUG_FIX) is Kind.PENDING
        assert len(on.written) == 1
        assert len(on.simulator.requests.select("mergefreeze", "POST")) == 1
        world.pull(BUG_FIX).set_status("mergefreeze", "success", "This pull request is unblocked")
        await on.finished()
        assert kind_of_row(on, BUG_FIX) is Kind.PLAIN
        assert on.written[0].outcome is Outcome.DONE


async def test_a_refusal_is_told_with_its_remedy_and_stands_in_the_activity_screen_in_full() -> None:
    async with stage(size=LARGE) as on:
        on.simulator.faults.add("forbidden", service="mergefreeze", method="POST")
        await on.put_cursor_on(BUG_FIX)
        await on.press("u", "y")
        await on.finished()
        (entry,) = on.written
        assert entry.outcome is Outcome.FAILED
        assert on.toasts == [f"Unfreeze #{BUG_FIX}: {entry.after}"]
        assert on.branch.unblocked == UNBLOCKED_BEFORE
        assert on.line_of(f"#{BUG_FIX}").endswith("blocked")
        await on.press("8")
        await on.sees(entry.after.split(". ")[0])
        assert "✖ failed" in on.text


# Freezing and lifting ------------------------------------------------------------------------------------------------


async def test_lifting_the_freeze_needs_the_name_of_the_branch() -> None:
    async with stage() as on:
        await on.press("f")
        assert "Lift the freeze of main?" in on.text
        assert "4.45.0 has not been released yet." in on.text
        assert "The list of 2 unfrozen pull requests is lost." in on.text
        for wrong in ("Main", "master"):
            await on.fill("name", wrong)
            assert not unlocked(on)
            await on.press("enter")
            assert isinstance(on.app.screen, Dialog)
        assert on.branch.frozen
        await on.fill("name", "main")
        assert unlocked(on)
        await on.press("enter")
        await on.finished()
        assert not on.branch.frozen
        await on.sees("! main should be frozen, but is open")
        assert on.written[0].title == "Lift the freeze of main"


async def test_freezing_keeps_the_note_and_says_by_whom() -> None:
    async with stage(empty_world(NOW)) as on:
        await on.press("f")
        assert "Freeze main?" in on.text
        await on.fill("name", "main")
        await on.fill("note", "Freeze for 4.46.0")
        await on.press("enter")
        await on.finished()
        assert (on.branch.frozen, on.branch.note, on.branch.frozen_by) == (True, "Freeze for 4.46.0", "lucasmrod")
        await on.sees("main is frozen since")
        assert "“Freeze for 4.46.0”" in on.text
        assert (on.written[0].title, on.written[0].detail) == ("Freeze main", "Freeze for 4.46.0")


async def test_enter_in_the_note_does_not_freeze_before_the_name_is_there() -> None:
    async with picture() as on:
        await on.press("f")
        await on.fill("note", "Released")
        await on.press("enter")
        assert isinstance(on.app.screen, Dialog)
        assert on.branch.frozen


async def test_before_merge_freeze_has_answered_the_branch_can_not_be_frozen() -> None:
    async with stage(loaded=False, connect=NeverAnswers) as on:
        await on.pilot.pause()
        await on.press("f")
        assert on.dialog is None
        assert on.toasts == ["Merge Freeze has not said yet how the branch stands."]


# A freeze that got lost ----------------------------------------------------------------------------------------------


async def lose_the_freeze(on: Stage) -> None:
    """Unfreeze one, at which Merge Freeze opens the whole branch."""
    on.world.merge_freeze.loses_freeze_on_next_post = True
    await on.put_cursor_on(BUG_FIX)
    await on.press("u", "y")
    await on.sees("The freeze was lost")


async def test_a_lost_freeze_is_offered_to_be_restored_with_its_list() -> None:
    async with stage() as on:
        await lose_the_freeze(on)
        assert not on.branch.frozen
        assert "main came out OPEN: Merge Freeze has lifted the whole freeze." in on.text
        assert "Freeze it again, with 3 pull requests unfrozen as before?" in on.text
        assert on.dialog
        assert on.dialog.has_class("-grave"), "the frame is red"
        await on.press("y")
        await on.finished()
        assert on.branch.frozen
        assert sorted(on.branch.unblocked) == sorted([*UNFROZEN_BEFORE, BUG_FIX])
        assert [(one.title, one.outcome) for one in on.written] == [
            ("Freeze main", Outcome.DONE),
            (f"Unfreeze #{BUG_FIX}", Outcome.FAILED),
        ]


async def test_enter_alone_does_not_freeze_again() -> None:
    async with stage() as on:
        await lose_the_freeze(on)
        await on.press("enter")
        assert on.dialog is None
        assert not on.branch.frozen
        assert len(on.written) == 1
        await on.sees("! main should be frozen, but is open")


async def test_the_offer_lies_over_what_was_opened_meanwhile_and_leaves_it_there() -> None:
    async with stage() as on:

        def open_help(branch: FrozenBranch) -> None:
            on.app.call_later(on.app.action_help)

        on.world.merge_freeze.on_change.append(open_help)
        await lose_the_freeze(on)
        await on.press("n")
        assert "Keys of the screen Freeze" in on.text
        await on.press("escape")
        assert on.dialog is None


# Refreshes while somebody works --------------------------------------------------------------------------------------


async def test_the_cursor_stays_on_its_pull_request_and_line_when_rows_above_go_away() -> None:
    async with stage(size=SMALL) as on:
        await on.put_cursor_on(FEATURE)
        at = on.lines.index(on.line_of(f"▸ #{FEATURE}" if f"▸ #{FEATURE}" in on.text else f"#{FEATURE}"))
        on.clock.advance(minutes=1)
        for number in (ANOTHER_BUG_FIX, DOCUMENTATION):
            on.world.pull(number).merge(by="mna")
        await on.read_again("pulls")
        assert f"#{DOCUMENTATION}" not in [row.cells[0].plain for row in on.table.rows]
        assert on.table.selected_key == str(FEATURE)
        assert f"#{FEATURE}" in on.lines[at]


async def test_when_the_pull_request_under_the_cursor_goes_away_the_next_key_hits_no_other() -> None:
    async with stage() as on:
        await on.put_cursor_on(BUG_FIX)
        on.clock.advance(minutes=1)
        on.world.pull(BUG_FIX).merge(by="mna")
        await on.read_again("pulls")
        assert on.table.selected_key is None
        assert on.keys["freeze.unfreeze"] is False
        await on.press("u")
        assert on.dialog is None


async def test_a_refresh_leaves_an_open_dialog_and_what_was_typed_alone() -> None:
    async with stage() as on:
        await on.put_cursor_on(FEATURE)
        await on.press("u")
        await on.fill("role-MANAGER", "georgekarrv")
        on.clock.advance(minutes=1)
        on.world.pull(ANOTHER_BUG_FIX).merge(by="mna")
        await on.read_again()
        assert f"Unfreeze #{FEATURE}?" in on.text
        assert "georgekarrv" in on.text
        focused = on.app.focused
        assert focused is not None
        assert focused.id == "role-MANAGER"


async def test_unfreezing_what_was_asked_about_even_when_the_cursor_was_moved_by_a_refresh() -> None:
    async with stage() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.press("u")
        on.clock.advance(minutes=1)
        on.world.pull(ANOTHER_BUG_FIX).merge(by="mna")
        await on.read_again("pulls")
        await on.press("y")
        await on.finished()
        assert sorted(on.branch.unblocked) == sorted([*UNFROZEN_BEFORE, BUG_FIX])


# The filter ----------------------------------------------------------------------------------------------------------


async def test_the_filter_shows_only_rows_that_contain_all_words_and_escape_shows_all() -> None:
    async with picture() as on:
        all_rows = on.table.rows
        await on.press("slash")
        await on.pilot.pause()
        assert on.lines[-1].split() == ["⏎", "Keep", "filter", "esc", "Show", "all"]
        await on.fill("filter", "Website eashaw")
        assert [row.key for row in on.table.rows if row.selectable] == ["17236", "17233"]
        await on.press("enter", "u")
        assert on.dialog is None, "the one under the cursor is unfrozen already"
        await on.press("escape")
        assert on.table.rows == all_rows
        assert on.find("#filter", Input).display is False
        assert on.app.focused is on.table
        assert "/ Filter" in on.lines[-1]


async def test_letters_in_the_filter_start_nothing() -> None:
    async with picture() as on:
        await on.press("slash", "u", "f", "q", "p", "2")
        assert on.find("#filter", Input).value == "ufqp2"
        assert on.dialog is None
        assert "No row contains “ufqp2”." in on.text


# Sources that fail ---------------------------------------------------------------------------------------------------


async def test_with_the_services_gone_everything_stays_and_the_screen_says_since_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed, "FIRST_RETRY", 3600.0)
    async with stage(size=LARGE) as on:
        rows, headline = on.table.rows, on.headline
        on.clock.advance(minutes=2)
        await on.switch_off()
        await on.read_again()
        assert [row.key for row in on.table.rows] == [row.key for row in rows]
        assert on.headline == headline
        assert on.lines[0].endswith("✖ offline since 08:02   08:02 PT")
        assert "✖ Merge Freeze has not answered since 8:02 (cannot be reached). Shown: 8:00." in on.text
        assert "✖ GitHub has not answered since 8:02" in on.text
        assert "Next try in" in on.line_of("Merge Freeze has not answered")


async def test_what_is_shown_gets_dim_when_it_is_old() -> None:
    async with stage() as on:
        await on.switch_off()
        on.clock.advance(minutes=10)
        await on.read_again()
        assert kind_of_row(on, BUG_FIX) is Kind.OLD


async def test_it_recovers_by_itself_when_the_services_are_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "FIRST_RETRY", 0.05)
    async with stage() as on:
        await on.switch_off()
        await on.read_again()
        on.world.repo().open_pull("Fix the outage", "For #16951", by="mna", labels=["bug"], number=17999)
        await on.switch_on()
        await until(lambda: on.app.status().freshness is Freshness.LIVE)
        await on.sees("#17999")
        assert "has not answered" not in on.text


async def test_one_source_that_fails_leaves_the_others_alone() -> None:
    async with stage() as on:
        on.simulator.faults.add("status", service="mergefreeze", status=502)
        on.clock.advance(minutes=1)
        on.world.pull(ANOTHER_BUG_FIX).merge(by="mna")
        await on.read_again("freeze", "pulls")
        assert "main is frozen" in on.text
        assert f"#{ANOTHER_BUG_FIX}" not in on.text
        assert "Merge Freeze" in on.line_of("since 8:01")
        assert not [line for line in on.lines if "GitHub" in line]


async def test_an_error_is_kept_once_however_often_it_comes_back() -> None:
    async with stage() as on:
        on.simulator.faults.add("unauthorized", service="mergefreeze")
        for _ in range(3):
            await on.read_again("freeze")
        (error,) = on.app.journal()
        assert (error.action, error.outcome) == ("feed.freeze", Outcome.FAILED)
        problem = on.app.reading("freeze").problem
        assert problem
        assert problem.cause is Cause.TOKEN
        assert "fleet-tui auth set merge-freeze" in on.text


async def test_a_write_while_the_services_are_gone_is_told_and_not_tried_again() -> None:
    async with stage() as on:
        await on.put_cursor_on(BUG_FIX)
        await on.switch_off()
        await on.press("u", "y")
        await on.finished()
        assert on.written[0].outcome is Outcome.FAILED
        await on.switch_on()
        await on.read_again("freeze")
        assert on.branch.unblocked == UNBLOCKED_BEFORE


# Reading only --------------------------------------------------------------------------------------------------------


async def test_read_only_takes_the_writing_keys_away_and_the_writes_with_them() -> None:
    async with stage(read_only=True) as on:
        await on.put_cursor_on(BUG_FIX)
        assert not {"freeze.unfreeze", "freeze.toggle"} & on.keys.keys()
        assert "Unfreeze" not in on.lines[-1]
        assert "read-only" in on.lines[0]
        await on.press("u", "f")
        assert on.dialog is None
        backend = on.app.backend
        assert backend

        async def never(tell: object) -> str:
            raise AssertionError("it was written")

        ended = await backend.actions.carry_out(Deed("x", "Freeze main", "fleetdm/fleet:main", never), print)
        assert ended
        assert ended.outcome is Outcome.FAILED
        assert on.written == []
        assert not [one for one in on.simulator.requests if one.method == "POST" and one.path != "/graphql"]


async def test_a_branch_that_is_not_frozen_any_more_is_not_frozen_by_an_unfreeze() -> None:
    async with stage() as on:
        await on.put_cursor_on(BUG_FIX)
        on.world.merge_freeze.unfreeze(on.branch)
        await on.press("u", "y")
        await on.finished()
        assert not on.branch.frozen
        assert on.written[0].after == f"main is not frozen any more. #{BUG_FIX} can merge as it is."
