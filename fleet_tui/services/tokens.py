"""Where tokens come from and where they are kept: environment, keyring, `gh auth token`. Never a plain file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from fleet_tui.config.schema import Addresses
from fleet_tui.services.keyrings import KeyringKind, KeyringState, keyring_state
from fleet_tui.services.secret import Secret, redact

__all__ = [
    "SERVICES",
    "Found",
    "KeyringKind",
    "KeyringState",
    "Secret",
    "TokenError",
    "TokenMissing",
    "TokenService",
    "clear",
    "find",
    "keyring_state",
    "redact",
    "store",
    "tidy",
    "winning_variable",
]

GH_SECONDS = 5.0
PUBLIC_GITHUB = "api.github.com"
GH_NEEDS = frozenset(
    "PATH HOME USER LOGNAME LANG LANGUAGE TMPDIR DBUS_SESSION_BUS_ADDRESS GH_CONFIG_DIR GH_ENTERPRISE_TOKEN "
    "GITHUB_ENTERPRISE_TOKEN XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR".split()
)
"""What `gh` inherits: where it keeps what it knows, the way to the keyring, and its own tokens for a company's GitHub.

Not `GH_TOKEN`: for github.com that has been taken already, and for no other host is it meant.
"""


class TokenService(Struct, frozen=True):
    """A system that asks for a token."""

    name: str
    """As on the command line: `fleet-tui auth set merge-freeze`."""
    title: str
    address: Callable[[Addresses], str]
    """The base address that the token is for, out of the settings."""
    needed: bool = False
    """Whether the program cannot start without it."""
    noun: str = "token"
    """What people call the secret: a calendar's address is one as well."""

    @property
    def secret(self) -> str:
        """What is asked for, as people say it: `GitHub token`."""
        return f"{self.title} {self.noun}"

    @property
    def variable(self) -> str:
        """The environment variable that wins over everything else."""
        return f"FLEET_TUI_{self.name.upper().replace('-', '_')}_TOKEN"

    def host(self, addresses: Addresses) -> str:
        """The host (and port, if one is named) that the token is for, and under which the keyring keeps it."""
        return urlsplit(self.address(addresses)).netloc.lower()


SERVICES: Mapping[str, TokenService] = {
    service.name: service
    for service in (
        TokenService("github", "GitHub", lambda addresses: addresses.github, needed=True),
        TokenService("merge-freeze", "Merge Freeze", lambda addresses: addresses.merge_freeze, needed=True),
        TokenService("zenhub", "ZenHub", lambda addresses: addresses.zenhub),
        TokenService("fleet", "Fleet", lambda addresses: addresses.fleet),
        TokenService("slack", "Slack", lambda addresses: addresses.slack),
        # The whole address of the webhook is the secret, so there is no setting that could name its host.
        TokenService("slack-webhook", "Slack webhook", lambda _: "https://hooks.slack.com", noun="address"),
        # So is a calendar's; its host may be anyone's.
        TokenService("calendar", "calendar", lambda _: "https://on-call", noun="address"),
        TokenService("calendar-2", "second calendar", lambda _: "https://on-call", noun="address"),
        TokenService("calendar-3", "third calendar", lambda _: "https://on-call", noun="address"),
    )
}
"""Every service that has a token, by its name on the command line."""


class TokenError(Exception):
    """A token cannot be used, kept or removed; the text says why and what to do, and never holds the token."""


class TokenMissing(TokenError):
    """There is no token for a service anywhere."""


class Found(Struct, frozen=True):
    """A token and where it came from, e.g. `variable GH_TOKEN`."""

    secret: Secret
    source: str


def find(service: TokenService, host: str, env: Mapping[str, str]) -> Found:
    """The token of `service` for `host`: from the environment, else the keyring, else (GitHub) from `gh auth token`.

    Raises `TokenMissing` when there is none, `TokenError` when an environment variable holds something else.
    """
    if variable := winning_variable(service, host, env):
        return Found(tidy(env[variable], variable), f"variable {variable}")
    if secret := _from_keyring(service, host):
        return Found(secret, "keyring")
    if service.name == "github" and (secret := _from_gh(host, env)):
        return Found(secret, "gh auth token")
    advice = f"Store one with `fleet-tui auth set {service.name}`, or set {service.variable}."
    raise TokenMissing(f"There is no {service.secret} for {host}. {advice}")


