"""`fleet-tui doctor`: every finding with its remedy, against the simulator and by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fleet_tui.__main__ import main
from fleet_tui.cli.demo import demo_config, demo_tokens
from fleet_tui.cli.doctor import line
from fleet_tui.config.certificates import Certificates
from fleet_tui.config.load import load
from fleet_tui.config.on_call import Calendar, OnCall
from fleet_tui.config.schema import Config, Team
from fleet_tui.config.slack import Slack
from fleet_tui.exits import Exit
from fleet_tui.paths import Paths
from fleet_tui.services.doctor import Check, check_configuration, check_keyring, check_state, check_tokens
from fleet_tui.services.doctor_probes import check_clock, check_limit, check_name, check_scopes, probe
from fleet_tui.services.http import Limit
from fleet_tui.services.keyrings import KeyringKind, KeyringState
from fleet_tui.services.tokens import SERVICES, Secret
from fleet_tui.simulator.seed import demo_world, empty_world
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import FixedClock

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MERGE_FREEZE = "sim-mergefreeze"


def kept(checks: list[Check], name: str) -> Check:
    """The one finding of that name."""
    (found,) = [check for check in checks if check.name == name]
    return found


# This machine --------------------------------------------------------------------------------------------------------


def test_a_missing_file_is_a_fault_and_the_defaults_are_looked_at(tmp_path: Path) -> None:
    check, config = check_configuration(Paths(tmp_path / "config.toml", tmp_path), load)
    assert (check.ok, config) == (False, Config())
    assert "config init" in check.remedy


def test_a_faulty_file_is_counted_and_not_used(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a = 1\nb = 2\n")
    check, config = check_configuration(Paths(path, tmp_path), load)
    assert (check.ok, config) == (False, None)
    assert "2 faults" in check.sentence


def test_a_valid_file_is_used(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[team]\nbranch = "trunk"\n')
    check, config = check_configuration(Paths(path, tmp_path), load)
    assert check.ok
    assert config is not None
    assert config.team.branch == "trunk"


def test_the_state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = Paths(tmp_path / "c", tmp_path / "a" / "state")
    assert check_state(paths).ok
    assert not paths.state_dir.exists(), "looking makes nothing"
    paths.make_state_dir()
    assert check_state(paths).ok
    paths.state_dir.chmod(0o755)
    assert check_state(paths) == Check(
        "state", None, f"{paths.state_dir} can be read by others.", f"Close it: chmod 700 {paths.state_dir}"
    )
    # root may write anywhere, so a refusal has to be pretended
    monkeypatch.setattr("fleet_tui.services.doctor._writable", lambda directory: False)
    assert check_state(paths).ok is False
    assert check_state(Paths(tmp_path, tmp_path / "new")).ok is False


def test_a_file_in_place_of_the_state_directory_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    assert check_state(Paths(tmp_path, tmp_path / "state")).ok is False
    assert check_state(Paths(tmp_path, tmp_path / "state" / "inner")).ok is False


@pytest.mark.parametrize(
    ("kind", "allowed", "ok"),
    [
        (KeyringKind.USABLE, False, True),
        (KeyringKind.PLAIN, True, True),
        (KeyringKind.PLAIN, False, None),
        (KeyringKind.LOCKED, True, None),
        (KeyringKind.NONE, False, None),
    ],
)
def test_the_keyring(kind: KeyringKind, allowed: bool, ok: bool | None) -> None:
    state = KeyringState(kind, "test")
    assert check_keyring(state, allow_plaintext=allowed) == Check("keyring", ok, state.sentence)


@pytest.mark.usefixtures("no_keyring")
def test_tokens_that_are_needed_and_those_that_are_there() -> None:
    checks, tokens = check_tokens(Config(), {"FLEET_TUI_GITHUB_TOKEN": "sesame", "FLEET_TUI_SLACK_TOKEN": "hush-hush"})
    assert tokens == {"github": Secret("sesame"), "slack": Secret("hush-hush")}
    assert [(check.name, check.ok) for check in checks] == [
        ("GitHub token", True),
        ("Merge Freeze token", False),
        ("Slack token", True),
    ]
    assert "variable FLEET_TUI_GITHUB_TOKEN" in checks[0].sentence
    assert "fleet-tui auth set merge-freeze" in checks[1].sentence


@pytest.mark.usefixtures("no_keyring")
def test_what_the_settings_name_is_needed() -> None:
    config = Config(on_call=OnCall(calendars=(Calendar(address="calendar-2"), Calendar(file="a.ics"))))
    config = msgspec.structs.replace(config, certificates=Certificates(fleet_server=True))
    checks, _ = check_tokens(config, {"FLEET_TUI_GITHUB_TOKEN": "sesame", "FLEET_TUI_MERGE_FREEZE_TOKEN": "hush-hush"})
    assert [(check.name, check.ok) for check in checks[2:]] == [
        ("Fleet token", False),
        ("second calendar address", False),
    ]


@pytest.mark.usefixtures("no_keyring")
def test_a_spoilt_token_is_told_of_a_service_that_is_not_needed_too() -> None:
    checks, _ = check_tokens(Config(), {"FLEET_TUI_GITHUB_TOKEN": "sesame", "FLEET_TUI_SLACK_TOKEN": "two words"})
    slack = kept(checks, "Slack token")
    assert (slack.ok, "FLEET_TUI_SLACK_TOKEN" in slack.sentence) == (False, True)


# What answers say ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "ok", "said"),
    [
        (0, True, "agrees"),
        (30, True, "agrees"),
        (-30, True, "agrees"),
        (31, None, "31 s ahead of GitHub's"),
        (-45, None, "45 s behind GitHub's"),
        (7260, None, "2 h 1 min ahead of GitHub's"),
        (-7260, None, "2 h 1 min behind GitHub's"),
    ],
)
def test_the_clock(seconds: int, ok: bool | None, said: str) -> None:
    (check,) = check_clock(timedelta(seconds=seconds))
    assert check.ok is ok
    assert said in check.sentence
    assert bool(check.remedy) == (ok is None)


@pytest.mark.parametrize(("remaining", "ok"), [(5000, True), (500, True), (499, None), (0, None)])
def test_the_allowance(remaining: int, ok: bool | None) -> None:
    (check,) = check_limit(Limit(remaining, 5000, NOW + timedelta(minutes=20)), NOW)
    assert check.ok is ok
    assert check.sentence == f"{remaining} of 5000 requests are left; full again in 20 min."


def test_what_a_service_does_not_tell_is_not_judged() -> None:
    assert check_clock(None) == check_limit(None, NOW) == check_scopes({}) == []


@pytest.mark.parametrize(
    ("scopes", "ok"), [("repo, gist", True), ("public_repo", True), ("gist, read:org", False), ("", False)]
)
def test_the_scopes_of_a_classic_token(scopes: str, ok: bool) -> None:
    assert [check.ok for check in check_scopes({"x-oauth-scopes": scopes})] == ([] if ok else [False])


def test_the_name_of_the_repository() -> None:
    assert check_name("FleetDM/fleet", "fleetdm/fleet").ok
    renamed = check_name("fleetdm/fleet", "acme/armada")
    assert (renamed.ok, renamed.sentence) == (None, "fleetdm/fleet was renamed to acme/armada.")
    assert 'repository = "acme/armada"' in renamed.remedy


def test_a_finding_is_one_line_without_tokens() -> None:
    Secret("sesame-4711")
    shown = line(Check("GitHub", False, "It refused sesame-4711.", "Set a new one."))
    assert shown == "✖ GitHub                   It refused •••. Set a new one."
    assert line(Check("clock", None, "It is late."))[0] == "!"
    assert line(Check("name longer than the column", True, "Fine.")).endswith("column Fine.")


# Against the simulator -----------------------------------------------------------------------------------------------


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """No keyring and no `gh`."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr("keyring.core._keyring_backend", None)


