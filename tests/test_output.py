"""What commands print: one place for all forms, no token, nothing that breaks a table."""

from __future__ import annotations

import csv
import io
import json
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from fleet_tui.cli.output import FORMS, as_csv, as_json, as_markdown, as_table, beside, put, put_list
from fleet_tui.cli.params import since, span_in
from fleet_tui.cli.start import say
from fleet_tui.domain.text import HARMFUL
from fleet_tui.services.secret import Secret
from tests.helpers import NOW
from tests.hostile import TEXTS

ROWS = [("number", "title"), ("#1", "日本"), ("#22", "a | b")]
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=8)


def test_a_table_is_aligned_by_what_a_terminal_shows() -> None:
    assert as_table([(*row, "x") for row in ROWS]).splitlines() == [
        "number  title  x",
        "#1      日本   x",
        "#22     a | b  x",
    ]


def test_where_room_is_short_the_widest_columns_are_cut() -> None:
    rows = [("number", "title", "who"), ("#1", "日本語のとても長い題名", "mna"), ("#22", "a short one", "a, b, c, d")]
    assert as_table(rows, 39).splitlines() == [
        "number  title                who",
        "#1      日本語のとても長い…  mna",
        "#22     a short one          a, b, c, d",
    ]
    assert as_table(rows, 27).splitlines() == [
        "number  title     who",
        "#1      日本語…   mna",
        "#22     a short…  a, b, c,…",
    ]
    assert as_table(rows, 10, whole=("number", "title", "who")) == as_table(rows)
    assert as_table(rows, 38, whole=("title",)).splitlines()[1:] == [
        "#1      日本語のとても長い題名  mna",
        "#22     a short one             a, b, c…",
    ]


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXT, st.text(max_size=60), TEXT), min_size=1), st.integers(28, 60))
def test_a_table_is_never_wider_than_its_room(rows: list[tuple[str, str, str]], room: int) -> None:
    whole, cut = as_table(rows).splitlines(), as_table(rows, room).splitlines()
    assert all(cell_len(line) <= room for line in cut)
    assert [line for line in whole if cell_len(line) <= room] == cut or any(cell_len(line) > room for line in whole)


def test_only_a_terminal_cuts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    title, document = "a title that is longer than that", dict[str, object]()
    put_list("table", ("number", "title"), [("7", title)], document, entries="all", fields=())
    assert title in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for form in ("table", "md"):
        put_list(form, ("number", "title"), [("7", title)], document, entries="all", fields=())
    table, marked = capsys.readouterr().out.split("7       ")[1].split("\n", 1)
    assert (table, title in marked) == ("a title that is…", True)


def test_on_a_terminal_words_stay_beside_their_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert beside("state  ", "It can be written to.") == "state  It can be written to."
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert beside("state  ", "It is fine.") == "state  It is fine."
    assert beside("state  ", "It can be written to.").splitlines() == ["state  It can be", "       written to."]
    assert beside("state  ", "/a/path/that-is-long").splitlines() == ["state  /a/path/that-is-long"]
    assert beside("a start that is long  ", "and words") == "a start that is long  and words"


def test_markdown_keeps_what_looks_like_a_border() -> None:
    assert as_markdown(ROWS).splitlines() == [
        "| number | title |",
        "| --- | --- |",
        "| #1 | 日本 |",
        "| #22 | a \\| b |",
    ]


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1))
def test_csv_gives_back_what_was_put_in(rows: list[tuple[str, str]]) -> None:
    back = [tuple(row) for row in csv.reader(io.StringIO(as_csv(rows)))]
    assert [tuple(cell.removeprefix("'") for cell in row) for row in back] == [
        tuple(cell.removeprefix("'") for cell in row) for row in rows
    ]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "＝1+1", " =1"])
def test_no_cell_of_a_sheet_becomes_a_formula(text: str) -> None:
    assert [*csv.reader(io.StringIO(as_csv([(text, "x")])))] == [[f"'{text}", "x"]]


@pytest.mark.parametrize("text", ["-5", "+1.5", "#7", "a=b", "'x", "–", ""])
def test_a_cell_of_a_sheet_that_is_no_formula_stays(text: str) -> None:
    assert [*csv.reader(io.StringIO(as_csv([(text, "x")])))] == [[text, "x"]]


