"""Tokens: hidden everywhere, found in the right order, kept only where they are safe."""

from __future__ import annotations

import ast
import copy
import logging
import pickle
import re
import stat
import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.core
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import chainer
from keyring.errors import InitError, KeyringLocked

import fleet_tui
from fleet_tui.config.schema import Addresses
from fleet_tui.services.tokens import (
    SERVICES,
    Found,
    KeyringKind,
    Secret,
    TokenError,
    TokenMissing,
    clear,
    find,
    keyring_state,
    redact,
    store,
    tidy,
)
from tests.keyrings import NONE, NULL, Derived, Forgetful, Garbling, Memory, PlaintextKeyring, Raising, Wrapper

GITHUB = SERVICES["github"]
MERGE_FREEZE = SERVICES["merge-freeze"]
HOST = "api.github.com"
TOKEN = "sesame-4711"


@pytest.fixture(autouse=True)
def memory() -> Iterator[Memory]:
    """A keyring of the test's own, never the user's."""
    before, mine = keyring.core._keyring_backend, Memory()
    keyring.set_keyring(mine)
    yield mine
    keyring.core._keyring_backend = before


# The value that hides itself -----------------------------------------------------------------------------------------


def test_a_secret_gives_itself_out_to_reveal_alone() -> None:
    secret = Secret(TOKEN)
    assert secret.reveal() == TOKEN
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>20}",
        f"{secret!r}",
        f"{[secret]}",
        f"{secret.fingerprint}",
    ]
    assert not [text for text in shown if TOKEN in text or TOKEN[:6] in text]


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy, vars])
def test_a_secret_cannot_be_taken_apart(take: object) -> None:
    with pytest.raises(TypeError):
        take(Secret(TOKEN))  # type: ignore[operator]


def test_secrets_compare_by_value() -> None:
    assert Secret(TOKEN) == Secret(TOKEN)
    assert hash(Secret(TOKEN)) == hash(Secret(TOKEN))
    assert Secret(TOKEN) != Secret(TOKEN + "x")
    assert Secret(TOKEN) != TOKEN
    assert Secret(TOKEN).fingerprint == Secret(TOKEN).fingerprint != Secret("other").fingerprint


