"""The documents say what is true: commands, targets, files, keys, exit codes, rules, dependencies."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fleet_tui import exits, keys, paths
from fleet_tui.app import FleetApp
from fleet_tui.cli import MODULES, cli
from fleet_tui.cli.serve_gate import VARIABLE as SERVE_VARIABLE
from fleet_tui.config import reference
from fleet_tui.domain.freeze import Phase
from fleet_tui.domain.pulls import Kind, Role, verdict
from fleet_tui.exits import Exit
from fleet_tui.keys.document import markdown
from fleet_tui.keys.everywhere import NAVIGATION
from fleet_tui.keys.spelling import spelled
from fleet_tui.services.tokens import SERVICES

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ("docs/guide-on-call.md", "docs/guide-qa.md", "docs/guide-release.md")
HELP = (*GUIDES, "docs/install.md", "docs/security.md", "docs/troubleshooting.md", "docs/adding-a-screen.md")
MEASURED = ("docs/performance.md", "docs/reliability.md")
WRITTEN = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", *HELP, *MEASURED)
DOCUMENTS = (*WRITTEN, "docs/keys.md", "docs/config.md", "docs/status.md", "docs/json.md")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PLACES = r"(?:fleet_tui|tests|docs)/[\w./-]*[\w/]"
FILE_NAMES = r"\.?[\w-]+(?:/[\w-]+)*\.(?:py|md|toml|tcss|yaml|html)|\.ci/run|Makefile|LICENSE"
MADE_BY_RUNS = {".snapshot_report.html", "config.toml"}


def text(document: str) -> str:
    """The whole document."""
    return (ROOT / document).read_text(encoding="utf-8")


def code(document: str) -> Iterator[str]:
    """The code spans, and the lines of the code blocks without their comments."""
    blocks = FENCED.findall(text(document))
    for block in blocks:
        yield from (line.partition("  #")[0].strip() for line in block.splitlines()[1:-1])
    yield from re.findall(r"`([^`\n]+)`", FENCED.sub("", text(document)))


def rows(document: str, first_title: str) -> list[list[str]]:
    """The cells of the tables whose first column has this title."""
    found: list[list[str]] = []
    for table in re.findall(r"(?:^\|.*\|$\n?)+", text(document), re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]
        if lines[0][0].strip() == first_title:
            found += lines[2:]
    return found


def plain(words: str) -> str:
    """Without the signs of code."""
    return words.replace("`", "").strip()


def spoken(document: str, program: str) -> list[str]:
    """The calls of `program` in the document."""
    lines = (re.split(r" \\?\| |\)", line)[0] for line in code(document))
    return [line for line in lines if re.match(rf"{program}(?= \S|$)", line)]


COMMANDS = sorted({line for document in DOCUMENTS for line in spoken(document, "fleet-tui")})
TARGETS = sorted({line for document in DOCUMENTS for line in spoken(document, "make")})


def test_the_commands_that_matter_are_named() -> None:
    needed = {"fleet-tui", "fleet-tui demo", "fleet-tui config init", "fleet-tui auth set github", "fleet-tui doctor"}
    assert needed <= set(spoken("README.md", "fleet-tui"))
    assert {"make demo", "make test"} <= set(spoken("README.md", "make"))
    assert {"make check", "make docs", "make snapshots"} <= set(spoken("CONTRIBUTING.md", "make"))


@pytest.mark.parametrize("line", COMMANDS)
def test_a_named_command_exists(line: str) -> None:
    check_command(line.split()[1:])


@pytest.mark.parametrize(
    "words",
    ["dmeo", "config inti", "auth set gitlab", "--screen nowhere", "--readonly", "demo --fast", "doctor now"],
)
def test_a_command_that_does_not_exist_is_found_out(words: str) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        check_command(words.split())


def check_command(words: list[str]) -> None:
    """Raises unless the command line takes `words`, and explains the command."""
    words = [word for word in words if word != "--help"]
    assert CliRunner().invoke(cli, [*words, "--help"]).exit_code == Exit.OK
    with cli.make_context("fleet-tui", list(words)) as context:
        words = [*context._protected_args, *context.args]
        if not words:
            return
        name, *rest = words
        command = cli.get_command(context, name)
        if isinstance(command, click.Group) and rest:
            names = command.list_commands(context)
            at = next((at for at, word in enumerate(rest) if word in names), len(rest))
            if at:  # options of the group itself
                with command.make_context(name, rest[:at], parent=context) as own:
                    assert not [*own._protected_args, *own.args]
            if at == len(rest):
                return
            name, rest = rest[at], rest[at + 1 :]
            command = command.get_command(context, name)
        assert command is not None
        if not isinstance(command, click.Group):
            command.make_context(name, rest, parent=context).close()


@pytest.mark.parametrize("line", TARGETS)
def test_a_named_target_exists(line: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert "demo" in targets
    wanted = [word for word in line.split()[1:] if "=" not in word]
    assert set(wanted) <= targets
    variables = {word.partition("=")[0] for word in line.split()[1:] if "=" in word}
    assert variables <= set(re.findall(r"^([A-Z]+) \?=", text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"])
def test_a_named_file_exists(document: str) -> None:
    anywhere = set(re.findall(rf"(?<![\w./~-]){PLACES}", text(document)))
    spans = {span for span in code(document) if re.fullmatch(FILE_NAMES, span)} - MADE_BY_RUNS
    assert len(anywhere) >= 2
    missing = {name for name in anywhere | spans if not (ROOT / name).exists()}
    beside = {name for name in missing if list((ROOT / "fleet_tui").rglob(name))}
    assert missing - beside == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_relative_link_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]+`", "", FENCED.sub("", text(document))))
    here = (ROOT / document).parent
    assert [link for link in links if "://" not in link and not (here / link.partition("#")[0]).exists()] == []


def test_the_readme_leads_to_the_other_documents() -> None:
    links = set(re.findall(r"\]\(([^)\s]+)\)", text("README.md")))
    assert {"CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"} <= links
    there = {f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md")}
    assert there <= links
    assert there <= set(DOCUMENTS), "all that is written is checked here"


def test_it_is_installed_from_where_it_is() -> None:
    installs = [
        line for document in DOCUMENTS for line in code(document) if re.match(r"(pipx|uv tool|.*pip) install", line)
    ]
    assert len(installs) >= 6
    assert [line for line in installs if "fleet-tui" in line] == [], "on no index; who has the name there is not us"


@pytest.mark.parametrize("document", WRITTEN)
def test_no_path_of_somebodys_machine_is_named(document: str) -> None:
    assert re.findall(r"(?<![\w~])/(?:home|root|Users|work|tmp|usr|opt)/\S*", text(document)) == []


def test_the_key_reference_is_current() -> None:
    assert text("docs/keys.md") == markdown(), "make docs"


def test_the_settings_reference_is_current() -> None:
    assert text("docs/config.md") == reference.markdown(), "make docs"


def test_the_readme_names_every_key_of_the_screens_that_there_are() -> None:
    there = {name: title for name, (_, title) in keys.SCREENS.items() if name in FleetApp.MODES}
    expected = [("everywhere", key) for key in NAVIGATION if key.id.removeprefix("go.") in there]
    expected += [("everywhere", key) for key in keys.EVERYWHERE if key not in NAVIGATION]
    expected += [(title, key) for name, title in there.items() for key in keys.BY_SCREEN[name]]
    told = [[plain(cell) for cell in row] for row in rows("README.md", "key")]
    assert told == [[spelled(key.key), screen, key.sentence] for screen, key in expected]


def test_the_readme_names_every_command() -> None:
    named = {words[1] for line in spoken("README.md", "fleet-tui") if len(words := line.split()) > 1}
    assert set(MODULES) <= named


def test_the_readme_names_every_exit_code() -> None:
    tree = ast.parse(Path(exits.__file__).read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Exit").body
    words = [ast.literal_eval(node.value) for node in body if isinstance(node, ast.Expr)][1:]
    assert len(words) == len(Exit)
    expected = [[str(code.value), plain(sentence)] for code, sentence in zip(Exit, words, strict=True)]
    assert [[plain(cell) for cell in row] for row in rows("README.md", "exit code")] == expected


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_named_variable_is_one_that_is_read(document: str) -> None:
    read = {
        paths.CONFIG_VARIABLE,
        paths.STATE_VARIABLE,
        SERVE_VARIABLE,
        *(service.variable for service in SERVICES.values()),
    }
    assert set(re.findall(r"\bFLEET_TUI_[A-Z_]+", text(document))) <= read


def test_the_readme_names_the_variables_of_the_needed_tokens_and_of_the_paths() -> None:
    needed = {service.variable for service in SERVICES.values() if service.needed}
    assert needed
    for variable in (*needed, paths.CONFIG_VARIABLE, paths.STATE_VARIABLE):
        assert f"`{variable}`" in text("README.md")


def test_the_map_of_the_architecture_has_every_package_and_nothing_that_is_gone() -> None:
    inside = ROOT / "fleet_tui"
    named = set(re.findall(r"^fleet_tui/(\S+) ", text("docs/ARCHITECTURE.md"), re.MULTILINE))
    assert {name for name in named if not (inside / name).exists()} == set()
    assert {f"{file.parent.name}/" for file in inside.glob("*/__init__.py")} == {n for n in named if n.endswith("/")}


KINDS = {
    "bug fix": (Kind.BUG_FIX,),
    "docs": (Kind.DOCUMENTATION,),
    "website": (Kind.WEBSITE,),
    "feature": (Kind.FEATURE,),
    "unknown": (Kind.UNKNOWN,),
    "any": tuple(Kind),
    "anything else": tuple(Kind),
}
GIVEN: dict[str, tuple[Role, ...]] = {"three approvals": tuple(Role), "manager's word": (Role.MANAGER,)}


def test_the_table_of_verdicts_is_the_rule() -> None:
    told: dict[tuple[Phase, Kind, bool, tuple[Role, ...]], str] = {}
    for phases, change, answer in rows("docs/ARCHITECTURE.md", "phase"):
        for name, case in product(phases.split(", "), _cases(change.split(", "))):
            told.setdefault((Phase(name), *case), answer)
    assert {case[:3] for case in told} == set(product(Phase, Kind, (False, True)))
    for (phase, kind, deep, given), answer in told.items():
        said = verdict(phase, kind, deep_label=deep, given=given).answer
        assert said.value == answer, (phase, kind, deep, given)


def _cases(words: list[str]) -> list[tuple[Kind, bool, tuple[Role, ...]]]:
    """The changes that a line of the table is about; a line before it may have told of some of them already."""
    kinds = [kind for word in words for kind in KINDS.get(word, ())]
    named = [GIVEN[word] for word in words if word in GIVEN]
    decided_by_phase = bool({"deep label", "any", "anything else"} & set(words))
    given = named or ([(), *GIVEN.values()] if decided_by_phase else [()])
    return list(product(kinds, (True,) if "deep label" in words else (False, True), given))


def test_the_architecture_gives_a_reason_for_every_dependency() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    needed = {re.split(r"[<>=]", requirement)[0] for requirement in project["dependencies"]}
    reasons = {plain(name): reason for name, reason in rows("docs/ARCHITECTURE.md", "package")}
    assert {name for name in needed if not reasons.get(name)} == set()
