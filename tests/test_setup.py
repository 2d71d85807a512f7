"""The set-up: what it asks, checks, shows, keeps and writes; and that it leaves nothing half done."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import keyring
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from msgspec.structs import replace

from fleet_tui.cli import cli, setup
from fleet_tui.cli import run as run_module
from fleet_tui.cli.demo import demo_certificates, demo_config
from fleet_tui.cli.setup_file import write_new
from fleet_tui.config.load import parse
from fleet_tui.config.minimal import minimal
from fleet_tui.config.schema import Config
from fleet_tui.exits import Exit, Stop
from fleet_tui.services.tokens import SERVICES, Secret
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world.clock import real_time
from tests import helpers
from tests.keyrings import NONE, Garbling, Memory, PlaintextKeyring
from tests.test_cli import App

GITHUB, MERGE_FREEZE, ZENHUB, FLEET = "sim-lucasmrod", "sim-mergefreeze", "sim-zenhub", "sim-fleet"
CALENDAR = "/calendar/ical/oncall/private-0f3a7c55d1e94b62/basic.ics"
SHORTEST = ["", "", GITHUB, MERGE_FREEZE, "", "skip", "n", ""]
"""The least that a person can answer: all defaults, the two tokens, nothing else."""

SetUp = Callable[..., Result]


@pytest.fixture(scope="module")
def services() -> Iterator[SimulatorThread]:
    """The services of the demo."""
    world = demo_world(datetime.now(UTC))
    world.now = real_time
    with SimulatorThread(world) as running:
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the configuration would be."""
    return tmp_path / "config" / "config.toml"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """Stands in for the dashboard."""
    app = App()
    monkeypatch.setitem(sys.modules, "fleet_tui.app", app)
    return app


@pytest.fixture
def use() -> Iterator[Callable[[KeyringBackend], None]]:
    """Puts a keyring in place of the machine's."""
    before = keyring.core._keyring_backend
    yield keyring.set_keyring
    keyring.core._keyring_backend = before


@pytest.fixture
def memory(use: Callable[[KeyringBackend], None]) -> Memory:
    """A keyring that works."""
    mine = Memory()
    use(mine)
    return mine