def test_no_log_and_no_traceback_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(TOKEN)
    logging.getLogger("test").warning("using %s and %r", secret, {"token": secret})
    try:
        raise ValueError(secret)
    except ValueError:
        text = traceback.format_exc()
    assert "•••" in caplog.text
    assert TOKEN not in caplog.text + text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"GET /x?a=1&t={TOKEN}&b=2", "GET /x?a=1&t=•••&b=2"),
        ("GET /x?access_token=never-seen&b=2", "GET /x?access_token=•••&b=2"),
        ("Authorization: Bearer never-seen", "Authorization: Bearer •••"),
        ("{'authorization': 'token never-seen', 'a': 1}", "{'authorization': 'token •••', 'a': 1}"),
        ("https://user:never-seen@host:8080/x", "https://user:•••@host:8080/x"),
        ("https://host:8080/x@y", "https://host:8080/x@y"),
        ("ghp_0123456789abcdef and github_pat_11AA_bb, xoxb-1-2", "••• and •••, •••"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_redaction(text: str, shown: str) -> None:
    Secret(TOKEN)
    assert redact(text) == shown


def test_of_two_tokens_that_begin_alike_nothing_stays() -> None:
    short, longer = Secret("planted-alike"), Secret("planted-alike-and-more")
    assert redact(f"{longer.reveal()} {short.reveal()}") == "••• •••"


def test_redaction_knows_a_token_as_an_address_writes_it() -> None:
    Secret("pass/word+1")
    assert redact("https://h/?t=pass%2Fword%2B1") == "https://h/?t=•••"


def test_a_very_short_token_does_not_blot_out_words() -> None:
    Secret("the")
    assert redact("the end") == "the end"


@pytest.mark.parametrize("_time", ["once", "again"])
def test_a_token_of_one_test_is_not_hidden_in_the_next(_time: str) -> None:
    """Drawn texts become tokens, and some are words of the program."""
    assert redact("a verdict") == "a verdict"
    Secret("verdict")


# What is typed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TOKEN, f"  {TOKEN}\n", f"\t{TOKEN}\r\n"])
def test_blanks_around_a_token_are_dropped(text: str) -> None:
    assert tidy(text).reveal() == TOKEN


@pytest.mark.parametrize(
    "text", ["", " \n", "two words", "two\nlines", "a\x00b", "a\x1bb", "a\u200bb", "pässword", "\ufeffx"]
)
def test_what_cannot_be_a_token_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(TokenError, match="Copy the token again") as caught:
        tidy(text)
    assert not text.strip() or text.strip() not in str(caught.value)


@given(st.text())
def test_tidy_gives_a_header_value_or_refuses(text: str) -> None:
    try:
        token = tidy(text).reveal()
    except TokenError:
        return
    assert token
    assert all("!" <= character <= "~" for character in token)


# Where from ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def gh(tmp_path: Path) -> dict[str, str]:
    """An environment in which `gh` is there and logged in to two hosts."""
    program = tmp_path / "gh"
    program.write_text(
        '#!/bin/sh\n[ "$1 $2 $3" = "auth token --hostname" ] || exit 9\n'
        "case $4 in github.com) echo gh-public;; git.corp) echo gh-corp;; *) echo no oauth token >&2; exit 1;; esac\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{tmp_path}:/usr/bin:/bin"}


def test_the_environment_wins_then_the_keyring_then_gh(memory: Memory, gh: dict[str, str]) -> None:
    assert find(GITHUB, HOST, gh) == Found(Secret("gh-public"), "gh auth token")
    store(GITHUB, HOST, Secret("kept"), allow_plaintext=False)
    assert find(GITHUB, HOST, gh) == Found(Secret("kept"), "keyring")
    env = gh | {"GITHUB_TOKEN": "shared-2"}
    assert find(GITHUB, HOST, env) == Found(Secret("shared-2"), "variable GITHUB_TOKEN")
    env |= {"GH_TOKEN": "shared-1"}
    assert find(GITHUB, HOST, env) == Found(Secret("shared-1"), "variable GH_TOKEN")
    env |= {"FLEET_TUI_GITHUB_TOKEN": " own\n"}
    assert find(GITHUB, HOST, env) == Found(Secret("own"), "variable FLEET_TUI_GITHUB_TOKEN")


def test_a_token_knows_the_variable_that_holds_it(memory: Memory) -> None:
    assert find(GITHUB, HOST, {"GITHUB_TOKEN": "shared"}).secret.variable == "GITHUB_TOKEN"
    store(GITHUB, HOST, Secret("kept"), allow_plaintext=False)
    assert find(GITHUB, HOST, {"GITHUB_TOKEN": " "}).secret.variable == ""


def test_a_token_for_one_host_is_not_used_for_another(gh: dict[str, str]) -> None:
    store(GITHUB, HOST, Secret("kept"), allow_plaintext=False)
    env = gh | {"GITHUB_TOKEN": "shared-2", "GH_TOKEN": "shared-1"}
    assert find(GITHUB, "git.corp", env).secret == Secret("gh-corp")
    with pytest.raises(TokenMissing):
        find(GITHUB, "git.elsewhere", env)


def test_gh_is_asked_for_github_alone(gh: dict[str, str]) -> None:
    with pytest.raises(TokenMissing, match="FLEET_TUI_MERGE_FREEZE_TOKEN"):
        find(MERGE_FREEZE, "github.com", gh | {"GITHUB_TOKEN": "x"})


@pytest.mark.parametrize("script", ["exit 1", "echo; exit 0", "echo two words", "printf '\\377'", "kill -9 $$"])
def test_a_gh_that_fails_is_as_none(gh: dict[str, str], script: str) -> None:
    Path(gh["PATH"].split(":")[0], "gh").write_text(f"#!/bin/sh\n{script}\n")
    with pytest.raises(TokenMissing, match="fleet-tui auth set github"):
        find(GITHUB, HOST, gh)


def test_a_gh_that_hangs_is_given_up(gh: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet_tui.services.tokens.GH_SECONDS", 0.1)
    Path(gh["PATH"].split(":")[0], "gh").write_text("#!/bin/sh\nexec sleep 20\n")
    with pytest.raises(TokenMissing):
        find(GITHUB, HOST, gh)


def test_gh_is_told_no_more_than_it_needs(gh: dict[str, str]) -> None:
    """Where it keeps what it knows, and how to reach the keyring. No token but its own for a GitHub of one's own."""
    needed = {
        "HOME": "/home/mna", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/config", "GH_CONFIG_DIR": "/gh",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/bus", "GH_ENTERPRISE_TOKEN": "of-gh-itself",
    }  # fmt: skip
    tokens = {f"FLEET_TUI_{name.upper().replace('-', '_')}_TOKEN": "planted" for name in SERVICES if name != "github"}
    others = {"GH_TOKEN": "planted", "GITHUB_TOKEN": "planted", "AWS_SECRET_ACCESS_KEY": "planted", "SHLVL": "planted"}
    Path(gh["PATH"].split(":")[0], "gh").write_text('#!/bin/sh\n/usr/bin/env > "${0%/*}/env"\necho gh-corp\n')
    assert find(GITHUB, "git.corp", gh | needed | tokens | others).secret == Secret("gh-corp")
    told = dict(line.split("=", 1) for line in Path(gh["PATH"].split(":")[0], "env").read_text().splitlines())
    assert told.keys() - (gh | needed).keys() <= {"PWD", "_", "SHLVL"}  # of the shell
    assert {name: told.get(name) for name in needed} == needed
    assert "planted" not in told.values()


def test_an_empty_variable_counts_as_unset() -> None:
    with pytest.raises(TokenMissing):
        find(GITHUB, HOST, {"FLEET_TUI_GITHUB_TOKEN": " ", "PATH": ""})


def test_a_spoilt_variable_is_named_and_not_shown() -> None:
    with pytest.raises(TokenError, match="The variable FLEET_TUI_GITHUB_TOKEN holds blanks") as caught:
        find(GITHUB, HOST, {"FLEET_TUI_GITHUB_TOKEN": "open sesame"})
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("error", [KeyringLocked("x"), InitError("x"), RuntimeError("D-Bus is gone")])
def test_a_keyring_that_fails_is_as_none(error: Exception, gh: dict[str, str]) -> None:
    keyring.set_keyring(Raising(error))
    assert find(GITHUB, HOST, gh).source == "gh auth token"


# What for ------------------------------------------------------------------------------------------------------------


def test_what_is_kept_and_what_is_needed() -> None:
    variables = [service.variable for service in SERVICES.values()]
    assert variables == [
        "FLEET_TUI_GITHUB_TOKEN",
        "FLEET_TUI_MERGE_FREEZE_TOKEN",
        "FLEET_TUI_ZENHUB_TOKEN",
        "FLEET_TUI_FLEET_TOKEN",
        "FLEET_TUI_SLACK_TOKEN",
        "FLEET_TUI_SLACK_WEBHOOK_TOKEN",
        "FLEET_TUI_CALENDAR_TOKEN",
        "FLEET_TUI_CALENDAR_2_TOKEN",
        "FLEET_TUI_CALENDAR_3_TOKEN",
    ]
    assert [name for name, service in SERVICES.items() if service.needed] == ["github", "merge-freeze"]


def test_a_token_is_kept_under_the_host_of_its_address() -> None:
    addresses = Addresses(github="https://Git.Corp/api/v3", merge_freeze="http://127.0.0.1:8080/mergefreeze/api")
    assert GITHUB.host(addresses) == "git.corp"
    assert MERGE_FREEZE.host(addresses) == "127.0.0.1:8080"
    assert GITHUB.host(Addresses()) == HOST


# The keyring ---------------------------------------------------------------------------------------------------------


def test_a_stored_token_is_found_and_removed(memory: Memory) -> None:
    store(GITHUB, HOST, Secret(TOKEN), allow_plaintext=False)
    assert memory.kept == {("fleet-tui:github", HOST): TOKEN}
    assert clear(GITHUB, HOST)
    assert memory.kept == {}
    assert not clear(GITHUB, HOST)


@pytest.mark.parametrize(
    ("backend", "kind", "advice"),
    [
        (Memory(), KeyringKind.USABLE, "The keyring is"),
        (NONE, KeyringKind.NONE, "no keyring on this machine"),
        (NULL, KeyringKind.NULL, "switched off"),
        (Raising(KeyringLocked("no")), KeyringKind.LOCKED, "Unlock it"),
        (Raising(InitError("no")), KeyringKind.LOCKED, "Unlock it"),
        (Raising(OSError("D-Bus")), KeyringKind.BROKEN, "does not work"),
        (PlaintextKeyring(), KeyringKind.PLAIN, "plain file"),
        (Derived(), KeyringKind.PLAIN, "plain file"),
        (Wrapper(PlaintextKeyring()), KeyringKind.PLAIN, "plain file"),
        (Wrapper(Memory()), KeyringKind.USABLE, "Memory"),
    ],
    ids=lambda value: value.name if isinstance(value, KeyringKind) else type(value).__name__,
)
def test_the_kinds_of_keyring_are_told_apart(backend: KeyringBackend, kind: KeyringKind, advice: str) -> None:
    keyring.set_keyring(backend)
    state = keyring_state()
    assert state.kind is kind
    assert advice in state.sentence


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ([], KeyringKind.NONE),
        ([PlaintextKeyring(), Memory()], KeyringKind.PLAIN),
        ([Memory(), PlaintextKeyring()], KeyringKind.USABLE),
    ],
    ids=["nothing", "plain text first", "plain text last"],
)
def test_a_chain_is_as_its_first_link(
    parts: list[KeyringBackend], kind: KeyringKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chainer.ChainerBackend, "backends", parts)
    keyring.set_keyring(chainer.ChainerBackend())  # type: ignore[no-untyped-call]
    assert keyring_state().kind is kind


