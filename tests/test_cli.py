"""The command line: exit codes, words on stderr and data on stdout, no traceback, no token."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import keyring
import pexpect
import pytest

from fleet_tui import keys
from fleet_tui.__main__ import main
from fleet_tui.cli import MODULES
from fleet_tui.cli import run as run_module
from fleet_tui.cli.simulation import simulation
from fleet_tui.config.load import parse
from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.exits import Exit, Stop
from fleet_tui.paths import Paths
from fleet_tui.services.tokens import Secret
from tests.keyrings import NONE, Memory

ROOT = Path(__file__).parents[1]
TOKEN = "sesame-4711"
HEAVY = {"textual", "httpx", "keyring", "github", "rich", "asyncio", "aiohttp", "sqlite3"}

Run = Callable[..., subprocess.CompletedProcess[str]]
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without anything: no files, no tokens, no keyring, no `gh`."""
    for name in os.environ:
        if name.startswith(("FLEET_TUI_", "XDG_", "GH_", "GITHUB_", "_FLEET_TUI")):
            monkeypatch.delenv(name)
    environment = {
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "FLEET_TUI_CONFIG": str(tmp_path / "config" / "config.toml"),
        "FLEET_TUI_STATE": str(tmp_path / "state"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def config_file(home: Path) -> Path:
    """A configuration file without any setting."""
    path = home / "config" / "config.toml"
    path.parent.mkdir()
    path.write_text("")
    return path


@pytest.fixture
def tokens(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens for all that is needed."""
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("FLEET_TUI_MERGE_FREEZE_TOKEN", TOKEN + "-mf")


@pytest.fixture
def memory() -> Iterator[Memory]:
    """A working keyring in this process."""
    before, mine = keyring.core._keyring_backend, Memory()
    keyring.set_keyring(mine)
    yield mine
    keyring.core._keyring_backend = before


@pytest.fixture
def run(home: Path) -> Run:
    """The program as a process."""

    def start(
        *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "fleet_tui", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=home,
            env={**os.environ, **(env or {})},
            timeout=30,
        )

    return start


@pytest.fixture
def say(home: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """The program within this process: exit code, stdout, stderr."""

    def start(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return start


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretends to have a terminal."""
    monkeypatch.setattr(run_module, "_is_terminal", lambda stream: True)


class App(ModuleType):
    """Stands in for `fleet_tui.app`, and notes how it is run."""

    def __init__(self) -> None:
        super().__init__("fleet_tui.app")
        self.calls: list[dict[str, Any]] = []
        self.during: Callable[[dict[str, Any]], int] = lambda call: 0

    def run(self, config: Config, paths: Paths, tokens: Mapping[str, Secret], **options: Any) -> int:
        call = {"config": config, "paths": paths, "tokens": tokens, **options}
        self.calls.append(call)
        return self.during(call)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """The stand-in, in place of the real one."""
    stand_in = App()
    monkeypatch.setitem(sys.modules, "fleet_tui.app", stand_in)
    monkeypatch.setattr("fleet_tui.app", stand_in, raising=False)
    return stand_in


# As a process --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], Exit.NOT_CONFIGURED, "fleet-tui demo"),
        (["--screen", "nowhere"], Exit.USAGE, "nowhere"),
        (["nonsense"], Exit.USAGE, "nonsense"),
        (["demo"], Exit.NO_TERMINAL, "terminal"),
        (["config", "check"], Exit.NOT_CONFIGURED, "config init"),
        (["auth", "set", "zenhub"], Exit.REFUSED, "KeePassXC, or set FLEET_TUI_ZENHUB_TOKEN instead."),
        (["auth", "clear", "zenhub"], Exit.REFUSED, "such as gnome-keyring or KeePassXC.\n"),
        (["auth", "set", "github", TOKEN], Exit.USAGE, "unexpected extra argument"),
    ],
)
def test_a_refusal_is_said_on_stderr_with_its_own_code(run: Run, arguments: list[str], code: Exit, said: str) -> None:
    done = run(*arguments, stdin=TOKEN)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_written_is_read(run: Run, home: Path) -> None:
    path = home / "config" / "config.toml"
    assert run("config", "path").stdout == f"{path}\n"
    first = run("config", "init")
    assert (first.returncode, first.stdout) == (0, "")
    assert str(path) in first.stderr
    assert run("config", "check").returncode == 0
    shown = run("config", "show")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert parse(shown.stdout, "shown") == Config()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["config", "path"], ["config", "show"]])
