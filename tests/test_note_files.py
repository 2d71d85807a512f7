"""A note written into a new file: only its owner reads it, and nothing that was there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet_tui.domain.problem import Failure
from fleet_tui.services.note_files import write_new


async def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = await write_new(str(tmp_path / "note.md"), "Ä\n")
    assert path.read_text(encoding="utf-8") == "Ä\n"
    assert path.stat().st_mode & 0o777 == 0o600


async def test_the_home_directory_is_known(own_surroundings: Path) -> None:
    assert await write_new("~/note.md", "x") == own_surroundings / "note.md"


async def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("mine", encoding="utf-8")
    with pytest.raises(Failure, match="already"):
        await write_new(str(tmp_path / "note.md"), "other")
    assert (tmp_path / "note.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["nowhere/note.md", "~nobody-of-that-name/note.md", "a\0b", ""])
async def test_where_it_cannot_be_written_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Failure) as caught:
        await write_new(name, "x")
    assert caught.value.problem.remedy