@pytest.fixture
def simulator() -> Iterator[SimulatorThread]:
    """A quiet world on loopback, its clock that of the machine."""
    world = empty_world(datetime.now(UTC))
    world.now = lambda: datetime.now(UTC)
    with SimulatorThread(world) as running:
        yield running


def tokens(github: str = "sim-lucasmrod", merge_freeze: str = MERGE_FREEZE) -> Mapping[str, Secret]:
    return {"github": Secret(github), "merge-freeze": Secret(merge_freeze)}


async def test_all_is_well(simulator: SimulatorThread) -> None:
    checks = await probe(demo_config(simulator.url), tokens())
    assert [(check.name, check.ok) for check in checks] == [
        ("GitHub", True),
        ("repository", True),
        ("branch", True),
        ("permissions", True),
        ("rate limit", True),
        ("clock", True),
        ("Merge Freeze", True),
    ]
    assert "lucasmrod" in checks[0].sentence
    assert "main is open" in checks[-1].sentence
    assert not any(check.remedy for check in checks)


async def test_a_token_that_is_not_shown_the_team_deserves_a_look(simulator: SimulatorThread) -> None:
    simulator.call(lambda: simulator.world.add_user("contractor", member=False))
    config = demo_config(simulator.url)
    unnamed = msgspec.structs.replace(config, on_call=msgspec.structs.replace(config.on_call, team_members=()))
    (check,) = [one for one in await probe(unnamed, tokens("sim-contractor")) if one.name == "members"]
    assert (check.ok, "on_call.team_members" in check.sentence) == (None, True)
    named = msgspec.structs.replace(config, on_call=msgspec.structs.replace(config.on_call, team_members=("mna",)))
    assert not [one for one in await probe(named, tokens("sim-contractor")) if one.name == "members"]