def test_what_draws_nothing_loads_nothing_heavy(home: Path, arguments: list[str]) -> None:
    code = (
        f"import sys; from fleet_tui.__main__ import main; code = main({arguments!r})\n"
        "print([name.split('.')[0] for name, module in sys.modules.items() if module], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, cwd=home)
    loaded = set(re.findall(r"'([^']+)'", done.stderr.splitlines()[-1]))
    assert (done.returncode, "click" in loaded, loaded & HEAVY) == (0, True, set())


def test_no_command_needs_anything_heavy_to_begin(home: Path) -> None:
    code = (
        "import sys, click; from fleet_tui.cli import MODULES, cli; from fleet_tui.__main__ import main\n"
        "def words(name):\n"
        "    group = cli.get_command(click.Context(cli), name)\n"
        "    below = group.list_commands(click.Context(group)) if isinstance(group, click.Group) else ()\n"
        "    return [[name], *([name, one] for one in below)]\n"
        "codes = [main([*line, '--help']) for name in MODULES for line in words(name)]\n"
        "print(len(codes), sum(codes), file=sys.stderr,\n"
        "    *{name.split('.')[0] for name, module in sys.modules.items() if module})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, cwd=home)
    count, failed, *loaded = done.stderr.split()
    assert int(count) > 2 * len(MODULES) - 5
    assert (failed, set(loaded) & (HEAVY - {"asyncio"})) == ("0", set())


@pytest.mark.parametrize("arguments", [[], ["auth"], ["bugs"], ["certs"], ["config"], ["export"], ["freeze"], ["qa"]])
def test_help_says_what_each_command_does_in_whole_sentences(say: Say, arguments: list[str]) -> None:
    code, out, _ = say(*arguments, "--help")
    assert (code, "..." in out.partition("Commands:")[2]) == (Exit.OK, False)


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(["stats"], "status"), (["on-call"], "oncall"), (["release", "plann"], "plan"), (["xyz"], None)],
)
def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(
    say: Say, arguments: list[str], meant: str | None
) -> None:
    code, _, err = say(*arguments)
    assert (code, err.rpartition("Did you mean ")[2].strip() if "Did you" in err else None) == (
        Exit.USAGE,
        f"'{meant}'?" if meant else None,
    )


def test_a_command_that_reads_loads_nothing_that_draws_or_writes() -> None:
    code = (
        "import sys, fleet_tui.cli.session\n"
        "print([name.split('.')[0] for name, module in sys.modules.items() if module])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(re.findall(r"'([^']+)'", done.stdout))
    assert "httpx" in loaded
    assert loaded & {"textual", "rich", "pygments", "github", "keyring", "yaml", "pathspec", "dateutil"} == set()