@pytest.fixture
def answered(
    services: SimulatorThread, path: Path, app: App, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SetUp:
    """The program on a pretended terminal, with these lines typed: `answered("", "y")`."""
    for name in os.environ:
        if name.startswith(("FLEET_TUI_", "GH_", "GITHUB_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("FLEET_TUI_CONFIG", str(path))
    monkeypatch.setenv("FLEET_TUI_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(run_module, "_is_terminal", lambda stream: True)
    monkeypatch.setattr(setup, "BASE", helpers.config(addresses=helpers.addresses(services.url)))

    def run(*lines: str, command: tuple[str, ...] = ("setup",)) -> Result:
        return CliRunner().invoke(cli, list(command), input="".join(f"{line}\n" for line in lines), obj=None)

    return run


def entry(name: str, config: Config) -> tuple[str, str]:
    """Where the keyring keeps the token of a service."""
    return f"fleet-tui:{name}", SERVICES[name].host(config.addresses)


# From nothing to the running program ---------------------------------------------------------------------------------


def test_the_least_that_can_be_answered_ends_in_the_running_program(
    answered: SetUp, path: Path, app: App, memory: Memory
) -> None:
    done = answered("y", *SHORTEST, "y", command=())
    assert done.exit_code == Exit.OK, done.stderr
    (call,) = app.calls
    assert call["config"] == parse(path.read_text(), "") == setup.BASE
    assert {name: secret.reveal() for name, secret in call["tokens"].items()} == {
        "github": GITHUB,
        "merge-freeze": MERGE_FREEZE,
    }
    assert memory.kept == {entry("github", setup.BASE): GITHUB, entry("merge-freeze", setup.BASE): MERGE_FREEZE}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_answers_are_checked_live_and_told(answered: SetUp) -> None:
    told = answered(*SHORTEST, "y").stderr
    assert "✔ GitHub" in told
    assert "the token belongs to lucasmrod" in told
    assert "✔ repository" in told
    assert "✔ Merge Freeze" in told
    assert "It answers; main is frozen." in told


def test_every_answer_ends_in_the_configuration(
    answered: SetUp, services: SimulatorThread, path: Path, app: App, memory: Memory, tmp_path: Path
) -> None:
    folder = tmp_path / "certificates"
    demo_certificates(folder, datetime.now(UTC))
    done = answered(
        *("", "Europe/Berlin", GITHUB, MERGE_FREEZE, ZENHUB),
        *("address", services.url + CALENDAR),
        *("y", "", FLEET, str(folder), ""),
        "y",
    )
    assert done.exit_code == Exit.OK, done.stderr
    config = parse(path.read_text(), "")
    assert config.team.zone == ZoneInfo("Europe/Berlin")
    assert [calendar.name for calendar in config.on_call.calendars] == ["developer"]
    assert config.certificates.fleet_server
    assert [one.path for one in config.certificates.files] == [str(folder)]
    assert {name for name, _ in memory.kept} == {
        f"fleet-tui:{name}" for name in ("github", "merge-freeze", "zenhub", "calendar", "fleet")
    }
    assert set(app.calls[0]["tokens"]) == {"github", "merge-freeze", "zenhub", "calendar", "fleet"}
    assert "knows the groups' boards" in done.stderr
    assert "entries in these weeks" in done.stderr
    assert "Fleet server" in done.stderr
    for secret in (GITHUB, MERGE_FREEZE, ZENHUB, FLEET, CALENDAR):
        assert secret not in done.output + done.stderr + path.read_text()


def test_a_roster_from_a_file(answered: SetUp, path: Path) -> None:
    file = Path(__file__).parent / "data" / "on-call-google.ics"
    done = answered(*SHORTEST[:5], "file", "nowhere.ics", str(file), "n", "", "y")
    assert done.exit_code == Exit.OK, done.stderr
    assert "cannot be read from" in done.stderr
    assert parse(path.read_text(), "").on_call.calendars[0].file == str(file)


def test_the_file_is_shown_as_it_is_written(answered: SetUp, path: Path) -> None:
    told = answered(*SHORTEST, "y").stderr
    for line in filter(None, path.read_text().splitlines()):
        assert f"  {line}\n" in told
    assert f"This would be written to {path}" in told


# What is wrong is said, and asked again ------------------------------------------------------------------------------


def test_a_repository_or_a_zone_that_cannot_be_one_is_asked_for_again(answered: SetUp, path: Path) -> None:
    done = answered("fleet", "fleetdm/fleet", "Mars/Olympus", "Europe/Berlin", *SHORTEST[2:], "y")
    assert done.exit_code == Exit.OK
    assert "It must be a name such as `fleetdm/fleet`" in done.stderr
    assert parse(path.read_text(), "").team.zone.key == "Europe/Berlin"


def test_a_token_that_is_not_accepted_is_asked_for_again(answered: SetUp, memory: Memory) -> None:
    done = answered("", "", "wrong", "another", GITHUB, *SHORTEST[3:], "y")
    assert done.exit_code == Exit.OK, done.stderr
    assert "✖ GitHub" in done.stderr
    assert GITHUB in memory.kept.values()
    assert "wrong" not in memory.kept.values()


def test_one_can_go_on_with_a_token_that_is_not_accepted(answered: SetUp, memory: Memory) -> None:
    assert answered("", "", "doubted", "keep", *SHORTEST[3:], "y").exit_code == Exit.OK
    assert "doubted" in memory.kept.values()


def test_without_a_needed_token_it_is_written_and_what_is_missing_is_named(
    answered: SetUp, path: Path, app: App
) -> None:
    done = answered("", "", "", *SHORTEST[3:], "y")
    assert done.stderr.count("fleet-tui auth set github") == 1  # the rest is the exception's
    assert path.exists()
    assert app.calls == []
    assert isinstance(done.exception, Stop)
    assert "a GitHub token: `fleet-tui auth set github`" in done.exception.sentence


def test_a_token_that_is_there_already_is_checked_and_not_asked_for(
    answered: SetUp, monkeypatch: pytest.MonkeyPatch, memory: Memory
) -> None:
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", GITHUB)
    done = answered("", "", *SHORTEST[3:], "y")
    assert done.exit_code == Exit.OK, done.stderr
    assert "from: variable FLEET_TUI_GITHUB_TOKEN" in done.stderr
    assert "the token belongs to lucasmrod" in done.stderr
    assert list(memory.kept.values()) == [MERGE_FREEZE]


# Keyrings ------------------------------------------------------------------------------------------------------------


def test_without_a_keyring_it_says_so_and_the_tokens_serve_this_run(
    answered: SetUp, use: Callable[[KeyringBackend], None], app: App, path: Path
) -> None:
    use(NONE)
    done = answered(*SHORTEST, "y")
    assert done.exit_code == Exit.OK, done.stderr
    assert "There is no keyring on this machine" in done.stderr
    assert "FLEET_TUI_GITHUB_TOKEN" in done.stderr
    assert set(app.calls[0]["tokens"]) == {"github", "merge-freeze"}
    assert "These would be kept in the keyring" not in done.stderr


def test_a_keyring_that_fails_half_way_is_told(
    answered: SetUp, use: Callable[[KeyringBackend], None], app: App
) -> None:
    use(Garbling())
    done = answered(*SHORTEST, "y")
    assert done.exit_code == Exit.OK, done.stderr
    assert "The GitHub token serves this run alone: The keyring took the GitHub token" in done.stderr
    assert set(app.calls[0]["tokens"]) == {"github", "merge-freeze"}


@pytest.mark.parametrize(("answer", "accepted"), [("y", True), ("n", False)])
def test_a_keyring_of_plain_text_is_used_only_after_a_yes(
    answered: SetUp, use: Callable[[KeyringBackend], None], path: Path, answer: str, accepted: bool
) -> None:
    plain = PlaintextKeyring()
    use(plain)
    done = answered("", "", answer, *SHORTEST[2:], "y")
    assert done.exit_code == Exit.OK, done.stderr
    assert bool(plain.kept) is accepted
    assert parse(path.read_text(), "").tokens.allow_plaintext_keyring is accepted


# Leaving it ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", range(len(SHORTEST) + 1))
def test_stopped_anywhere_it_leaves_nothing(answered: SetUp, path: Path, memory: Memory, answers: int) -> None:
    done = answered(*SHORTEST[:answers])  # then the input ends, as by Ctrl+D
    assert isinstance(done.exception, Stop)
    assert done.exception.code == Exit.INTERRUPTED
    assert "Nothing was written, and no token was kept." in done.exception.sentence
    assert not path.parent.exists()
    assert memory.kept == {}


def test_a_fault_of_ours_leaves_nothing(
    answered: SetUp, path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "minimal", lambda config: 1 / 0)
    assert isinstance(answered(*SHORTEST, "y").exception, ZeroDivisionError)
    assert not path.parent.exists()
    assert memory.kept == {}


def test_a_no_at_the_end_leaves_nothing_and_leads_to_the_demo(answered: SetUp, path: Path, memory: Memory) -> None:
    done = answered(*SHORTEST, "n")
    assert isinstance(done.exception, Stop)
    assert (done.exception.code, path.exists(), memory.kept) == (Exit.NOT_CONFIGURED, False, {})
    assert "fleet-tui demo" in done.exception.sentence


def test_a_no_at_the_beginning_leads_to_the_demo(answered: SetUp, path: Path) -> None:
    done = answered("n", command=())
    assert isinstance(done.exception, Stop)
    assert done.exception.code == Exit.NOT_CONFIGURED
    assert "fleet-tui demo" in done.exception.sentence
    assert not path.exists()


def test_where_a_file_is_nothing_is_asked(answered: SetUp, path: Path) -> None:
    path.parent.mkdir()
    path.write_text("# mine\n")
    done = answered()
    assert isinstance(done.exception, Stop)
    assert done.exception.code == Exit.REFUSED
    assert path.read_text() == "# mine\n"


def test_a_file_that_came_up_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n")
    with pytest.raises(Stop, match="stays as it is"):
        write_new(path, "# ours\n")
    assert path.read_text() == "# mine\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Stop, match="No space left"):
        write_new(tmp_path / "config.toml", "# ours\n")
    assert list(tmp_path.iterdir()) == []


def test_not_a_terminal_is_refused_as_before(answered: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "_is_terminal", lambda stream: False)
    by_itself, as_command = answered(command=()).exception, answered().exception
    assert isinstance(by_itself, Stop)
    assert by_itself.code == Exit.NOT_CONFIGURED
    assert "fleet-tui config init" in by_itself.sentence
    assert isinstance(as_command, Stop)
    assert as_command.code == Exit.NO_TERMINAL


# The file ------------------------------------------------------------------------------------------------------------


def test_of_the_defaults_nothing_is_written() -> None:
    assert [line for line in minimal(Config()).splitlines() if line and not line.startswith("#")] == []


def test_a_file_of_many_settings_reads_as_they_are(tmp_path: Path) -> None:
    config = demo_config("http://127.0.0.1:1")
    config = replace(config, certificates=demo_certificates(tmp_path, helpers.NOW), keys={"freeze.unfreeze": "U"})
    assert parse(minimal(config), "") == config
    assert "branch" not in minimal(config)


LINE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)


@given(
    text=LINE,
    hours=st.integers(0, 168),
    day=st.dates(),
    hour=st.times().map(lambda time: time.replace(hour=8, minute=0)),
    patterns=st.lists(LINE, max_size=3).map(tuple),
)
def test_whatever_is_set_reads_as_it_was(text: str, hours: int, day: Any, hour: Any, patterns: tuple[str, ...]) -> None:
    config = helpers.config(
        team={"branch": text, "holidays": (day,), "day_starts": hour},
        freeze={"deep_hours": hours, "website_paths": patterns},
        release={"known_date": day},
    )
    assert parse(minimal(config), "") == config


def test_a_secret_is_never_part_of_the_settings() -> None:
    with pytest.raises(TypeError):
        minimal(helpers.config(team={"branch": Secret("sesame-4711")}))
