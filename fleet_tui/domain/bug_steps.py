"""The single steps that a move of a bug consists of."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Act(Enum):
    """What one step does; the value begins its words."""

    ADD_LABEL = "add"
    REMOVE_LABEL = "remove"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    COMMENT = "comment"
    CLOSE = "close"
    REOPEN = "open again"
    COLUMN = "move to"


class Step(Struct, frozen=True):
    """One write, which leaves everything else as it is."""

    act: Act
    what: str = ""
    """The label, login, text of the comment, reason of the closing (`completed`, `not_planned`), or board column."""

    @property
    def words(self) -> str:
        """For people: `add :release`, `assign mna`, `comment`."""
        silent = self.act in {Act.COMMENT, Act.CLOSE, Act.REOPEN}
        return self.act.value if silent else f"{self.act.value} {self.what}"