@pytest.mark.parametrize("arguments", [["config", "show"], ["--help"]])
def test_a_reader_that_goes_away_is_no_fault(home: Path, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer) as nobody_reads:
        done = subprocess.run(
            [sys.executable, "-m", "fleet_tui", *arguments], stdout=nobody_reads, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == Exit.BROKEN_PIPE
    assert "Error" not in done.stderr
    assert "could not be written" not in done.stderr


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk without room, as Linux offers it")


@FULL
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("arguments", [["config", "show"], ["--help"]])
def test_output_that_cannot_be_written_is_no_fault_of_the_program(
    home: Path, arguments: list[str], buffered: bool
) -> None:
    start = [sys.executable, *([] if buffered else ["-u"]), "-m", "fleet_tui"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*start, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, cwd=home, env=env)
    assert done.returncode == Exit.UNAVAILABLE
    sentence = "The output could not be written in full (No space left on device). Make room, or write it elsewhere."
    assert done.stderr.splitlines()[-1] == sentence


@FULL
@pytest.mark.parametrize(("arguments", "code"), [(["config", "show"], Exit.OK), (["nonsense"], Exit.USAGE)])
def test_words_that_cannot_be_written_change_nothing(home: Path, arguments: list[str], code: Exit) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "fleet_tui", *arguments], stdout=subprocess.PIPE, stderr=full, text=True, cwd=home
        )
    assert done.returncode == code
    assert ("[team]" in done.stdout) == (code == Exit.OK)


