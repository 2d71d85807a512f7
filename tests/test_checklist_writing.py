"""Changing the body of a release QA issue, character by character."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fleet_tui.domain.checklist import (
    Checklist,
    Edit,
    Item,
    ItemId,
    NoteId,
    Verdict,
    read,
    set_note,
    set_text,
    set_verdict,
)
from tests.bodies import BODIES, GENERATED, MANGLED, SPELLINGS, TASK_LIST, TEMPLATE
from tests.test_checklist import row, table

SETTABLE = (Verdict.PASS, Verdict.FAIL, Verdict.UNTESTED)
VERDICTS = st.sampled_from(SETTABLE)


def put(body: str, item: ItemId, verdict: Verdict) -> Edit:
    """The edit, which has to be possible."""
    edit = set_verdict(body, item, verdict)
    assert edit is not None
    return edit


def undone(edit: Edit, item: ItemId) -> str:
    """The body before `edit`."""
    back = set_text(edit.body, item, edit.before_text)
    assert back is not None
    return back.body


def meaning(checklist: Checklist, but: ItemId) -> list[tuple[object, ...]]:
    """What is read of all tests but one."""
    return [
        (item.id, item.name, item.steps, item.expected, item.verdict, item.verdict_text, item.remark)
        for item in checklist.items
        if item.id != but
    ]


def check(body: str, item: Item, verdict: Verdict, edit: Edit) -> None:
    """What has to hold of every edit."""
    assert item.span is not None
    start, end = item.span
    assert edit.before_text == body[start:end]
    assert edit.body == body[:start] + edit.after_text + body[end:]
    checklist = read(edit.body)
    now = checklist.find(item.id)
    assert now is not None
    assert (now.verdict, now.verdict_text) == (verdict, edit.after_text)
    assert (now.steps, now.expected, now.remark if item.remark else "") == (item.steps, item.expected, item.remark)
    assert meaning(checklist, item.id) == meaning(read(body), item.id)
    assert undone(edit, item.id) == body


@pytest.mark.parametrize(
    "body", [TEMPLATE, TEMPLATE.replace("\n", "\r\n"), TASK_LIST, MANGLED], ids=["lf", "crlf", "task list", "mangled"]
)
def test_each_test_passes_then_fails_and_is_undone(body: str) -> None:
    for item in read(body).items:
        if item.span is None:
            assert set_verdict(body, item.id, Verdict.PASS) is None
            continue
        passed = put(body, item.id, Verdict.PASS)
        failed = put(passed.body, item.id, Verdict.FAIL)
        now = read(failed.body).find(item.id)
        assert now is not None
        assert now.verdict is Verdict.FAIL
        assert undone(failed, item.id) == passed.body
        assert undone(passed, item.id) == body


def test_all_tests_of_the_template_pass_and_are_untested_again() -> None:
    body = TEMPLATE
    ids = [item.id for item in read(body).items]
    for item in ids:
        body = put(body, item, Verdict.PASS).body
    assert body.count("<td>pass</td>") == len(ids)
    for item in ids:
        body = put(body, item, Verdict.UNTESTED).body
    assert body == TEMPLATE


@pytest.mark.parametrize(
    ("cell", "verdict", "after"),
    [
        ("pass/fail", Verdict.PASS, "pass"),
        ("pass/fail", Verdict.FAIL, "fail"),
        ("  pass/fail\t", Verdict.FAIL, "  fail\t"),
        ("", Verdict.PASS, "pass"),
        ("\n\n", Verdict.PASS, "pass\n\n"),
        ("PASS ✅", Verdict.PASS, "PASS ✅"),
        ("PASS ✅", Verdict.FAIL, "fail"),
        ("~~pass~~/fail", Verdict.PASS, "pass"),
        ("failed - see #123", Verdict.PASS, "pass - see #123"),
        ("fail\n\nSafari alone.", Verdict.PASS, "pass\n\nSafari alone."),
        ("failed - fails in Safari", Verdict.PASS, "pass"),
        ("**pass - see #1**", Verdict.FAIL, "fail"),
        ("<b>pass</b> (see notes)", Verdict.UNTESTED, "pass/fail (see notes)"),
        ("N/A", Verdict.FAIL, "fail"),
        ("pass <!-- by me -->", Verdict.FAIL, "fail <!-- by me -->"),
        ("* [ ]", Verdict.PASS, "* [x]"),
        ("* [ ]", Verdict.FAIL, "* [ ] ❌"),
        ("- [x] ✅", Verdict.UNTESTED, "- [ ]"),
    ],
)
def test_what_is_written_into_a_cell(cell: str, verdict: Verdict, after: str) -> None:
    body = table(row(verdict=cell))
    (item,) = read(body).items
    assert put(body, item.id, verdict).body == table(row(verdict=after))


def test_an_untested_cell_gets_what_the_table_has_in_such_cells() -> None:
    for native in ("Pass/Fail", "", "pass / fail"):
        body = table(row("$Name", native), row(verdict="pass"))
        assert put(body, read(body).items[0].id, Verdict.UNTESTED).body == table(
            row("$Name", native), row(verdict=native)
        )


def test_a_cell_with_blanks_is_not_emptied_since_its_verdict_could_not_be_put_back() -> None:
    body = table(row("$Name", ""), row(verdict=" pass "))
    assert "<td> pass/fail </td>" in put(body, read(body).items[0].id, Verdict.UNTESTED).body


@pytest.mark.parametrize(
    ("line", "verdict", "after"),
    [
        ("- [ ] Login", Verdict.PASS, "- [x] Login"),
        ("- [ ]  Login  ", Verdict.FAIL, "- [ ] ❌  Login  "),
        ("* [X] Login", Verdict.FAIL, "* [ ] ❌ Login"),
        ("- [ ] ❌ Login", Verdict.PASS, "- [x] Login"),
        ("- [ ] ❌ Login", Verdict.UNTESTED, "- [ ] Login"),
        ("- [X] Login", Verdict.PASS, "- [X] Login"),
        ("- [] Login", Verdict.PASS, "- [x] Login"),
    ],
)
def test_what_is_written_at_a_tick_box(line: str, verdict: Verdict, after: str) -> None:
    (item,) = read(line).items
    assert put(line, item.id, verdict).body == after


def test_what_cannot_be_set_is_not_touched() -> None:
    item = read(TEMPLATE).items[0].id
    assert set_verdict(TEMPLATE, item, Verdict.OTHER) is None
    assert set_verdict(TEMPLATE, ItemId("fleet core", "update flow", 1), Verdict.PASS) is None
    assert set_text(TEMPLATE, ItemId("fleet core", "update flow", 1), "pass") is None
    assert set_text(TEMPLATE, item, "<!-- and no more tests") is None


def test_a_verdict_that_is_there_is_no_change() -> None:
    body = table(row(verdict="Passed ✅"))
    edit = put(body, read(body).items[0].id, Verdict.PASS)
    assert (edit.changes, edit.body) == (False, body)


def test_an_id_survives_the_journal() -> None:
    for item in read(MANGLED).items:
        assert msgspec.json.decode(msgspec.json.encode(item.id), type=ItemId) == item.id


@settings(max_examples=50)
@given(st.data(), GENERATED, VERDICTS)
def test_any_verdict_of_a_generated_body_is_set_byte_exactly(data: st.DataObject, body: str, verdict: Verdict) -> None:
    items = [item for item in read(body).items if item.span is not None]
    assume(items)
    item = data.draw(st.sampled_from(items))
    check(body, item, verdict, put(body, item.id, verdict))


@settings(max_examples=50)
@given(st.data(), BODIES, VERDICTS)
def test_a_mutilated_body_is_changed_byte_exactly_or_not_at_all(
    data: st.DataObject, body: str, verdict: Verdict
) -> None:
    items = [item for item in read(body).items if item.span is not None]
    assume(items)
    item = data.draw(st.sampled_from(items))
    if edit := set_verdict(body, item.id, verdict):
        check(body, item, verdict, edit)


@given(
    st.sampled_from([text for texts in SPELLINGS.values() for text in texts]),
    st.lists(VERDICTS, min_size=1, max_size=4),
)
def test_a_row_of_verdicts_is_undone_one_by_one(text: str, verdicts: list[Verdict]) -> None:
    body = table(row(), row("Host flow", text))
    item = read(body).items[1].id
    bodies, edits = [body], []
    for verdict in verdicts:
        edits.append(put(bodies[-1], item, verdict))
        bodies.append(edits[-1].body)
    for before, edit in zip(reversed(bodies[:-1]), reversed(edits), strict=True):
        assert undone(edit, item) == before


@settings(max_examples=30)
@given(st.data(), BODIES)
def test_identity_survives_edits_elsewhere(data: st.DataObject, body: str) -> None:
    before = read(body)
    ids = [item.id for item in before.items]
    assert [item.id for item in read("Some text.\n\nMore.\n\n" + body).items] == ids
    other = data.draw(st.sampled_from(ids)) if ids else None
    if other and (edit := set_verdict(body, other, Verdict.PASS)):
        assert [item.id for item in read(edit.body).items] == ids
    if "\r" not in body:
        windows = read(body.replace("\n", "\r\n"))
        assert [(item.id, item.verdict) for item in windows.items] == [(item.id, item.verdict) for item in before.items]


FOUND = NoteId("fleet core", "issues found new to this version", 0)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_note_is_written_below_its_title_and_taken_away_again(line_end: str) -> None:
    body = TEMPLATE.replace("\n", line_end)
    for note in read(body).notes:
        written = set_note(body, note.id, " - #1 🎉\n- #2\n\n")
        assert written is not None
        now = read(written).find_note(note.id)
        assert now is not None
        assert now.text == "- #1 🎉\n- #2"
        assert written.replace(f"{line_end}- #1 🎉{line_end}- #2", "", 1) == body
        assert set_note(written, note.id, now.text) == written
        assert set_note(written, note.id, "") == body


def test_a_note_keeps_what_stands_around_it() -> None:
    written = set_note(MANGLED, FOUND, "#125")
    assert written == MANGLED.replace("#123\r\nand #124 🎉", "#125")


@pytest.mark.parametrize("text", ["<!-- hidden", "- see\n<table><tr><td>", "## Another section"])
def test_a_note_cannot_hide_tests_or_move_them(text: str) -> None:
    body = "# Notes\n\nFound:\n\n" + table(row())
    note = read(body).notes[0].id
    assert set_note(body, note, text) is None


def test_a_note_that_is_not_there() -> None:
    assert set_note(TEMPLATE, NoteId("fleet core", "nothing", 0), "x") is None
