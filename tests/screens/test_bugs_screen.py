"""The bug board against the simulated services: what QA does, and what stands on GitHub then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from textual.widgets import Input, Static, TextArea

from fleet_tui.config.schema import Config
from fleet_tui.domain.bug_clock import Since
from fleet_tui.domain.journal import Outcome
from fleet_tui.screens.bugs import BugsScreen
from fleet_tui.screens.why_not import READ_ONLY
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import empty_world
from fleet_tui.simulator.world import Issue, World
from fleet_tui.simulator.world.boards import AWAITING_QA
from fleet_tui.widgets.card_list import CardList
from fleet_tui.wiring import Backend
from tests.helpers import NOW, until
from tests.screens.app_factory import LARGE, SMALL, Some, Stage, stage, with_needs

ME, QA, EM, PM, DEVELOPER = "lucasmrod", "xpkoala", "georgekarrv", "noahtalerman", "mna"
MDM, OTHER = "#g-mdm", "#g-endpoint-ops"
INBOX, LATE, SPARE, ACKNOWLEDGED, INCOMING, ENGINEERING, DRAFTING, ORPHAN = range(101, 109)
RELEASED = "~released bug"


def connect(config: Config, tokens: Mapping[str, Secret], store: Store, **given: Any) -> Backend:
    """With a board and a webhook, and no pauses between writes."""
    base = config.addresses.slack.removesuffix("/api")
    more = {"zenhub": Secret("sim-zenhub"), "slack-webhook": Secret(f"{base}/services/T0SIM/B0SIM/sim-webhook")}
    backend = Some(config, {**tokens, **more}, store, feeds=with_needs("me", *BugsScreen.FEEDS), **given)
    backend.writer._pause = 0
    backend.bugs.mover._look_every = 0.01
    return backend


def world_with_bugs() -> World:
    """A bug in each state."""
    world = empty_world(NOW)

    def add(number: int, *labels: str, days: float, to: str = "") -> Issue:
        issue = world.repo().open_issue(
            f"Bug {number} [b]x[/b]", "It does **not** work.", by="tux4ops", number=number, labels=["bug", *labels],
            at=NOW - timedelta(days=days),
        )  # fmt: skip
        if to:
            issue.assign(to, by=QA, at=issue.created_at)
        return issue

    add(INBOX, ":reproduce", days=0.1)
    add(LATE, ":reproduce", days=9)
    add(SPARE, ":reproduce", days=0.05)
    add(ACKNOWLEDGED, ":reproduce", days=33, to=QA)
    add(INCOMING, ":incoming", ":release", MDM, RELEASED, days=3, to=EM)
    add(ENGINEERING, ":release", MDM, RELEASED, days=60, to=DEVELOPER)
    add(DRAFTING, ":product", MDM, RELEASED, days=9, to=PM)
    add(ORPHAN, days=9)
    return world


@asynccontextmanager
async def board(world: World | None = None, size: tuple[int, int] = LARGE, **given: Any) -> AsyncIterator[Stage]:
    """The program on the bug board, all bugs and timelines read."""
    given = {"connect": connect, "screen": "bugs", **given}
    async with stage(world or world_with_bugs(), size=size, loaded=False, **given) as on:
        await until(lambda: on.app.backend and on.app.reading("me").at and on.app.reading("bugs").at)
        assert on.app.backend
        area = on.app.backend.bugs
        await until(lambda: not area.open_bugs.is_unsettled and on.app.reading("columns").at)
        await until(lambda: all(one.history for one in on.app.desks.bugs.bugs if not one.closed))
        await on.pilot.pause()
        yield on


def screen(on: Stage) -> BugsScreen:
    """The board, whatever dialog is above it."""
    found = on.app.screen_stack[0]
    assert isinstance(found, BugsScreen)
    return found


async def go(on: Stage, number: int) -> None:
    """Put the cursor on a bug."""
    screen(on).reveal(str(number))
    await on.pilot.pause()
    assert screen(on)._cards.selected_key == str(number)


def there(on: Stage, number: int) -> tuple[set[str], set[str]]:
    """Labels and assignees as the server has them."""
    issue = on.world.issue(number)
    return set(issue.label_names), {user.login for user in issue.assignees}


def columns(on: Stage) -> list[list[int]]:
    """The numbers of the cards, column by column."""
    lists = [screen(on).query_one(f"#cards-{number}", CardList) for number in range(3)]
    return [[int(entry.key) for entry in one.rows if entry.selectable] for one in lists]


def content(on: Stage, name: str) -> str:
    return str(screen(on).query_one(f"#{name}", Static).content)


async def written(on: Stage, count: int) -> None:
    """Wait until so many writes have ended and nothing is under way."""
    await until(lambda: sum(one.outcome is not Outcome.STARTED for one in on.written) >= count)
    await on.finished()


# What it shows -------------------------------------------------------------------------------------------------------


async def test_every_bug_stands_in_its_column_and_keys_lead_through_them() -> None:
    async with board() as on:
        assert columns(on) == [[LATE, INBOX, SPARE], [ACKNOWLEDGED], [ENGINEERING, INCOMING, DRAFTING]]
        assert "8 open   this week 3 opened" in on.text
        assert f"! 1 orphan, which nobody looks at: #{ORPHAN}   T to tidy up" in on.text
        assert "Inbox 3 · 1 overdue" in on.line_of("Inbox")
        assert "In engineering · 2" in on.text
        assert "Bug 102 [b]x[/b]" in on.text, "what people write is no markup"
        await on.press("l", "l", "j")
        assert screen(on)._cards.selected_key == str(INCOMING)
        await until(lambda: f"#{INCOMING} " in content(on, "about"))
        assert "assigned to georgekarrv" in content(on, "about")
        assert "triage in 39 d" in content(on, "about")
        await on.press("l", "h", "h", "h", "k")
        assert screen(on)._cards.selected_key == str(LATE)
        assert screen(on).link.endswith(f"/{LATE}")

        # text, comments and history of one
        on.world.issue(LATE).comment("Me too, @lucasmrod!", by="tux4ops", at=NOW)
        await on.press("enter")
        await on.sees("It does not work.")
        await on.sees("Me too, @lucasmrod!")
        assert "+ :reproduce  tux4ops" in on.text
        await on.press("escape")

        # filters and group, which stick
        await on.press("slash", *"is:overdue", "enter")
        assert columns(on) == [[LATE], [ACKNOWLEDGED], [ENGINEERING]]
        await on.press("g")
        assert columns(on) == [[], [], [ENGINEERING]]
        assert f"only {MDM}, g for the next" in on.text
        on.world.issue(ENGINEERING).add_labels("P1", by=DEVELOPER, at=NOW)
        await on.read_again("bugs")
        assert columns(on) == [[], [], [ENGINEERING]]
        assert "P1" in on.text
        await on.press("g", "g", "escape", "b", "2")
        await on.pilot.pause()
        assert on.find("#filter", Input).value == "is:overdue"
        await on.fill("filter", "is:nonsense")
        assert "is:nonsense means nothing" in on.text
        await on.press("escape")
        assert columns(on)[0] == [LATE, INBOX, SPARE]


async def test_a_narrow_terminal_shows_one_column_a_wide_one_the_text_beside_them() -> None:
    async with board(size=SMALL) as on:
        assert "Inbox 3 · 1 overdue   Acknowledged 1 · 1 overdue   Reproduced 3 · 1 overdue" in on.text
        assert f"#{LATE}" in on.text
        assert f"#{ACKNOWLEDGED}" not in on.text
        await on.press("l")
        assert f"#{ACKNOWLEDGED}" in on.text
        assert f"#{LATE}" not in on.text
        await on.resize(200, 60, until_it_shows="It does not work.")
        assert f"#{LATE}" in on.text
        assert screen(on)._cards.selected_key == str(ACKNOWLEDGED)
        await on.resize(80, 24, until_it_shows="T to tidy up")
        assert screen(on)._cards.selected_key == str(ACKNOWLEDGED)
        assert f"#{LATE}" not in on.text


async def test_a_bug_that_went_elsewhere_leaves_a_cursor_that_moves_nothing() -> None:
    async with board() as on:
        await go(on, INBOX)
        on.world.issue(INBOX).assign(QA, by=QA, at=NOW)
        await on.read_again("bugs")
        assert columns(on)[0] == [LATE, SPARE]
        await on.press("a", "p", "exclamation_mark")
        assert "No bug is chosen. Press j or k to take hold of one." in on.toasts
        assert on.dialog is None
        assert on.written == []
        await on.press("j", "a")
        await written(on, 1)
        assert there(on, SPARE)[1] == {ME}


# Moves ---------------------------------------------------------------------------------------------------------------


def meddle(on: Stage, number: int, label: str) -> None:
    """Somebody else sets a label while the next move is under way."""
    tell = on.app._tell

    def telling(sentence: str) -> None:
        if sentence and label not in on.world.issue(number).label_names:
            on.world.issue(number).add_labels(label, by="getvictor", at=on.clock())
        tell(sentence)

    on.app._tell = telling  # type: ignore[method-assign]


BUG = {"bug"}
HANDED = BUG | {":incoming", ":release"}
MOVES: tuple[tuple[int, tuple[str, ...], set[str], set[str]], ...] = (
    (INBOX, ("a",), BUG | {":reproduce"}, {ME}),
    (SPARE, ("v", "1", "1"), HANDED | {OTHER, RELEASED}, {"sharon-fdm"}),
    (ACKNOWLEDGED, ("v", "2", "2"), HANDED | {MDM, "~unreleased bug"}, {QA, EM}),
    (INCOMING, ("m",), BUG | {":release", MDM, RELEASED}, {EM}),
    (ENGINEERING, ("d",), BUG | {":product", MDM, RELEASED}, {DEVELOPER, PM}),
    (LATE, ("p", "2"), BUG | {":reproduce", "P1"}, set()),
)
"""A bug, keys, and the labels and assignees that the rules ask for."""


async def test_each_move_leaves_what_the_rule_says_whatever_others_set_in_the_same_second() -> None:
    async with board() as on:
        labels = {group.manager: group.label for group in on.app.config.groups}
        assert [labels[EM], labels["sharon-fdm"]] == [MDM, OTHER]
        order = [group.label for group in on.app.config.groups]
        for index, (number, keys, wanted, people) in enumerate(MOVES, 1):
            before = there(on, number)
            on.clock.advance(minutes=1)
            if keys[0] == "v":  # the groups by their place in the settings
                group = OTHER if OTHER in wanted else MDM
                keys = ("v", str(order.index(group) + 1), keys[2])
            meddle(on, number, f"customer-{number}")
            await go(on, number)
            await on.press(*keys)
            await written(on, 2 * index - 1)
            assert there(on, number) == (wanted | {f"customer-{number}"}, people), keys
            assert on.written[0].outcome is Outcome.DONE
            await on.press("z")
            await written(on, 2 * index)
            assert there(on, number) == (before[0] | {f"customer-{number}"}, before[1]), keys


async def test_comments_columns_and_closing() -> None:
    async with board() as on:
        await go(on, ACKNOWLEDGED)
        await on.press("n")
        dialog = on.find("#comment", TextArea)
        assert dialog.text.startswith("Hi @tux4ops!")
        dialog.text = "Any news?"
        await on.pilot.pause()
        await on.press("y")
        await written(on, 1)
        assert [one.body for one in on.world.issue(ACKNOWLEDGED).comments] == ["Any news?"]
        assert there(on, ACKNOWLEDGED) == (BUG | {":reproduce"}, {QA})
        await on.press("z")
        assert any("A comment cannot be taken back." in toast for toast in on.toasts)

        await go(on, ENGINEERING)
        await on.press("w")
        await written(on, 2)
        assert on.world.boards.board(MDM).placed[ENGINEERING] == AWAITING_QA
        await until(lambda: "Awaiting QA · 1" in on.text)

        await go(on, ACKNOWLEDGED)
        await on.press("s", "n")
        assert on.dialog is None, "the first answer is no"
        await on.press("s", "y")
        await written(on, 3)
        closed = on.world.issue(ACKNOWLEDGED)
        assert (closed.state, closed.state_reason) == ("closed", "not_planned")
        assert closed.comments[-1].body.startswith("Hi @tux4ops! We are closing this")
        await until(lambda: columns(on)[1] == [])


async def test_a_move_that_makes_no_sense_says_why_and_writes_nothing() -> None:
    async with board() as on:
        for number, key, why in (
            (LATE, "m", f"#{LATE} is not incoming: its manager has seen it."),
            (LATE, "d", f"#{LATE} is in the inbox. Only a bug that was reproduced goes to product."),
            (ACKNOWLEDGED, "a", f"#{ACKNOWLEDGED} is acknowledged already, by xpkoala."),
            (DRAFTING, "w", f"#{DRAFTING} is in product drafting. Only a bug in engineering goes to QA."),
        ):
            await go(on, number)
            await on.press(key)
            await on.pilot.pause()
            assert why in on.toasts
        await go(on, LATE)
        await on.press("p", "4")
        await on.pilot.pause()
        assert f"#{LATE} is so already: nothing is to be changed." in on.toasts
        assert on.written == []


async def test_a_move_that_is_cut_off_is_named_and_can_be_finished_or_undone() -> None:
    async with board() as on:
        for end, wanted in (("f", BUG | {":product", MDM, RELEASED}), ("z", BUG | {":release", MDM, RELEASED})):
            on.clock.advance(minutes=1)
            number = ENGINEERING if end == "f" else INCOMING
            people = there(on, number)[1]
            await go(on, number)
            fault = on.simulator.faults.add("status", status=502, service="github", method="POST", path="/assignees")
            await on.press("d")
            await until(lambda: on.written and on.written[0].outcome is Outcome.FAILED)
            await on.finished()
            on.simulator.faults.rules.remove(fault)
            assert ":product" in there(on, number)[0]
            assert any(f"#{number} is moved half-way. Missing: assign noahtalerman" in toast for toast in on.toasts)
            await until(lambda: "! half-way, f finishes" in on.text)
            assert "Moved half-way: Hand to product. Missing: assign noahtalerman" in content(on, "about")
            count = len(on.written)
            await on.press(end)
            await written(on, count + 1)
            expected = wanted | ({":incoming"} if number == INCOMING else set())
            assert there(on, number) == (expected, people | ({PM} if end == "f" else set())), end
            await until(lambda: "half-way" not in on.text)


async def test_two_people_move_the_same_bug() -> None:
    async with board() as on:
        await until(lambda: on.app.desks.bugs.is_settled)
        await go(on, INBOX)
        await on.press("a")
        await written(on, 1)
        assert on.app.desks.bugs.board.by_number[INBOX].since == Since(on.clock()), "no timeline has to be read for it"
        on.clock.advance(minutes=1)
        other = on.world.issue(INBOX)
        other.remove_label(":reproduce", by=QA, at=on.clock())
        other.add_labels(":release", MDM, by=QA, at=on.clock())
        await on.read_again("bugs")
        await on.press("z")
        await until(lambda: any("was moved since: #g-mdm was added, :release was added" in one for one in on.toasts))
        assert len(on.written) == 1


async def test_what_somebody_did_since_the_last_poll_counts() -> None:
    async with board() as on:
        await go(on, SPARE)
        await on.press("a")
        await written(on, 1)
        on.clock.advance(minutes=1)
        inbox = on.world.issue(INBOX)
        inbox.assign(QA, by=QA, at=on.clock())
        await go(on, INBOX)
        await on.press("a")
        await written(on, 2)
        assert f"#{INBOX} is acknowledged already, by {QA}." in said(on)
        assert there(on, INBOX) == (BUG | {":reproduce"}, {QA}), "it has not got two people"
        spare = on.world.issue(SPARE)
        spare.remove_label(":reproduce", by=QA, at=on.clock())
        spare.add_labels(":product", MDM, by=QA, at=on.clock())
        await on.press("z")
        await until(lambda: f"#{SPARE} was moved since: #g-mdm was added, :product was added" in said(on))
        assert there(on, SPARE) == (BUG | {":product", MDM}, {ME}), "nothing of it is taken back"


def said(on: Stage) -> str:
    return "\n".join(on.toasts)


async def test_several_move_together_with_a_report_of_what_failed() -> None:
    async with board() as on:
        for number in (LATE, INBOX, ACKNOWLEDGED):
            await go(on, number)
            await on.press("space")
        assert "3 marked, u unmarks" in on.text
        on.world.issue(INBOX).close(by=QA, at=NOW)
        await on.press("a")
        await on.pilot.pause()
        assert f"#{LATE} Bug {LATE} [b]x[/b]" in on.text, "they are named before anything is written"
        await on.press("y")
        await written(on, 2)
        await until(lambda: any(toast.startswith("1 of 3 bugs moved.") for toast in on.toasts))
        report = next(toast for toast in on.toasts if "of 3 bugs" in toast)
        assert f"#{ACKNOWLEDGED} is acknowledged already, by xpkoala." in report
        assert f"#{INBOX} is closed." in report, "though the last poll has not seen it"
        assert there(on, LATE)[1] == {ME}
        await until(lambda: "1 marked" in content(on, "aside"))  # what failed stays so, but for the closed one
        await on.press("u")
        assert "marked" not in content(on, "aside")


async def test_what_one_press_moved_is_taken_back_by_one_with_a_report_of_what_was_not() -> None:
    async with board() as on:
        for number in (LATE, INBOX, SPARE):
            await go(on, number)
            await on.press("space")
        await on.press("a", "y")
        await written(on, 3)
        on.clock.advance(minutes=1)
        on.world.issue(INBOX).add_labels(":product", by=QA, at=on.clock())
        await on.press("z")
        await on.pilot.pause()
        assert "Take back “Acknowledge” of 3 bugs?" in on.text
        assert f"#{LATE} Bug {LATE} [b]x[/b]" in on.text
        await on.press("n")
        assert len(on.written) == 3, "the first answer is no"
        await on.press("z", "y")
        await written(on, 6)
        await until(lambda: any(toast.startswith("2 of 3 bugs taken back.") for toast in on.toasts))
        assert f"#{INBOX} was moved since: :product was added." in said(on)
        assert [there(on, number)[1] for number in (LATE, INBOX, SPARE)] == [set(), {ME}, set()]
        await on.press("z")
        await until(lambda: "“Acknowledge” cannot be taken back." in said(on))
        assert len(on.written) == 6


# The alarm of a critical bug -----------------------------------------------------------------------------------------


async def test_a_critical_bug_rings_once_and_its_alarm_goes_to_slack_on_confirmation() -> None:
    rung: list[int] = []
    async with board() as on:
        on.app.bell = lambda: rung.append(1)  # type: ignore[method-assign]
        on.world.issue(SPARE).add_labels("~critical bug", by=QA, at=NOW)
        await on.read_again("bugs")
        await on.sees(f"critical bug #{SPARE}")
        await on.read_again("bugs")
        assert rung == [1]
        await on.press("A")
        await on.pilot.pause()
        assert "critical bug" not in on.lines[0]

        await go(on, LATE)
        await on.press("exclamation_mark", "y")
        await written(on, 1)
        assert "~critical bug" in there(on, LATE)[0]
        await on.sees(f"Raise the alarm of #{LATE} in Slack.")
        await on.press("s", "n")
        assert on.world.slack.posted == []
        go_on = posted_when(on)
        await on.press("s", "y", "q")  # it is on its way when the dialog is closed
        assert on.dialog is None
        assert on.world.slack.posted == []
        go_on.set()
        await written(on, 2)
        (posted,) = on.world.slack.posted
        assert f"Critical bug #{LATE}" in posted
        await on.sees(f"Product has to confirm #{LATE} in 1 h")
        on.clock.advance(minutes=61)
        await on.press("exclamation_mark")
        await on.sees(f"Product has not confirmed #{LATE} within 1 h: fall back to #help-p1.")
        await on.press("2", "3", "4")
        await on.pilot.pause()
        assert "The priority is read from the bug's labels" in " ".join(on.toasts)
        assert f"Next of #{LATE}: priority label set." in on.text
        await on.press("2")
        await on.sees("fall back to #help-p1")


def posted_when(on: Stage) -> asyncio.Event:
    """Nothing reaches Slack before this is set."""
    assert on.app.backend
    slack = on.app.backend.slack
    assert slack
    post, go_on = slack.post, asyncio.Event()

    async def late(text: str) -> None:
        await go_on.wait()
        await post(text)

    slack.post = late  # type: ignore[method-assign]
    return go_on


# Tidying up, stories, faults -----------------------------------------------------------------------------------------


async def test_the_tidy_up_list_mends_with_one_key() -> None:
    async with board() as on:
        on.world.issue(ENGINEERING).add_labels(":product", by=QA, at=NOW)
        await on.read_again("bugs")
        await on.press("T")
        await on.sees("2 things to tidy up")
        await on.press("enter")
        await written(on, 1)
        assert there(on, ORPHAN)[0] == BUG | {":reproduce"}
        await on.sees("1 thing to tidy up")
        await on.press("2")
        await written(on, 2)
        assert there(on, ENGINEERING)[0] == BUG | {":release", MDM, RELEASED}
        await until(lambda: "Nothing is to be tidied up." in on.toasts)
        assert "orphan" not in on.text


async def test_the_mends_are_seen_on_a_small_terminal_however_many_bugs_need_one() -> None:
    world = world_with_bugs()
    for number in range(900, 930):
        world.repo().open_issue("Forgotten", by="tux4ops", number=number, labels=["bug"], at=NOW)
    async with board(world, size=(80, 24)) as on:
        await on.press("T")
        await on.sees("31 things to tidy up")
        await on.sees("1 Back to the inbox (Enter)")
        await on.sees("2 Put into product drafting")


async def test_a_story_is_created_from_the_template() -> None:
    async with board() as on:
        await on.press("c")
        await on.sees("Create an engineering-initiated story?")
        signs = [line.partition("▐")[2][0] for line in on.lines if "▌ #g-" in line]
        assert (signs[0], {*signs[1:]}) == ("●", {"○"}), "seen without colours"
        await on.fill("summary", "Faster [b]queries[/b]")
        await on.press("enter", "tab", "y")
        await written(on, 1)
        story = max(on.world.repo().issues.values(), key=lambda one: one.number)
        assert story.title == "Faster [b]queries[/b]"
        assert {"story", "~engineering-initiated"} <= set(story.label_names)
        assert [user.login for user in story.assignees] == [ME]
        assert f"cc @{on.app.config.groups[0].manager}" in story.body


async def test_while_github_is_away_the_board_stays_and_moves_say_so() -> None:
    async with board() as on:
        await go(on, INBOX)
        await on.switch_off()
        await on.press("a")
        await until(lambda: on.written and on.written[0].outcome is not Outcome.STARTED)
        assert on.written[0].outcome in {Outcome.FAILED, Outcome.UNCONFIRMED}
        assert columns(on)[0] == [LATE, INBOX, SPARE]
        await on.switch_on()
        await asyncio.sleep(0)
        await on.press("a")
        await written(on, 2)
        assert there(on, INBOX)[1] == {ME}


async def test_read_only_has_no_writing_keys_and_tidying_up_mends_nothing() -> None:
    async with board(read_only=True) as on:
        writing = {"acknowledge", "reproduced", "product", "seen", "await_qa", "ping", "stale", "priority", "critical"}
        writing |= {"undo", "finish", "story"}
        assert not {f"bugs.{name}" for name in writing} & on.keys.keys()
        before: Callable[[], int] = lambda: len(on.simulator.requests.select("github"))  # noqa: E731
        asked = before()
        await on.press("v", "d", "m", "w", "n", "s", "z", "c", "exclamation_mark")
        assert on.dialog is None
        assert on.toasts == [READ_ONLY], "once for all"
        assert "a Alerts" not in on.lines[-1], "a has no other meaning meanwhile"
        await on.press("a")
        assert on.dialog is None
        on.app.clear_notifications()
        on.clock.advance(minutes=1)
        await on.press("T", "enter")
        await on.pilot.pause()
        assert on.toasts == [READ_ONLY]
        assert before() == asked