async def test_only_services_with_a_token_are_asked(simulator: SimulatorThread) -> None:
    assert await probe(demo_config(simulator.url), {}) == []
    checks = await probe(demo_config(simulator.url), {"merge-freeze": Secret(MERGE_FREEZE)})
    assert [check.name for check in checks] == ["Merge Freeze"]


async def test_what_the_settings_name_is_asked_as_well() -> None:
    world = demo_world(datetime.now(UTC))
    world.now = lambda: datetime.now(UTC)
    with SimulatorThread(world) as there:
        config, good = demo_config(there.url), demo_tokens(there.url)
        checks = await probe(config, good)
        assert [(check.name, check.ok) for check in checks[7:]] == [
            ("ZenHub", True),
            ("Slack", True),
            ("calendar developer", True),
            ("calendar infrastructure", True),
            ("Fleet server", True),
        ]
        bad = {name: Secret("sim-wrong") for name in ("zenhub", "slack", "fleet")}
        bad |= {name: Secret(f"{there.url}/calendar/ical/oncall/another.ics") for name in ("calendar", "calendar-2")}
        refused = await probe(config, bad)
        assert [(check.name, check.ok) for check in refused] == [
            ("ZenHub", False),
            ("Slack", False),
            ("calendar developer", False),
            ("calendar infrastructure", False),
            ("Fleet server", False),
        ]
        assert all("fleet-tui auth set" in check.remedy for check in refused)
        nothing_named = msgspec.structs.replace(config, on_call=OnCall(), certificates=Certificates())
        assert [check.name for check in (await probe(nothing_named, good))[7:]] == ["ZenHub", "Slack"]


async def test_a_user_group_that_slack_does_not_know_is_told() -> None:
    world = demo_world(datetime.now(UTC))
    with SimulatorThread(world) as there:
        config = msgspec.structs.replace(demo_config(there.url), slack=Slack(on_call_group="nobody"))
        (check,) = await probe(config, {"slack": demo_tokens(there.url)["slack"]})
    assert (check.ok, check.remedy) == (False, "Check `slack.on_call_group`.")
    assert check.sentence == "Slack knows no user group @nobody."


async def test_bad_tokens(simulator: SimulatorThread) -> None:
    checks = await probe(demo_config(simulator.url), tokens("sim-bad", "sim-wrong"))
    assert [(check.name, check.ok) for check in checks] == [("GitHub", False), ("Merge Freeze", False)]
    assert "fleet-tui auth set github" in checks[0].remedy
    assert "fleet-tui auth set merge-freeze" in checks[1].remedy


async def test_a_token_without_push_access(simulator: SimulatorThread) -> None:
    checks = await probe(demo_config(simulator.url), tokens("sim-lucasmrod-readonly"))
    check = kept(checks, "permissions")
    assert check.ok is None
    assert "--read-only" in check.remedy


async def test_a_missing_permission_is_named(simulator: SimulatorThread) -> None:
    simulator.call(lambda: simulator.faults.add("forbidden", path="/pulls$", permissions="pull_requests=read"))
    check = kept(await probe(demo_config(simulator.url), tokens()), "permissions")
    assert (check.ok, check.sentence) == (False, "The token may not read pull requests.")
    assert "pull_requests=read" in check.remedy


async def test_a_renamed_repository(simulator: SimulatorThread) -> None:
    simulator.call(lambda: simulator.world.rename_repo("fleetdm/fleet", "fleetdm/armada"))
    check = kept(await probe(demo_config(simulator.url), tokens()), "repository")
    assert (check.ok, check.sentence) == (None, "fleetdm/fleet was renamed to fleetdm/armada.")


