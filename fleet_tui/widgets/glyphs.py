"""The signs that we draw: each one cell wide in every terminal that does not draw ambiguous characters wide.

No emoji that would be drawn as a picture, and nothing that needs a variation selector: terminals disagree on the
width of those, and everything to their right would shift.
"""

from __future__ import annotations

DONE = "✔"
FAILED = "✖"
ACT = "!"
UNKNOWN = "?"
FROZEN = "❄"
LIVE = "●"
COMING = "○"
RELEASE = "◇"
STALE = "◌"
PAUSED = "‖"
CURSOR = "▸"
CURSOR_LOOSE = "▹"
PENDING = "…"
NONE = "–"
DOT = "·"
RULE = "─"
PAST = "━"
NOW = "◆"
MARKED = "•"
