"""`python -m fleet_tui.keys` prints docs/keys.md."""

from __future__ import annotations

from fleet_tui.keys.document import markdown

print(markdown(), end="")  # noqa: T201
