"""The ZenHub boards: one workspace for each product group, and one on which product drafts stories."""

from __future__ import annotations

from dataclasses import dataclass, field

WORKSPACES = {"#g-endpoint-ops": "63bd7e0bf75dba002a2343ac", "#g-mdm": "63bc507f6558550011840298"}
AWAITING_QA = "🦤 Awaiting QA"
COLUMNS = ("🆕 New", "🐥 Ready for dev", "🐣 In progress", AWAITING_QA, "✅ Ready for release")

DRAFTING = "6192dd66ea2562000faea25c"
DRAFTING_COLUMNS = ("📥 New requests", "🦢 Drafting", "🥚 Estimated", "🎉 Confirm and celebrate")


@dataclass(slots=True, eq=False)
class Board:
    """A workspace. Every issue of the repository is on it, in the first column until it is moved."""

    id: str
    columns: list[str] = field(default_factory=lambda: list(COLUMNS))
    placed: dict[int, str] = field(default_factory=dict)
    """Columns by the numbers of the issues that were moved."""
    absent: set[int] = field(default_factory=set)
    """Issues that are not on it."""

    def column_of(self, issue: int) -> str | None:
        """Where an issue is; None when it is not on the board."""
        return None if issue in self.absent else self.placed.get(issue, self.columns[0])


class Boards:
    """The ZenHub account."""

    def __init__(self) -> None:
        self.token = "sim-zenhub"  # not a secret: it opens nothing but this simulator
        self.drafting = Board(DRAFTING, list(DRAFTING_COLUMNS))
        self.workspaces = {id_: Board(id_) for id_ in WORKSPACES.values()} | {DRAFTING: self.drafting}
        self.ignores_moves = False

    def board(self, group: str) -> Board:
        """The board of a product group."""
        return self.workspaces[WORKSPACES[group]]
