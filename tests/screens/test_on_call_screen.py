"""The on-call screen against the simulated services: what is done, and what stands in the world then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

from textual.widgets import Button, Checkbox, Input, TextArea

from fleet_tui.config.on_call import Person
from fleet_tui.domain.journal import Outcome
from fleet_tui.screens import on_call_view as view
from fleet_tui.screens.why_not import EVERYWHERE, NO_PULL
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import empty_world
from fleet_tui.simulator.seed.rosters import RITUALS
from fleet_tui.simulator.world import PullRequest, World
from tests.helpers import NOW, ago, config, until
from tests.screens.app_factory import LARGE, TOKENS, Stage, stage

NUMBER, GUEST, HANDOFF_ISSUE = 7, "kiltzsec", 3
WHOLE = ("server/a.go", "server/a_test.go", "docs/a.md", "changes/7-a")
SETTINGS = config(
    on_call={
        "people": (
            Person(name="Lucas", login="lucasmrod", slack="U0LUCAS"),
            Person(name="Victor", login="getvictor", slack="U0VICTOR"),
        ),
        "first_week": date(2025, 6, 4),
        "handoff_issue": HANDOFF_ISSUE,
    }
)
FREEZE = ("freeze", "milestones")
"""What may be merged follows from these."""
WEEKLY = """
- task: Look through the inbox
  startedOn: 2025-06-02
  frequency: Daily
  dri: lucasmrod