def test_an_error_of_the_operating_system_elsewhere_is_a_fault_of_ours(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def show(_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fleet_tui.cli.configuration.show", show)
    code, _, err = say("config", "show")
    assert (code, "could not be written" in err) == (Exit.BUG, False)


@pytest.mark.parametrize("error", [click.Abort(), KeyboardInterrupt()])
def test_ctrl_c_leaves_the_cursor_on_a_line_of_its_own(
    say: Say, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def asks(_: object) -> str:
        raise error

    monkeypatch.setattr("fleet_tui.cli.configuration.settings", asks)
    assert say("config", "show") == (Exit.INTERRUPTED, "", "\n")


def test_ctrl_c_while_starting_has_its_code(
    home: Path, config_file: Path, tokens: None, app: App, terminal: None
) -> None:
    def interrupt(call: dict[str, Any]) -> int:
        raise KeyboardInterrupt

    app.during = interrupt
    assert main([]) == Exit.INTERRUPTED


def test_a_locale_without_our_characters_is_no_fault(run: Run) -> None:
    done = run(env={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == Exit.NOT_CONFIGURED
    assert "? a GitHub token" in done.stderr


# The dashboard -------------------------------------------------------------------------------------------------------


def test_all_that_is_missing_is_named(say: Say, home: Path) -> None:
    code, out, err = say()
    assert (code, out) == (Exit.NOT_CONFIGURED, "")
    for part in (
        str(home / "config" / "config.toml"),
        "config init",
        "auth set github",
        "FLEET_TUI_MERGE_FREEZE_TOKEN",
    ):
        assert part in err


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        ('[[on_call.calendars]]\naddress = "calendar"\n', {"calendar"}),
        ('[release]\ncalendar = "calendar-2"\n', {"calendar-2"}),
    ],
)
def test_secret_addresses_are_looked_for_that_the_settings_name(
    tokens: None, config_file: Path, monkeypatch: pytest.MonkeyPatch, text: str, found: set[str]
) -> None:
    for name in ("CALENDAR", "CALENDAR_2", "CALENDAR_3"):
        monkeypatch.setenv(f"FLEET_TUI_{name}_TOKEN", "https://calendar.example/a/b.ics")
    paths = Paths(config_file, config_file.parent / "state")
    assert set(run_module.require_setup(paths, parse(text, ""), os.environ)) == {"github", "merge-freeze"} | found


def test_what_to_do_is_said_for_the_file_that_was_named(say: Say, home: Path, tokens: None) -> None:
    path = home / "of the team.toml"
    assert f"`fleet-tui --config '{path}' config init` writes {path}\n" in say("--config", str(path), "status")[2]
    assert f"`fleet-tui --config '{path}' config init`" in say("--config", str(path), "config", "check")[2]
    assert f"Write one: fleet-tui --config '{path}' config init\n" in say("--config", str(path), "doctor")[1]
    assert "Write one: fleet-tui config init\n" in say("doctor")[1]


def test_of_the_keyring_only_whoever_lacks_a_token_hears(say: Say, tokens: None) -> None:
    assert "no keyring" not in say()[2]


def test_what_is_there_is_not_named(say: Say, config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", TOKEN)
    _, _, err = say()
    assert "Merge Freeze token" in err
    assert "GitHub" not in err
    assert str(config_file) not in err


def test_faults_of_the_file_end_it(say: Say, config_file: Path, tokens: None) -> None:
    config_file.write_text(
        '[team]\nbranhc = "x"\n[polling]\nfreeze = 1\n[keys]\n"freeze.unfreze" = "u"\nquit = "kwit"\n'
    )
    code, out, err = say()
    assert (code, out) == (Exit.BAD_CONFIG, "")
    assert err.startswith("The configuration has 4 faults:\n")
    assert "did you mean `branch`?" in err
    assert "did you mean `freeze.unfreeze`?" in err
    assert 'not "kwit"' in err


def test_it_needs_a_terminal(say: Say, config_file: Path, tokens: None, app: App) -> None:
    code, _, err = say()
    assert (code, app.calls) == (Exit.NO_TERMINAL, [])
    assert "terminal" in err


def test_a_closed_stdin_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Stop):
        run_module.require_terminal({})


@pytest.mark.usefixtures("terminal")
def test_a_dumb_terminal_is_refused() -> None:
    with pytest.raises(Stop, match="TERM=dumb"):
        run_module.require_terminal({"TERM": "dumb"})
    run_module.require_terminal({"TERM": "tmux-256color"})


@pytest.mark.usefixtures("terminal", "tokens")
def test_the_app_gets_what_was_asked_for(say: Say, config_file: Path, app: App, home: Path) -> None:
    config_file.write_text('[team]\nbranch = "trunk"\n[keys]\n"freeze.unfreeze" = "U"\n')
    screen = next(iter(keys.SCREENS))
    app.during = lambda call: 17
    assert say("--read-only", "--screen", screen)[0] == 17
    (call,) = app.calls
    assert call.pop("config").team.branch == "trunk"
    assert call.pop("takes_over")() is None
    assert call == {
        "paths": Paths(config_file, home / "state"),
        "tokens": {"github": Secret(TOKEN), "merge-freeze": Secret(TOKEN + "-mf")},
        "read_only": True,
        "screen": screen,
    }


@pytest.mark.usefixtures("terminal", "tokens")
def test_a_token_that_is_not_needed_is_passed_on_when_there_is_one(
    say: Say, config_file: Path, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLEET_TUI_ZENHUB_TOKEN", TOKEN + "-zh")
    assert say()[0] == 0
    assert app.calls[0]["tokens"]["zenhub"] == Secret(TOKEN + "-zh")


@pytest.mark.usefixtures("terminal", "tokens")
def test_the_option_wins_over_the_variable(say: Say, home: Path, app: App) -> None:
    other = home / "other.toml"
    other.write_text('[team]\nbranch = "other"\n')
    assert say("--config", str(other))[0] == 0
    assert app.calls[0]["config"].team.branch == "other"


@pytest.mark.usefixtures("terminal", "tokens", "config_file")
@pytest.mark.parametrize("state", [True, False], ids=["with state", "without state"])
def test_a_fault_of_our_own_goes_to_the_log(say: Say, app: App, home: Path, state: bool, monkeypatch: Any) -> None:
    if state:
        (home / "state").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(home))

    def crash(call: dict[str, Any]) -> int:
        local = call["tokens"]["github"].reveal()
        raise ZeroDivisionError(f"with {local}")

    app.during = crash
    code, out, err = say()
    assert (code, out) == (Exit.BUG, "")
    assert len(err.splitlines()) == 1
    log = Path(err.split()[-1])
    assert log.parent == (home / "state" if state else home)
    text = log.read_text()
    assert "ZeroDivisionError: with •••" in text
    assert "in crash" in text
    assert TOKEN not in text + err
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.usefixtures("terminal", "tokens", "config_file")
def test_a_known_failure_is_its_sentence(say: Say, app: App) -> None:
    def fail(call: dict[str, Any]) -> int:
        raise Failure(Problem("GitHub", Cause.OFFLINE, "GitHub cannot be reached.", "Check the network."))

    app.during = fail
    assert say() == (Exit.UNAVAILABLE, "", "GitHub cannot be reached. Check the network.\n")


# Paths ---------------------------------------------------------------------------------------------------------------


def test_the_platform_says_where_files_are(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr("platformdirs.user_config_path", lambda app, **_: Path("/c") / app)
    monkeypatch.setattr("platformdirs.user_state_path", lambda app, **_: Path("/s") / app)
    paths = Paths.of_user(None, {})
    assert paths == Paths(Path("/c/fleet-tui/config.toml"), Path("/s/fleet-tui"))
    assert (paths.store("fleetdm/fleet").name, paths.log.name) == ("fleet-tui.fleetdm--fleet.sqlite3", "fleet-tui.log")
    env = {"FLEET_TUI_CONFIG": "~/x.toml", "FLEET_TUI_STATE": "/elsewhere"}
    assert Paths.of_user(None, env) == Paths(home / "x.toml", Path("/elsewhere"))
    assert Paths.of_user(Path("y.toml"), env).config_file == Path("y.toml")


def test_each_repository_has_a_state_file_of_its_own() -> None:
    """Readings, weekly figures and what was seen of one team are nothing to another."""
    paths = Paths.of_user(None, {"FLEET_TUI_STATE": "/s"})
    files = [paths.store(name) for name in ("a/b", "a/c", "b/b", "a-b/c", "a/b-c", "a/b--c", "a-b/-c")]
    assert len({*files}) == len(files)
    assert paths.store("FleetDM/Fleet") == paths.store("fleetdm/fleet"), "GitHub sees no difference either"


def test_the_state_directory_is_the_users_alone(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "c", tmp_path / "a" / "state")
    assert stat.S_IMODE(paths.make_state_dir().stat().st_mode) == 0o700
    assert paths.make_state_dir() == paths.state_dir


def test_a_state_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Stop, match="FLEET_TUI_STATE") as caught:
        Paths(tmp_path / "c", tmp_path / "file" / "state").make_state_dir()
    assert caught.value.code is Exit.UNAVAILABLE


# Configuration -------------------------------------------------------------------------------------------------------


def test_init_overwrites_nothing(say: Say, config_file: Path) -> None:
    config_file.write_text("# mine\n")
    code, out, err = say("config", "init")
    assert (code, out) == (Exit.REFUSED, "")
    assert str(config_file) in err
    assert config_file.read_text() == "# mine\n"


def test_init_says_why_it_cannot_write(say: Say, home: Path) -> None:
    (home / "config").write_text("a file where the directory should be")
    code, _, err = say("config", "init")
    assert code in {Exit.UNAVAILABLE, Exit.REFUSED}
    assert str(home / "config") in err


def test_show_without_a_file_shows_the_defaults(say: Say) -> None:
    code, out, err = say("config", "show")
    assert code == 0
    assert parse(out, "shown") == Config()
    assert "these are the defaults" in err


def test_show_marks_what_is_set(say: Say, config_file: Path) -> None:
    config_file.write_text('[team]\nbranch = "trunk"\n')
    assert 'branch = "trunk"  # set\n' in say("config", "show")[1]


# Tokens --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """Puts bytes into a pipe that is this process's stdin."""
    with ExitStack() as opened:

        def put(content: bytes) -> None:
            reader, writer = os.pipe()
            os.write(writer, content)
            os.close(writer)
            monkeypatch.setattr(sys, "stdin", opened.enter_context(os.fdopen(reader)))

        yield put


def test_a_piped_token_is_stored_and_not_repeated(say: Say, memory: Memory, pipe: Callable[[bytes], None]) -> None:
    pipe(f"{TOKEN}\n".encode())
    code, out, err = say("auth", "set", "github")
    assert (code, out) == (0, "")
    assert memory.kept == {("fleet-tui:github", "api.github.com"): TOKEN}
    assert TOKEN not in err
    assert say("auth", "status")[1].startswith("service        token\ngithub         keyring\n")
    assert say("auth", "clear", "github") == (0, "", "The GitHub token for api.github.com is removed.\n")
    assert memory.kept == {}
    assert "was not there" in say("auth", "clear", "github")[2]


@pytest.mark.parametrize("content", [b"", b"\n", b"two words", b"\xff\xfe", f"{TOKEN}\nand more".encode()])
def test_what_is_no_token_is_refused(say: Say, memory: Memory, pipe: Callable[[bytes], None], content: bytes) -> None:
    pipe(content)
    code, _, err = say("auth", "set", "github")
    assert (code, memory.kept) == (Exit.REFUSED, {})
    assert TOKEN not in err


def test_a_closed_stdin_holds_no_token(say: Say, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert say("auth", "set", "github")[0] == Exit.REFUSED


def test_a_token_is_kept_for_the_configured_host(
    say: Say, memory: Memory, config_file: Path, pipe: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    config_file.write_text('[addresses]\ngithub = "https://git.corp/api/v3"\n')
    pipe(TOKEN.encode())
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", "other-token")
    _, _, err = say("auth", "set", "github")
    assert list(memory.kept) == [("fleet-tui:github", "git.corp")]
    assert "FLEET_TUI_GITHUB_TOKEN is set and wins" in err


def test_a_shared_variable_wins_over_what_is_stored_as_well(
    say: Say, memory: Memory, pipe: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(TOKEN.encode())
    monkeypatch.setenv("GH_TOKEN", "other-token")
    assert "GH_TOKEN is set and wins" in say("auth", "set", "github")[2]


def test_status_names_sources_and_no_token(say: Say, memory: Memory, tokens: None) -> None:
    code, out, _ = say("auth", "status")
    assert code == Exit.OK
    assert "\ngithub         variable FLEET_TUI_GITHUB_TOKEN\n" in out
    assert "\nzenhub         none\n" in out
    assert TOKEN not in out


def test_status_tells_what_is_missing_or_spoilt(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(NONE)
    monkeypatch.setenv("FLEET_TUI_GITHUB_TOKEN", f"{TOKEN} and more")
    code, out, err = say("auth", "status")
    assert code == Exit.PROBLEM
    assert "The variable FLEET_TUI_GITHUB_TOKEN holds blanks" in out
    assert "merge-freeze   missing\n" in out
    assert "no keyring on this machine" in err
    assert TOKEN not in out


def test_a_spoilt_token_is_a_fault_although_it_is_there(
    say: Say, tokens: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert say("auth", "status")[0] == Exit.OK
    monkeypatch.setenv("FLEET_TUI_SLACK_TOKEN", f"{TOKEN} and more")
    code, out, _ = say("auth", "status", "--format", "json")
    (slack,) = (one for one in json.loads(out)["tokens"] if one["service"] == "slack")
    assert (code, slack["source"]) == (Exit.PROBLEM, None)
    assert "FLEET_TUI_SLACK_TOKEN holds blanks" in slack["fault"]


@pytest.mark.terminal
def test_a_typed_token_is_not_echoed(home: Path) -> None:
    (home / "backend.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Mine(KeyringBackend):\n"
        "    priority = 1\n    kept = {}\n"
        "    def get_password(self, *key): return self.kept.get(key)\n"
        "    def set_password(self, service, user, value): self.kept[service, user] = value\n"
    )
    env = {**os.environ, "PYTHON_KEYRING_BACKEND": "backend.Mine", "PYTHONPATH": f"{ROOT}:{home}"}
    arguments = ["-m", "fleet_tui", "auth", "set", "merge-freeze"]
    child = pexpect.spawn(sys.executable, arguments, env=env, cwd=str(home), encoding="utf-8", timeout=20)
    child.expect("Merge Freeze token for www.mergefreeze.com")
    listed = Path(f"/proc/{child.pid}/cmdline")
    assert not listed.exists() or TOKEN not in listed.read_text()
    child.sendline(TOKEN)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "is in the keyring" in str(child.before)
    assert TOKEN not in str(child.before)


# Demo ----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("terminal")
def test_the_demo_runs_against_the_simulator_and_leaves_nothing(
    say: Say, app: App, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(home))
    (home / "json.py").write_text("raise SystemExit('a module of the user')")
    monkeypatch.chdir(home)

    def look(call: dict[str, Any]) -> int:
        assert call["paths"].state_dir.is_dir()
        call["paths"].store(call["config"].team.repository).write_text("")
        addresses, secret = call["config"].addresses, call["tokens"]["merge-freeze"].reveal()
        branches = f"{addresses.merge_freeze}/branches/fleetdm?access_token={secret}"
        with urllib.request.urlopen(branches) as answer:
            assert b"frozen" in answer.read()
        request = urllib.request.Request(
            f"{addresses.github}/user", headers={"Authorization": f"Bearer {call['tokens']['github'].reveal()}"}
        )
        with urllib.request.urlopen(request) as answer:
            assert b"lucasmrod" in answer.read()
        return 5

    app.during = look
    assert say("--read-only", "demo")[0] == 5
    (call,) = app.calls
    assert (call["simulated"], call["read_only"]) == (True, True)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(call["config"].addresses.github)
    assert [path.name for path in home.iterdir()] == ["json.py"]


def ended(pid: int) -> bool:
    """Whether the process is gone, which may take a moment."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def child_that(tmp_path: Path, deed: str) -> list[str]:
    """A command that leaves its number in a file and does `deed`."""
    return [
        sys.executable,
        "-c",
        f"import os, sys, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()));{deed}",
    ]


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("sys.exit('no port left')", "It said: no port left"),
        ("print('hello')", "It said nothing"),
        ("print('[1]')", "It said nothing"),
        ("print('{', end='', flush=True); time.sleep(60)", "It said nothing"),
    ],
    ids=["ends", "no JSON", "no address", "hangs"],
)
def test_a_simulator_that_does_not_start_is_said(
    tmp_path: Path, deed: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet_tui.cli.simulation.END_SECONDS", 0.1)
    with pytest.raises(Stop, match=said) as caught, simulation(tmp_path, child_that(tmp_path, deed), seconds=0.5):
        pytest.fail("it did start")
    assert caught.value.code is Exit.UNAVAILABLE
    assert ended(int((tmp_path / "pid").read_text()))


def test_a_simulator_that_will_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet_tui.cli.simulation.END_SECONDS", 0.1)
    deed = 'import signal; signal.signal(15, signal.SIG_IGN); print(\'{"url": "u"}\', flush=True); time.sleep(60)'
    with simulation(tmp_path, child_that(tmp_path, deed)) as address:
        assert address == "u"
    assert ended(int((tmp_path / "pid").read_text()))


def test_the_simulator_ends_when_this_process_is_killed(tmp_path: Path, home: Path) -> None:
    code = (
        "import os; from pathlib import Path; from fleet_tui.cli.simulation import COMMAND, simulation\n"
        f"with simulation(Path({str(tmp_path)!r}), COMMAND) as address:\n"
        "    print(address, flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert killed.returncode == -9
    address = killed.stdout.strip()
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/nothing")
        except urllib.error.HTTPError:
            time.sleep(0.02)
        except OSError:
            return
    pytest.fail(f"the simulator still serves {address}")