@pytest.mark.parametrize(
    ("team", "name", "said"),
    [
        (Team(branch="trunk"), "branch", "There is no branch trunk."),
        (Team(branch="trunk"), "Merge Freeze", "It does not know the branch trunk of fleetdm/fleet."),
        (Team(repository="fleetdm/nothing"), "repository", "GitHub does not know what was asked for."),
    ],
)
async def test_wrong_names(simulator: SimulatorThread, team: Team, name: str, said: str) -> None:
    config = msgspec.structs.replace(demo_config(simulator.url), team=team)
    check = kept(await probe(config, tokens()), name)
    assert (check.ok, check.sentence) == (False, said)
    assert check.remedy


async def test_a_clock_that_is_off(simulator: SimulatorThread) -> None:
    simulator.world.now = FixedClock(datetime.now(UTC) - timedelta(hours=2))
    check = kept(await probe(demo_config(simulator.url), tokens()), "clock")
    assert check.ok is None
    assert "ahead of GitHub's" in check.sentence


@pytest.mark.parametrize("kind", ["status", "drop", "not_json", "wrong_shape", "primary_limit", "redirect_away"])
async def test_any_failure_is_a_finding(simulator: SimulatorThread, kind: str) -> None:
    simulator.call(lambda: simulator.faults.add(kind))
    checks = await probe(demo_config(simulator.url), tokens())
    assert [(check.name, check.ok) for check in checks] == [("GitHub", False), ("Merge Freeze", False)]
    assert all(check.sentence for check in checks)


async def test_a_failure_on_the_way_keeps_what_was_found(simulator: SimulatorThread) -> None:
    simulator.call(lambda: simulator.faults.add("status", path="/pulls$"))
    checks = await probe(demo_config(simulator.url), tokens())
    assert kept(checks, "GitHub").ok
    assert kept(checks, "repository").ok is False
    assert kept(checks, "rate limit").ok


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def doctor(
    tmp_path: Path, simulator: SimulatorThread, no_keyring: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """The command, for a user whose configuration leads to the simulator."""
    path = tmp_path / "config.toml"
    path.write_text(
        f'[addresses]\ngithub = "{simulator.url}/github"\nmerge_freeze = "{simulator.url}/mergefreeze/api"\n'
    )
    monkeypatch.setenv("FLEET_TUI_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", "sim-lucasmrod")
    monkeypatch.setenv("FLEET_TUI_MERGE_FREEZE_TOKEN", MERGE_FREEZE)
    monkeypatch.setenv("PATH", "")
    return lambda *options: main(["--config", str(path), "doctor", *options])


def test_the_command_prints_each_finding(doctor: Callable[[], int], capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor() == Exit.OK
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert [words.split("  ")[0] for words in lines[:4]] == [
        "✔ configuration",
        "✔ state",
        "! keyring",
        "✔ GitHub token",
    ]
    assert len(lines) == 12
    assert "sim-" not in out


def test_each_finding_begins_in_the_same_column() -> None:
    names = ["state", *(service.secret for service in SERVICES.values())]
    assert {line(Check(name, True, "§")).index("§") for name in names} == {27}


def test_the_command_fails_with_a_fault(
    doctor: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", "sim-bad")
    assert doctor() == Exit.PROBLEM
    sentence = "GitHub does not accept the token. Change or unset FLEET_TUI_GITHUB_TOKEN."
    assert f"✖ GitHub                   {sentence}\n" in capsys.readouterr().out


@pytest.mark.parametrize(("token", "code"), [("sim-lucasmrod", Exit.OK), ("sim-bad", Exit.PROBLEM)])
def test_programs_get_the_same_findings(
    doctor: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: str,
    code: Exit,
) -> None:
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", token)
    assert doctor() == code
    lines = capsys.readouterr().out.splitlines()
    assert doctor("--format", "json") == code
    found = json.loads(capsys.readouterr().out)
    assert found["fine"] == (code == Exit.OK)
    marks = {"fine": "✔", "look": "!", "fault": "✖"}
    assert [line[:26] for line in lines] == [f"{marks[one['result']]} {one['name']:<24}" for one in found["checks"]]
    assert all((one["remedy"] or "") in line for line, one in zip(lines, found["checks"], strict=True))


def test_a_faulty_file_leaves_the_services_alone(
    doctor: Callable[[], int], tmp_path: Path, simulator: SimulatorThread, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("nonsense = 1\n")
    assert doctor() == Exit.PROBLEM
    assert [words[0] for words in capsys.readouterr().out.splitlines()] == ["✖", "✔", "!"]
