"""Every key, declared once: a table for each screen.

Bindings, footer, help, palette, read-only mode, the user's key map and docs/keys.md all derive from these tables. They
know no Textual, so that `fleet-tui config check` can judge a key map without loading it.
"""

from __future__ import annotations

from collections.abc import Mapping

from fleet_tui.keys.activity import ACTIVITY
from fleet_tui.keys.bugs import BUGS
from fleet_tui.keys.certificates import CERTIFICATES
from fleet_tui.keys.everywhere import EVERYWHERE, SCREENS, SHORT
from fleet_tui.keys.freeze import FREEZE
from fleet_tui.keys.key import Key
from fleet_tui.keys.names import is_key
from fleet_tui.keys.on_call import ON_CALL
from fleet_tui.keys.release import RELEASE
from fleet_tui.keys.release_qa import RELEASE_QA
from fleet_tui.keys.today import TODAY

__all__ = ["ALL", "BY_SCREEN", "EVERYWHERE", "FIRST", "IDS", "SCREENS", "SHORT", "Key", "is_key"]

BY_SCREEN: Mapping[str, tuple[Key, ...]] = {
    "today": TODAY,
    "freeze": FREEZE,
    "release_qa": RELEASE_QA,
    "bugs": BUGS,
    "oncall": ON_CALL,
    "certificates": CERTIFICATES,
    "release": RELEASE,
    "activity": ACTIVITY,
}
FIRST = next(iter(SCREENS))
"""The screen that is shown at the start."""
ALL = (*EVERYWHERE, *(key for keys in BY_SCREEN.values() for key in keys))
IDS = frozenset(key.id for key in ALL)
