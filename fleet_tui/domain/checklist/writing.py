"""Changes to a body that touch the characters of one verdict, or of one note, and no others."""

from __future__ import annotations

from msgspec import Struct

from fleet_tui.domain.checklist.identity import ItemId, NoteId, Span, Verdict
from fleet_tui.domain.checklist.model import Checklist, Item
from fleet_tui.domain.checklist.reading import read


class Edit(Struct, frozen=True):
    """A changed body. `set_text` with `before_text` takes it back."""

    body: str
    before_text: str
    """What stood at the place of the verdict."""
    after_text: str
    """What stands there now."""

    @property
    def changes(self) -> bool:
        """Whether the body is another one than before."""
        return self.before_text != self.after_text


def set_verdict(body: str, item: ItemId, verdict: Verdict) -> Edit | None:
    """`body` with `verdict` at `item`; a verdict that is there already stays in the spelling that it has.

    None when the test is not there, has no place for a verdict, `verdict` is `OTHER`, or the body is such that the
    change would not be read back as this one verdict and nothing else.
    """
    checklist = read(body)
    found = checklist.find(item)
    text = found.spelling.of(verdict) if found else None
    if found is None or text is None or found.span is None:
        return None
    if found.verdict is verdict:
        return Edit(body, found.verdict_text, found.verdict_text)
    edit = _put(body, checklist, found, text)
    now = read(edit.body).find(item) if edit else None
    return edit if now and now.verdict is verdict else None


def set_text(body: str, item: ItemId, text: str) -> Edit | None:
    """`body` with `text` in place of the verdict's characters: puts back what `Edit.before_text` kept.

    None when the test is not there, has no place for a verdict, or another test would be read differently.
    """
    checklist = read(body)
    found = checklist.find(item)
    return _put(body, checklist, found, text) if found else None


def set_note(body: str, note: NoteId, text: str) -> str | None:
    """`body` with `text` (lines end in `\\n`; blanks around it are dropped) as the text of `note`.

    Text goes on the line after the title, and emptying the note takes that line away again. Line ends are written as
    the body has them. None when the note is not there, or the text would change what is read of the tests: an open
    comment would hide all that stand below.
    """
    checklist = read(body)
    found = checklist.find_note(note)
    if found is None:
        return None
    text = text.replace("\r\n", "\n").strip()
    if text == found.text:
        return body
    line_end = "\r\n" if "\r\n" in body else "\n"
    start, end = found.span
    written = text.replace("\n", line_end)
    if not found.text:
        written = line_end + written
    elif not text:
        start -= len(line_end) if body.endswith(line_end, 0, start) else 0
    new = _replaced(body, (start, end), written)
    return new if _verdicts(read(new)) == _verdicts(checklist) else None


def _put(body: str, checklist: Checklist, item: Item, text: str) -> Edit | None:
    if item.span is None:
        return None
    new = _replaced(body, item.span, text)
    unharmed = _verdicts(read(new), item.id) == _verdicts(checklist, item.id)
    return Edit(new, item.verdict_text, text) if unharmed else None


def _replaced(body: str, span: Span, text: str) -> str:
    return body[: span[0]] + text + body[span[1] :]


def _verdicts(checklist: Checklist, but: ItemId | None = None) -> list[tuple[ItemId, Verdict | None, str]]:
    """What may not change: all tests in order, and the verdicts of all but one."""
    return [
        (item.id, None, "") if item.id == but else (item.id, item.verdict, item.verdict_text)
        for item in checklist.items
    ]