def test_a_backend_that_cannot_be_loaded_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Backend")
    assert keyring_state().kind is KeyringKind.BROKEN
    with pytest.raises(TokenMissing):
        find(GITHUB, HOST, {"PATH": ""})


@pytest.mark.parametrize(
    "backend",
    [NONE, NULL, PlaintextKeyring(), Raising(KeyringLocked("x")), Forgetful(), Garbling()],
    ids=["none", "null", "plain text", "locked", "forgetful", "garbling"],
)
def test_an_unfit_keyring_gets_no_token(backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)
    with pytest.raises(TokenError) as caught:
        store(GITHUB, HOST, Secret(TOKEN), allow_plaintext=False)
    assert TOKEN not in str(caught.value)
    assert TOKEN not in getattr(backend, "kept", {}).values()


def test_plain_text_has_to_be_allowed() -> None:
    backend = PlaintextKeyring()
    keyring.set_keyring(backend)
    store(GITHUB, HOST, Secret(TOKEN), allow_plaintext=True)
    assert TOKEN in backend.kept.values()
    assert clear(GITHUB, HOST)


def test_a_keyring_that_fails_to_write_says_so_without_the_token(
    monkeypatch: pytest.MonkeyPatch, memory: Memory
) -> None:
    def refuse(*arguments: str) -> None:
        raise OSError(f"cannot keep {arguments}")

    monkeypatch.setattr(memory, "set_password", refuse)
    with pytest.raises(
        TokenError, match=r"did not take the GitHub token .* Set FLEET_TUI_GITHUB_TOKEN instead"
    ) as caught:
        store(GITHUB, HOST, Secret(TOKEN), allow_plaintext=False)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_removing_from_a_keyring_that_is_not_there_says_what_to_do() -> None:
    keyring.set_keyring(NONE)
    with pytest.raises(TokenError, match="no keyring"):
        clear(GITHUB, HOST)