HOSTILE = st.lists(st.one_of(st.sampled_from([text[:300] for text in TEXTS]), st.text(max_size=20))).map("".join)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, HOSTILE)
def test_no_form_prints_what_a_terminal_obeys(capsysbinary: Any, form: str, one: str, other: str) -> None:
    document = {"all": [{"one": one, "list": [other]}]}
    put_list(form, ("one", "other"), [(one, other), ("x", "y")], document, entries="all", fields=("one", "list"))
    put(one)
    said = capsysbinary.readouterr().out.decode()
    assert not [mark for mark in said if mark not in "\n\u200d" and unicodedata.category(mark) in HARMFUL]


@given(HOSTILE)
def test_json_says_what_was_put_in(text: str) -> None:
    assert json.loads(as_json({text: [text]})) == {text: [text]}


@settings(max_examples=40)
@given(HOSTILE, HOSTILE)
def test_each_row_of_a_table_is_one_line(one: str, other: str) -> None:
    for made in (as_table, as_markdown):
        assert len(made([("one", "other"), (f"{one}.", other)]).splitlines()) == (2 if made is as_table else 3)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE)
def test_sentences_too_are_nothing_that_a_terminal_obeys(capsysbinary: Any, text: str) -> None:
    say(text)
    said = capsysbinary.readouterr().err.decode()
    assert not [mark for mark in said if mark not in "\n\u200d" and unicodedata.category(mark) in HARMFUL]


@pytest.mark.parametrize("form", FORMS)
def test_no_form_tells_a_token(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    secret = Secret("sesame-open-4711")
    document = {"all": [{"title": secret.reveal()}]}
    put_list(form, ("title",), [(secret.reveal(),)], document, entries="all", fields=("title",))
    put(secret.reveal())
    said = capsys.readouterr().out
    assert "sesame" not in said
    assert said.count("•••") == 2


OBEYED = "ä\x1b]52;\x7f\x9b31m\u202e\u2028"


def test_json_is_read_back_the_same_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    put_list("json", ("title",), [], {"title": OBEYED}, entries="all", fields=("title",))
    assert json.loads(capsys.readouterr().out) == {"title": OBEYED}


def test_a_sheet_has_the_values_of_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    one = {"number": 7, "late": True, "who": None, "labels": ["a", "b"], "at": "2026-01-31T09:00:00+00:00"}
    put_list("csv", ("for people",), [("Sat 9:00",)], {"all": [one]}, entries="all", fields=tuple(one))
    assert [*csv.reader(io.StringIO(capsys.readouterr().out))] == [
        ["number", "late", "who", "labels", "at"],
        ["7", "true", "", "a, b", "2026-01-31T09:00:00+00:00"],
    ]


@pytest.mark.parametrize(
    ("form", "out"),
    [("table", ""), ("md", ""), ("csv", "one\n"), ("json", '{\n  "all": []\n}\n')],
)
def test_an_empty_list_is_a_sentence_beside_what_programs_read(
    form: str, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put_list(form, ("one",), [], {"all": []}, entries="all", fields=("one",), nothing="There is none.")
    assert capsys.readouterr() == (out, "There is none.\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36h", NOW - timedelta(hours=36)),
        ("2w", NOW - timedelta(weeks=2)),
        ("2025-06-01", datetime(2025, 6, 1, 7, tzinfo=UTC)),
        ("2025-06-01T10:00", datetime(2025, 6, 1, 17, tzinfo=UTC)),
        ("2025-06-01T10:00Z", datetime(2025, 6, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_beginning_is_a_span_or_a_moment_of_the_teams_zone(text: str, expected: datetime) -> None:
    assert since(text, NOW, ZoneInfo("America/Los_Angeles")) == expected


@pytest.mark.parametrize("text", ["", "soon", "14", "2025-02-30", "-1d"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        since(text, NOW, ZoneInfo("UTC"))


def test_spans() -> None:
    assert [span_in(text) for text in ("1h", "14d", "x", "1m")] == [timedelta(hours=1), timedelta(days=14), None, None]
