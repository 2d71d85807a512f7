"""The tests. What keyring, Textual and the C library read when they are loaded is settled here, before they are."""

import os
import sys
import time

for _name in list(os.environ):
    ours = _name.startswith(("FLEET_TUI_", "TEXTUAL_")) and not _name.startswith("TEXTUAL_SNAPSHOT_")
    if ours or _name in {"GITHUB_TOKEN", "GH_TOKEN", "NO_COLOR", "FORCE_COLOR"}:
        del os.environ[_name]
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
os.environ["TZ"] = "Pacific/Chatham"  # 45 minutes off any hour: whoever relies on the machine's zone is found out
time.tzset()
# The tests start the program some hundred times: it is compiled once, whatever the surroundings prefer.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
