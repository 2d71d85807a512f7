"""Whoever parses text from outside: any text gives a value or a failure, in a time that its length bounds."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from time import thread_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.markdown import Markdown

from fleet_tui.domain.bug_detail import BugDetail
from fleet_tui.domain.checklist import read
from fleet_tui.domain.issue_template import read_template
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.text import clean_lines
from fleet_tui.screens import release_qa_view as view
from fleet_tui.screens.bug_detail import parts
from fleet_tui.services.http import Answer
from fleet_tui.services.http_service import Service
from fleet_tui.services.icalendars import BadCalendar, read_events
from fleet_tui.terminal import is_web_link, pasteable
from tests.hostile import TEXTS

START, END = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 1, 20, tzinfo=UTC)
HOSTILE = st.lists(st.one_of(st.sampled_from([text[:300] for text in TEXTS]), st.text(max_size=20))).map("".join)
LONG = 64 * 1024
BOMBS = {
    "details": "<details>",
    "cells": "<table><tr><td>",
    "comments": "<!--",
    "attributes": '<a x="',
    "boxes": "- [ ] a\n",
    "rows": "<tr><td>1<td>a<td>b<td>c</tr>",
    "brackets": "[",
    "links": "[a](b",
    "emphasis": "*a_",
    "quotes": ">",
    "entities": "&lt;",
    "backticks": "`a``b",
}


def answer(body: bytes) -> Answer:
    return Answer(Service("GitHub", "https://api.github.com"), "/x", body, {}, "", fresh=True)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_json_that_is_nested_too_deep_is_a_failure_of_its_feed(opening: bytes) -> None:
    with pytest.raises(Failure, match="GitHub"):
        answer(opening * 100_000).decode(object)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_no_checklist_takes_long(bomb: str) -> None:
    body, start = bomb * (LONG // len(bomb)), thread_time()
    for item in read(body).items[:50]:
        drawn(view.instructions(item))
    drawn(clean_lines(body[:8000]))
    assert thread_time() - start < 5


def drawn(text: str) -> str:
    page = io.StringIO()
    Console(file=page, width=80, color_system=None).print(Markdown(text, hyperlinks=False))
    return page.getvalue()


@settings(max_examples=40)
@example("x")
@given(HOSTILE)
def test_any_text_in_a_checklist_is_read_and_drawn_without_controls(text: str) -> None:
    head = "<table>\n<tr><th>Test name</th><th>Step instructions</th><th>Expected result</th><th>pass/fail</th></tr>\n"
    row = f"<tr><td>{text}</td><td>{text}</td><td>x</td><td>pass</td></tr>\n"
    items = read(f"{head}{row}</table>\n{text}").items
    assert items or text != "x"
    for item in items:
        page = drawn(view.instructions(item)) + view.plain(item.name)
        assert all(one in "\n\u200d" or one.isprintable() or one.isspace() for one in page)
        assert "\x1b" not in page


@given(HOSTILE, HOSTILE)
def test_any_text_is_a_template(about: str, body: str) -> None:
    template = read_template(f"---\ntitle: {about}\nlabels: [{about}]\n---\n{body}")
    assert isinstance(template.title, str)


@settings(max_examples=40)
@given(HOSTILE)
def test_any_text_in_a_calendar_is_an_entry_with_a_harmless_title_or_a_failure(text: str) -> None:
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", f"SUMMARY:{text}", "DTSTART:20261104T090000Z", "DURATION:PT1H"]
    calendar = "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode("utf-8", "replace")
    try:
        events = read_events(calendar, START, END, ZoneInfo("America/Los_Angeles"))
    except BadCalendar:
        return
    for event in events:
        assert event.title.replace("\u200d", "").isprintable()
        assert len(event.title) <= 500


@given(HOSTILE)
def test_only_clean_web_links_are_opened(text: str) -> None:
    for link in (text, f"https://github.com/{text}", f"javascript:{text}", f"file:///{text}"):
        if is_web_link(link):
            assert link.lower().startswith(("http://", "https://"))
            assert pasteable(link) == link


@pytest.mark.parametrize("bomb", ["```\n", "- a\n", "[", "> "])
def test_of_an_endless_bug_the_beginning_is_shown(bomb: str) -> None:
    start = thread_time()
    shown = list(parts(BugDetail(7, START, f"The beginning\n\n{bomb * (LONG // len(bomb))}"), END, ZoneInfo("UTC")))
    page = "".join(drawn(one.markup) for one in shown if isinstance(one, Markdown))
    assert "The beginning" in page
    assert len(page.splitlines()) < 3_000
    assert thread_time() - start < 3


def test_of_a_usual_bug_all_is_shown() -> None:
    shown = parts(BugDetail(7, START, "One\n\nTwo"), END, ZoneInfo("UTC"))
    assert [one.markup for one in shown if isinstance(one, Markdown)] == ["One\n\nTwo"]