"""


def quiet() -> World:
    """A world in which nobody waits for anything, but for an issue that handoff notes are posted on."""
    world = empty_world(NOW)
    world.repo().open_issue("Handoffs", by="lukeheath", number=HANDOFF_ISSUE)
    world.repo().files[RITUALS] = WEEKLY
    return world


def contributed() -> tuple[World, PullRequest]:
    """The same, and a contribution that lacks nothing but somebody who says that it is useful."""
    world = quiet()
    pull = world.repo().open_pull(
        "Fix a typo", "Fixes it.", by=GUEST, files=WHOLE, labels=["bug"], number=NUMBER, at=ago(hours=20)
    )
    pull.start_check("test", at=ago(hours=19))
    pull.finish_check("test", "success", at=ago(hours=19))
    return world, pull


@asynccontextmanager
async def on_call(world: World, size: tuple[int, int] = LARGE, **given: Any) -> AsyncIterator[Stage]:
    """The program on the on-call screen, when everything has been read."""
    async with stage(world, size=size, loaded=False, screen="oncall", settings=SETTINGS, feeds=FREEZE, **given) as on:
        needed = (*FREEZE, "pulls", "members", "roster", "rituals", "me")
        await until(lambda: all(on.app.reading(name).at for name in needed))
        assert on.app.backend
        on.app.backend.writer._pause = 0
        await on.pilot.pause()
        yield on


async def test_a_contribution_is_answered_reviewed_marked_and_merged() -> None:
    world, pull = contributed()
    async with on_call(world) as on:
        assert "You are on call" in on.text
        assert "in 6 d 1 h" in on.line_of("since Wed 4 Jun 9:00")
        assert "Lucas → Wed" in on.lines[0]
        await on.put_cursor_on(NUMBER)
        assert "Not all conditions hold: useful" in on.text

        await on.press("m")
        assert on.dialog is None
        assert "cannot be merged" in on.toasts[-1]

        await on.press("c", "1")
        await on.press("y")
        await on.finished()
        assert [(one.author.login, one.body[:25]) for one in pull.comments] == [
            ("lucasmrod", "Thank you for this contri")
        ]

        await on.press("v")
        assert on.why
        on.find("#line", Input).value = "getvictor"
        await on.press("enter")
        await on.finished()
        assert [user.login for user in pull.requested] == ["getvictor"]

        await on.press("a", "enter")  # Enter says no
        await on.press("a", "y")
        await on.finished()
        assert [(one.state, one.author.login) for one in pull.reviews] == [("APPROVED", "lucasmrod")]

        await on.press("space", "1")
        await on.sees("It may be merged.")
        await on.press("m", "y")
        await on.finished()
        assert pull.merged
        assert pull.merged_by
        assert pull.merged_by.login == "lucasmrod"
        assert [one.action for one in on.written] == [
            "oncall.merge", "oncall.approve", "oncall.reviewer", "oncall.comment",
        ]  # fmt: skip
        await on.sees(view.QUIET)


async def test_nothing_is_merged_while_a_feature_freeze_holds() -> None:
    world, pull = contributed()
    pull.labels.clear()
    async with on_call(world) as on:
        await on.put_cursor_on(NUMBER)
        await on.press("space", "1")
        await on.press("m")
        assert on.dialog
        world.merge_freeze.freeze(world.merge_freeze.branch(), by="lukeheath")  # while the question is open
        await on.press("y")
        await on.finished()
        assert not pull.merged
        assert on.written[0].outcome is Outcome.FAILED
        assert "The freeze does not let it merge" in on.written[0].after

        await on.read_again("freeze", "pulls")
        await on.press("m")
        assert on.dialog is None
        assert "cannot be merged. The freeze does not let it merge" in on.toasts[-1]
        assert not pull.merged


async def test_a_push_while_the_question_is_open_is_not_merged() -> None:
    world, pull = contributed()
    async with on_call(world) as on:
        await on.put_cursor_on(NUMBER)
        await on.press("space", "1", "m")
        pull.push()
        await on.press("y")
        await on.finished()
        assert not pull.merged
        assert "Somebody pushed" in on.written[0].after


async def test_rituals_and_the_handoff(tmp_path: Path) -> None:
    world, store = quiet(), Store(None)
    tokens = TOKENS | {"slack": Secret("sim-slack")}
    async with on_call(world, store=store, tokens=tokens) as on:
        assert view.QUIET in on.text
        assert on.table.select(f"{view.RITUAL}Look through the inbox")
        await on.press("d")
        await on.sees("done today")
        await on.press("d")
        await until(lambda: "done today" not in on.text)

        await on.press("h")
        on.find("TextArea", TextArea).text = "Passwords."
        on.find("#step-1", Checkbox).value = True
        await on.pilot.pause()
        await on.press("escape")
        assert on.dialog is None
        await on.press("h")
        assert on.find("TextArea", TextArea).text == "Passwords."
        assert on.find("#step-1", Checkbox).value
        assert "▐✔▌ Open threads are handed over" in on.text
        assert "▐○▌ The retrospective is written" in on.text

        on.find("#answer-f", Button).focus()
        await on.press("f")
        on.find("#line", Input).value = str(tmp_path / "note.md")
        await on.press("enter")
        await until(lambda: on.dialog and on.dialog.query("TextArea"))
        written = (tmp_path / "note.md").read_text(encoding="utf-8")
        assert "# On-call handoff: @lucasmrod → @getvictor" in written
        assert "Passwords." in written
        assert "- [x] Open threads are handed over" in written

        on.find("#answer-f", Button).focus()
        await on.press("i")
        await on.sees("Post the note on #3?")
        await on.press("y")
        await on.finished()
        assert [one.body for one in world.issue(HANDOFF_ISSUE).comments] == [written.strip()]

        await until(lambda: on.dialog and on.dialog.query("#answer-s"))
        on.find("#answer-f", Button).focus()
        await on.press("s")
        await on.sees("Takes out: lucas")
        assert "Brings in: victor" in on.text
        await on.press("y")
        await until(lambda: world.slack.group("oncall").users == ["U0VICTOR"])
        await on.finished()
        await on.press("escape")
    store.close()


async def test_without_a_roster_it_says_how_to_make_one_and_nothing_fails() -> None:
    world, _ = contributed()
    async with stage(world, size=LARGE, screen="oncall") as on:
        await on.sees("No on-call roster is set up.")
        await on.sees("Fix a typo")
        assert "first_week" in on.text
        assert on.app.reading("roster").problem is None
        assert not on.keys["oncall.handoff"]


async def test_a_key_that_cannot_act_says_why_and_has_no_other_meaning() -> None:
    async with on_call(quiet()) as on:
        assert on.keys["oncall.approve"] is False
        await on.press("a")
        assert on.dialog is None, "a would lead to the alerts"
        assert on.toasts == [NO_PULL]
        await on.press("y", "c")
        assert on.toasts[1:] == [EVERYWHERE["copy_link"], NO_PULL]
        await on.press("f2")
        assert on.dialog
        assert len(on.toasts) == 3
