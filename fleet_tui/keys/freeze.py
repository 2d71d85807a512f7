"""The keys of the freeze screen."""

from __future__ import annotations

from fleet_tui.keys.key import Key

FREEZE = (
    Key("freeze.unfreeze", "u", "unfreeze", "Unfreeze", "Let the pull request under the cursor merge.", writes=True),
    Key("freeze.toggle", "f", "freeze", "Freeze…", "Freeze the branch, or lift its freeze.", writes=True),
)