def test_removing_that_fails_says_so(monkeypatch: pytest.MonkeyPatch, memory: Memory) -> None:
    store(GITHUB, HOST, Secret(TOKEN), allow_plaintext=False)
    monkeypatch.setattr(memory, "delete_password", Raising(OSError("x")).delete_password)
    with pytest.raises(TokenError, match="did not remove the GitHub token"):
        clear(GITHUB, HOST)


# Other programs ------------------------------------------------------------------------------------------------------

STARTS = re.compile(
    r"Popen|subprocess\.(Popen|run|call|check_\w+|getoutput)|asyncio\.create_subprocess_\w+|os\.(system|popen|exec\w+|spawn\w+)"
)


def starts_of_programs(file: Path) -> Iterator[ast.Call]:
    """The calls in a module that start another program."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and STARTS.fullmatch(ast.unparse(node.func)):
            yield node


def test_every_program_that_is_started_is_given_an_environment_of_its_own() -> None:
    package = Path(fleet_tui.__file__).parent
    found = [
        (file.relative_to(package).as_posix(), [keyword.arg for keyword in call.keywords])
        for file in package.rglob("*.py")
        for call in starts_of_programs(file)
    ]
    assert {file for file, _ in found} >= {"services/tokens.py", "terminal.py", "cli/simulation.py"}
    for file, keywords in found:
        assert "env" in keywords, f"{file}: it would inherit our tokens"
