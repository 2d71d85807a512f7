"""The handoff: the note, the checklist, and what is kept of both while they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fleet_tui.config.schema import Config
from fleet_tui.domain.handoff import Draft, HandoffFacts, Step, note, steps
from fleet_tui.domain.merge_conditions import Condition
from fleet_tui.domain.on_call_waiting import Kind, Waiting
from fleet_tui.services.on_call_memory import Marks, keep_draft, kept_draft
from fleet_tui.services.store import Store
from tests.helpers import NOW, ago, config, moment

CONFIG = config(
    on_call={"retrospective": ("What was asked?", "Which page?"), "handoff_steps": ("Alias moved", "Threads given")}
)
START, END = moment("2025-05-28 16:00"), moment("2025-06-04 16:00")
FACTS = HandoffFacts("lucasmrod", "getvictor", START, END)
DRAFT = Draft(START)
PULL = Waiting(
    Kind.COMMUNITY, 7, "Fix *it*", "https://github.com/fleetdm/fleet/pull/7", ago(days=1), ago(hours=1), "kiltzsec",
    "never answered",
)  # fmt: skip
BUG = Waiting(Kind.CRITICAL, 8, "Data loss", "https://github.com/fleetdm/fleet/issues/8", ago(days=1))


def test_the_note_tells_everything_in_its_place() -> None:
    facts = HandoffFacts(
        "lucasmrod", "getvictor", START, END, (BUG, PULL), "main is frozen.", "4.45.0 is due Mon 9 Jun.",
        ("APNs: expires in 12 d",),
    )  # fmt: skip
    draft = DRAFT.answered("What was asked?", "Passwords.\n\n- and more\n").toggled("Alias moved")
    assert (
        note(facts, draft, NOW, CONFIG)
        == """\
# On-call handoff: @lucasmrod → @getvictor

Wed 28 May 9:00 to Wed 9:00 (PT).

## Open threads and pull requests

- [#7](https://github.com/fleetdm/fleet/pull/7) Fix \\*it\\* (community pull request, by kiltzsec, overdue since Thu \
7:00, never answered)

## Critical bugs

- [#8](https://github.com/fleetdm/fleet/issues/8) Data loss (critical bug, since Wed 8:00)

## Freeze and release

- main is frozen.
- 4.45.0 is due Mon 9 Jun.

## Certificates near expiry

- APNs: expires in 12 d

## Retrospective

**What was asked?**

Passwords.

- and more

**Which page?**

*Not answered.*

## Checklist

- [x] Alias moved
- [ ] Threads given
"""
    )


def test_what_there_is_nothing_of_is_said_too() -> None:
    text = note(HandoffFacts("lucasmrod", "", START, END), DRAFT, NOW, CONFIG)
    assert text.count("None.") == 4
    assert text.startswith("# On-call handoff: @lucasmrod → nobody known\n")


@given(title=st.text(max_size=60), author=st.text(max_size=20))
def test_no_title_makes_a_link_a_mention_or_a_paragraph_of_its_own(title: str, author: str) -> None:
    row = Waiting(Kind.ISSUE, 7, title, "https://github.com/x) [y](z", NOW, None, author)
    text = note(HandoffFacts("a", "b", START, END, (row,)), DRAFT, NOW, CONFIG)
    tokens = [child for token in MarkdownIt().parse(text) for child in token.children or ()]
    links = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    assert links == ["https://github.com/x%29%20%5By%5D%28z"]
    assert {token.type for token in tokens} <= {
        "text", "link_open", "link_close", "strong_open", "strong_close", "em_open", "em_close", "softbreak",
        "text_special",
    }  # fmt: skip
    assert len(text.splitlines()) == len(note(FACTS, DRAFT, NOW, CONFIG).splitlines())


def test_a_mention_in_a_title_calls_nobody() -> None:
    row = Waiting(Kind.ISSUE, 7, "ping @fleetdm/all", "https://x", NOW)
    assert "@fleetdm" not in note(HandoffFacts("a", "b", START, END, (row,)), DRAFT, NOW, CONFIG)


# Draft and checklist -------------------------------------------------------------------------------------------------


def test_the_checklist_is_in_the_order_of_the_settings() -> None:
    ticked = DRAFT.toggled("Threads given").toggled("Of another year")
    assert steps(ticked, CONFIG) == (Step("Alias moved", done=False), Step("Threads given", done=True))
    assert steps(ticked.toggled("Threads given"), CONFIG)[1].done is False


def test_an_answer_replaces_the_former_one() -> None:
    draft = DRAFT.answered("What was asked?", "a").answered("Which page?", "b").answered("What was asked?", "c")
    assert dict(draft.answers) == {"What was asked?": "c", "Which page?": "b"}


def test_by_default_there_are_three_questions_and_the_alias_among_the_steps() -> None:
    assert len(Config().on_call.retrospective) == 3
    assert any("@oncall" in step.words for step in steps(DRAFT, Config()))


def test_the_draft_is_there_at_the_next_start_and_gone_with_the_shift(tmp_path: Path) -> None:
    draft = DRAFT.answered("Which page?", "Ünïcode\n").toggled("Alias moved")
    first = Store(tmp_path / "state")
    keep_draft(first, draft)
    first.close()
    again = Store(tmp_path / "state")
    assert kept_draft(again, START) == draft
    assert kept_draft(again, END) == Draft(END)
    again.close()


# Marks ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def store() -> Store:
    return Store(None)


def test_marks_are_kept_per_pull_request_and_repository(store: Store) -> None:
    Marks(store, "fleetdm/fleet").toggle(7, "abc", Condition.USEFUL)
    assert Marks(store, "fleetdm/fleet").toggle(7, "abc", Condition.DOCS) == {Condition.USEFUL, Condition.DOCS}
    assert Marks(store, "fleetdm/fleet").of(7, "abc") == {Condition.USEFUL, Condition.DOCS}
    assert Marks(store, "fleetdm/fleet").of(8, "abc") == frozenset()
    assert Marks(store, "fleetdm/other").of(7, "abc") == frozenset()


def test_a_mark_can_be_taken_back(store: Store) -> None:
    marks = Marks(store, "fleetdm/fleet")
    marks.toggle(7, "abc", Condition.USEFUL)
    assert marks.toggle(7, "abc", Condition.USEFUL) == frozenset()


def test_a_push_takes_the_marks_back(store: Store) -> None:
    marks = Marks(store, "fleetdm/fleet")
    marks.toggle(7, "abc", Condition.USEFUL)
    assert marks.of(7, "def") == frozenset()
    assert marks.toggle(7, "def", Condition.DOCS) == {Condition.DOCS}
    assert marks.of(7, "abc") == frozenset()
