"""The checklist of a release QA issue, read from the issue's body and changed in it character by character."""

from fleet_tui.domain.checklist.identity import ItemId, NoteId, Span, Spelling, Verdict
from fleet_tui.domain.checklist.model import Checklist, Field, Item, Note, NotUnderstood, Progress, Section, count
from fleet_tui.domain.checklist.reading import read
from fleet_tui.domain.checklist.writing import Edit, set_note, set_text, set_verdict

__all__ = [
    "Checklist",
    "Edit",
    "Field",
    "Item",
    "ItemId",
    "NotUnderstood",
    "Note",
    "NoteId",
    "Progress",
    "Section",
    "Span",
    "Spelling",
    "Verdict",
    "count",
    "read",
    "set_note",
    "set_text",
    "set_verdict",
]
