"""The keys of the activity screen."""

from __future__ import annotations

from fleet_tui.keys.key import Key

ACTIVITY = (Key("activity.copy", "c", "copy_text", "Copy text", "Copy the whole text of the entry under the cursor."),)
