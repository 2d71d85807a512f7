"""The sign and the tone of each phase, the same everywhere."""

from __future__ import annotations

from fleet_tui.domain.freeze import Phase
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs

SIGNS = {
    Phase.OPEN: (glyphs.COMING, Tone.DONE),
    Phase.AHEAD: (glyphs.COMING, Tone.SOON),
    Phase.FREEZE: (glyphs.FROZEN, Tone.ACCENT),
    Phase.DEEP: (glyphs.FROZEN, Tone.ACCENT),
    Phase.RELEASE: (glyphs.RELEASE, Tone.SOON),
}
