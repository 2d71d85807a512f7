"""The state file on real mounts: one that is read-only, and one that is full. Root, too, can write to neither."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
COMMON = """
import logging, sys
from pathlib import Path
from fleet_tui.domain.problem import Failure
from fleet_tui.services.cache import Cached
from fleet_tui.services.log import start_log
from fleet_tui.services.outbox import Outbox
from fleet_tui.services.store import Store
from tests.test_outbox import LOGIN, UPDATE, targets, wish

folder = Path(sys.argv[1])
path = folder / "state.db"
"""
BEFORE = """
store = Store(path)
store.remember("theme", "fleet-light")
outbox = Outbox(store, "fleetdm/fleet")
outbox.save(wish(LOGIN))
store.close()
"""
READ_ONLY = """
start_log(folder / "fleet-tui.log")
logging.getLogger("fleet_tui").warning("said")
for place in (path, folder / "other" / "state.db"):
    store = Store(place)
    assert f"{place} cannot be used (Read-only file system). Nothing of this run is kept." in store.trouble
    store.remember("theme", "fleet-dark")
    assert store.recall("theme", str, "none") == "fleet-dark"
"""
FULL = """
start_log(folder / "fleet-tui.log")
store = Store(path)
outbox = Outbox(store, "fleetdm/fleet")
filler = (folder / "filler").open("wb", buffering=0)
try:
    while True:
        filler.write(bytes(1024))
except OSError:
    pass
store.keep("large", Cached("1", bytes(50_000)))
assert "cannot be written" in store.trouble, store.trouble
try:
    while True:  # some room may be left in pages that are there already
        outbox.save(wish(UPDATE))
except Failure as failure:
    assert failure.problem.sentence == "The state file cannot be written, so nothing can be kept for sending."
    assert failure.problem.remedy == "Free the disk or its permissions, then press the key again."
logging.getLogger("fleet_tui").warning("said" * 9999)
assert targets(outbox.pending(7))[0] == LOGIN
assert store.recall("theme", str, "none") == "fleet-light"

filler.truncate(0)
outbox.save(wish(UPDATE, wanted="fail"))
assert outbox.pending(7)[-1].change.wanted == "fail"
store.close()
store = Store(path)
assert store.trouble == "", store.trouble
assert store._db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
"""


def on_a_mount(folder: Path, *steps: str) -> None:
    """Run Python, or a shell's line that begins with `!`, one after another, with a small file system at `folder`."""
    lines = [f"mount -t tmpfs -o size=600k tmpfs {folder}"]
    for number, step in enumerate(steps):
        script = folder.with_name(f"step-{number}.py")
        script.write_text(COMMON + step)
        run = f"{sys.executable} {script} {folder}"
        lines.append(step[1:].format(folder=folder) if step.startswith("!") else run)
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [*UNSHARE, "sh", "-ec", "\n".join(lines)], capture_output=True, text=True, env=env, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where to mount. Only where this is allowed."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    attempt = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True)
    if attempt.returncode:
        pytest.skip("nothing may be mounted here")
    return folder


def test_on_a_read_only_mount_it_goes_on_in_memory(folder: Path) -> None:
    on_a_mount(folder, BEFORE, "!mount -o remount,ro {folder}", READ_ONLY)


def test_a_disk_that_fills_up_is_told_and_what_is_written_stays(folder: Path) -> None:
    on_a_mount(folder, BEFORE, FULL)
