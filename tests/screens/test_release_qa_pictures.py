"""How the release QA screen looks. Look at every picture before freezing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleet_tui.domain.checklist import ItemId, Verdict, read, set_verdict
from fleet_tui.domain.qa import QaBody, QaIssue, Remark
from fleet_tui.domain.qa_history import QaView, Ticked
from fleet_tui.domain.qa_watch import contested
from fleet_tui.feed import Reading
from fleet_tui.screens import release_qa_view as view
from tests.screens.test_pictures import NOW, Compare, Run, app, failing, having, readings, values

DATA = Path(__file__).parents[1] / "data"
NUMBER = 17270
TICKED = (("Update flow", Verdict.PASS), ("Login flow", Verdict.PASS), ("Query flow", Verdict.FAIL))
QA_ISSUE = QaIssue(
    NUMBER, "Release QA: 4.45.0", f"https://github.com/fleetdm/fleet/issues/{NUMBER}", "open", ("xpkoala",),
    frozenset({":release"}), NOW, False,
)  # fmt: skip
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"])
MIDDLE = (120, 40)


def named(body: str, name: str) -> ItemId:
    """A test of `body`."""
    return next(item.id for item in read(body).items if item.name == name)


@cache
def checklist(file: str = "release-qa-template.md", *, ready: bool = False) -> QaView:
    """An issue with that text, in which two people have ticked."""
    body = (DATA / file).read_text(encoding="utf-8")
    ticks = []
    for number, (name, verdict) in enumerate(TICKED if file.startswith("release") else ()):
        edit = set_verdict(body, named(body, name), verdict)
        assert edit
        body = edit.body
        who = ("sabrinabuckets", "xpkoala")[number % 2]
        ticks.append(Ticked(named(body, name), who, NOW - timedelta(hours=3 + number)))
    said = Remark("sabrinabuckets", NOW, "@lukeheath #g-mdm is ready for 4.45.0: 5 of 5 tests passed.", "")
    return QaView(QaBody(QA_ISSUE, body), tuple(ticks), (said,) if ready else ())


def heard(shown: QaView | None) -> dict[str, Reading[Any]]:
    """Readings with this issue, or with none open."""
    issues = (shown.body.issue,) if shown else ()
    return readings(NOW, values(release_qa=issues, checklist=shown))


def on_qa(shown: QaView | None, *keys: str, then: Callable[[Any], None] | None = None, away: bool = False) -> Run:
    """Hear these readings, let something happen, press keys."""
    said = heard(shown)
    if away:
        said |= {name: failing(name, one) for name, one in said.items()}

    async def play(pilot: Pilot[Any]) -> None:
        await having(said)(pilot)
        if then:
            then(pilot.app)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    return play


def under_way(program: Any) -> None:
    """One verdict is being sent, one was seen on the server, one is contested."""
    body = program.desks.qa.view.body.body
    sync = program.backend.release_qa.sync(NUMBER)
    sync.body = body
    sync.set_verdict(named(body, "Scripts"), Verdict.PASS)
    sync.set_verdict(named(body, "Host Flow"), Verdict.PASS)
    sync.set_verdict(named(body, "Packs flow"), Verdict.PASS)
    edit = set_verdict(body, named(body, "Host Flow"), Verdict.PASS)
    assert edit
    sync._look(edit.body, sync._now())
    sync._keep(contested(sync.pending[named(body, "Packs flow")], "fail", "xpkoala"))
    program._moment.end()
    program.screen.query_one("#tests").select(
        view.key_of(next(item for item in read(body).items if item.name == "Packs flow"))
    )


@SIZES
def test_a_checklist(snap_compare: Compare, size: tuple[int, int]) -> None:
    program = app(NOW, screen="release_qa")
    assert snap_compare(program, terminal_size=size, run_before=on_qa(checklist(ready=True), "n"))


@pytest.mark.parametrize("size", [(80, 24), MIDDLE], ids=["80x24", "120x40"])
def test_sending_sent_and_a_conflict(snap_compare: Compare, size: tuple[int, int]) -> None:
    program = app(NOW, screen="release_qa")
    assert snap_compare(program, terminal_size=size, run_before=on_qa(checklist(), then=under_way))


@pytest.mark.parametrize(
    ("shown", "keys", "away"),
    [
        pytest.param(None, (), False, id="nothing-open"),
        pytest.param(checklist(), (), True, id="offline"),
        pytest.param(checklist(), ("x",), False, id="fails-first"),
        pytest.param(checklist("mangled.md"), ("G",), False, id="not-understood"),
        pytest.param(checklist("task-list.md"), ("n",), False, id="task-list"),
        pytest.param(checklist(), ("g", "1"), False, id="ready"),
        pytest.param(checklist(), ("e", "1", "o", "n", "e"), False, id="notes"),
        pytest.param(checklist(), ("question_mark",), False, id="help"),
    ],
)
def test_states_and_dialogs(snap_compare: Compare, shown: QaView | None, keys: tuple[str, ...], away: bool) -> None:
    program = app(NOW, screen="release_qa")
    assert snap_compare(program, terminal_size=MIDDLE, run_before=on_qa(shown, *keys, away=away))
