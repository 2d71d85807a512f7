"""The wheel and the sdist: built twice alike, complete, and running in an environment of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pexpect
import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

import fleet_tui

ROOT = Path(__file__).resolve().parents[1]
EPOCH = "1767225600"
INSIDE = {
    str(file.relative_to(ROOT))
    for file in (ROOT / "fleet_tui").rglob("*")
    if file.is_file() and "__pycache__" not in file.parts
}
"""Every file of the program, not only what is Python."""


FROM_THE_SDIST = ("build", "--no-isolation", "--outdir")
FROM_THE_TREE = ("hatchling", "build", "--directory")
"""How the wheel is made. The sdist is made of the tree both times."""


def build(into: Path, how: tuple[str, ...]) -> tuple[Path, Path]:
    """The sdist and the wheel. No network: what builds them is installed here."""
    subprocess.run(
        [sys.executable, "-m", *how, into],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        check=True,
        capture_output=True,
    )
    (sdist,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return sdist, wheel


def install(wheel: Path, folder: Path) -> Path:
    """The folder of the programs of an environment in which nothing but the wheel was installed.

    It finds the other packages where the tests have theirs, since there may be no network; the program it does not:
    a line of a .pth file adds a folder, but not what the .pth files in that folder (the editable install) would add.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", wheel], check=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


@pytest.mark.terminal
def test_built_twice_they_are_alike_complete_and_installed_they_run(tmp_path: Path) -> None:
    """One test: parts that run in several processes would build for each of them."""
    sdist, wheel = build(tmp_path / "one", FROM_THE_SDIST)
    for one, other in zip((sdist, wheel), build(tmp_path / "other", FROM_THE_TREE), strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes(), one.name
    assert_complete(sdist, wheel)
    programs = install(wheel, tmp_path / "clean")
    assert_it_says_its_version_and_settings(programs, tmp_path)
    assert_it_shows_the_demo(programs, tmp_path)


def assert_complete(sdist: Path, wheel: Path) -> None:
    """The wheel holds the program and nothing else, the sdist what is needed to test and build it."""
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert {"fleet_tui/py.typed", "fleet_tui/fleet.tcss", "fleet_tui/simulator/github/schema.graphql"} <= INSIDE
    assert names == INSIDE
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= INSIDE
    assert names >= {"pyproject.toml", "constraints.txt", "Makefile", "LICENSE", "README.md", "tests/test_packages.py"}


def assert_it_says_its_version_and_settings(programs: Path, elsewhere: Path) -> None:
    def says(*command: str | Path) -> str:
        return subprocess.run(command, cwd=elsewhere, check=True, capture_output=True, text=True).stdout

    place = says(programs / "python", "-c", "import fleet_tui; print(fleet_tui.__file__)")
    assert Path(place.strip()).is_relative_to(programs.parent)
    assert fleet_tui.__version__ in says(programs / "fleet-tui", "--version")
    assert tomllib.loads(says(programs / "fleet-tui", "config", "show"))["team"]["branch"] == "main"


def assert_it_shows_the_demo(programs: Path, elsewhere: Path) -> None:
    demo = pexpect.spawn(
        str(programs / "fleet-tui"),
        ["demo", "--screen", "freeze"],
        cwd=str(elsewhere),
        dimensions=(30, 120),
        timeout=30,
    )
    demo.expect(b"May merge now")
    demo.send(b"q")
    demo.expect(pexpect.EOF)
    demo.close()
    assert demo.exitstatus == 0


# Constraints


def declared() -> list[Requirement]:
    """What `pyproject.toml` names, for all extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for lines in project["optional-dependencies"].values() for line in lines)]
    return [wanted for wanted in map(Requirement, lines) if wanted.name != project["name"]]


def needed(wanted: Requirement, seen: set[str]) -> set[NormalizedName]:
    """The names of what is installed here because of `wanted`: itself, what it needs, and so on."""
    if str(wanted) in seen:
        return set()
    seen.add(str(wanted))
    found = {canonicalize_name(wanted.name)}
    for line in distribution(wanted.name).requires or ():
        further = Requirement(line)
        if not further.marker or any(further.marker.evaluate({"extra": extra}) for extra in {"", *wanted.extras}):
            found |= needed(further, seen)
    return found


def pins() -> dict[str, str]:
    """The versions in `constraints.txt`, package by package."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!-]+", line) for line in lines)
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def test_the_constraints_name_every_dependency_also_those_of_dependencies() -> None:
    seen: set[str] = set()
    everything = {name for wanted in declared() for name in needed(wanted, seen)}
    assert {"textual", "textual-serve", "multidict"} <= everything
    assert everything - pins().keys() == set(), "make constraints"


def test_the_constraints_are_versions_that_we_allow() -> None:
    refused = [str(one) for one in declared() if not one.specifier.contains(pins()[canonicalize_name(one.name)])]
    assert refused == [], "make constraints"