def winning_variable(service: TokenService, host: str, env: Mapping[str, str]) -> str:
    """The environment variable that the token is taken from, whatever the keyring holds; empty without one."""
    return next((variable for variable in _variables(service, host) if env.get(variable, "").strip()), "")


def store(service: TokenService, host: str, secret: Secret, *, allow_plaintext: bool) -> None:
    """Keep the token in the keyring, and read it back. Raises `TokenError` when the keyring is not fit for it."""
    import keyring

    require_keyring(allow_plaintext=allow_plaintext, variable=service.variable)
    instead = f"Set {service.variable} instead."
    try:
        keyring.set_password(_entry(service), host, secret.reveal())
        kept = keyring.get_password(_entry(service), host)
    except Exception as error:  # noqa: BLE001  # a backend may raise what its system raises
        sentence = f"The keyring did not take the {service.secret} ({type(error).__name__})."
        raise TokenError(f"{sentence} {instead}") from None
    if kept is None or Secret(kept) != secret:
        raise TokenError(f"The keyring took the {service.secret} but does not give it back. {instead}")


def clear(service: TokenService, host: str) -> bool:
    """Remove the token from the keyring; False when none was there. Raises `TokenError` when that fails."""
    import keyring

    state = keyring_state()
    if state.kind not in {KeyringKind.USABLE, KeyringKind.PLAIN}:
        raise TokenError(state.told(""))
    try:
        if keyring.get_password(_entry(service), host) is None:
            return False
        keyring.delete_password(_entry(service), host)
    except Exception as error:  # noqa: BLE001  # a backend may raise what its system raises
        raise TokenError(f"The keyring did not remove the {service.secret} ({type(error).__name__}).") from None
    return True


def require_keyring(*, allow_plaintext: bool, variable: str = "") -> None:
    """Raises `TokenError`, with what to do, unless the keyring is fit for what could stand in `variable` as well."""
    state = keyring_state()
    if state.kind is not KeyringKind.USABLE and not (state.kind is KeyringKind.PLAIN and allow_plaintext):
        raise TokenError(state.told(variable))


def tidy(text: str, variable: str = "") -> Secret:
    """What a person pasted, or put in `variable`, as a token. Raises `TokenError` when it cannot be one."""
    token, what = text.strip(), f"The variable {variable}" if variable else "The token"
    if not token:
        raise TokenError(f"{what} is empty. Copy the token again.")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise TokenError(f"{what} holds blanks, line breaks or characters that no token has. Copy the token again.")
    return Secret(token, variable=variable)


def _variables(service: TokenService, host: str) -> tuple[str, ...]:
    # Other programs' variables are meant for github.com: they are not sent to another server.
    shared = ("GH_TOKEN", "GITHUB_TOKEN") if service.name == "github" and host == PUBLIC_GITHUB else ()
    return (service.variable, *shared)


def _entry(service: TokenService) -> str:
    return f"fleet-tui:{service.name}"


def _from_keyring(service: TokenService, host: str) -> Secret | None:
    try:
        import keyring

        value = keyring.get_password(_entry(service), host)
    except Exception:  # noqa: BLE001  # whatever a backend raises: `keyring_state` finds out and says what to do
        return None
    return Secret(value) if value else None


def _from_gh(host: str, env: Mapping[str, str]) -> Secret | None:
    gh = shutil.which("gh", path=env.get("PATH"))
    if gh is None:
        return None
    hostname = "github.com" if host == PUBLIC_GITHUB else host
    try:
        said = subprocess.run(
            [gh, "auth", "token", "--hostname", hostname],
            env={name: value for name, value in env.items() if name in GH_NEEDS or name.startswith("LC_")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=GH_SECONDS,
            check=True,
        )
        return tidy(said.stdout.decode())
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError, TokenError):
        return None
