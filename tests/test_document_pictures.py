"""The pictures in docs/pictures/ are those that the program would make today."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPT = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "make_pictures.py"))


async def test_the_pictures_are_current() -> None:
    made = await SCRIPT["pictures"]()
    assert len(made) == len(list(SCRIPT["FOLDER"].iterdir()))
    assert [name for name, svg in made.items() if not SCRIPT["is_current"](name, svg)] == [], "make pictures"


@pytest.mark.parametrize("change", [lambda svg: svg + " ", lambda svg: svg.replace("Freeze", "Frieze", 1)])
def test_another_picture_is_not_current(change: object) -> None:
    assert callable(change)
    kept = (SCRIPT["FOLDER"] / "freeze.svg").read_text(encoding="utf-8")
    assert SCRIPT["is_current"]("freeze.svg", kept)
    assert not SCRIPT["is_current"]("freeze.svg", change(kept))
    assert not SCRIPT["is_current"]("nowhere.svg", kept)
