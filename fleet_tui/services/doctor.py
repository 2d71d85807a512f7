"""What `fleet-tui doctor` looks at on this machine: configuration, state directory, keyring, tokens."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from fleet_tui.config.load import ConfigError
from fleet_tui.config.schema import Config
from fleet_tui.paths import STATE_VARIABLE, Paths
from fleet_tui.services.keyrings import KeyringKind, KeyringState
from fleet_tui.services.tokens import SERVICES, Secret, TokenError, TokenMissing, TokenService, find

OTHERS = 0o077
"""The permission bits of everybody but the owner."""


class Check(Struct, frozen=True):
    """One finding. `ok` is None for what works but deserves a look."""

    name: str
    ok: bool | None
    sentence: str
    remedy: str = ""


def check_configuration(paths: Paths, read: Callable[[Path], Config]) -> tuple[Check, Config | None]:
    """Whether the file is there and valid, and its settings; None when they cannot be used."""
    name, path = "configuration", paths.config_file
    if not path.exists():
        return Check(name, False, f"There is no {path}.", f"Write one: {paths.program} config init"), Config()
    try:
        return Check(name, True, f"{path} is valid."), read(path)
    except ConfigError as error:
        count = len(error.problems)
        sentence = f"{path} has {count} fault{'s' * (count > 1)}."
        return Check(name, False, sentence, f"See them: {paths.program} config check"), None


def check_state(paths: Paths) -> Check:
    """Whether the state directory can be written to, and by the user alone."""
    directory = paths.state_dir
    remedy = f"Make it writable, or name another one with {STATE_VARIABLE}."
    if not directory.exists():
        if _writable(next(parent for parent in directory.parents if parent.exists())):
            return Check("state", True, f"{directory} will be made at the first start.")
        return Check("state", False, f"{directory} cannot be made.", remedy)
    if not directory.is_dir() or not _writable(directory):
        return Check("state", False, f"{directory} cannot be written to.", remedy)
    if directory.stat().st_mode & OTHERS:
        return Check("state", None, f"{directory} can be read by others.", f"Close it: chmod 700 {directory}")
    return Check("state", True, f"{directory} is writable.")


def check_keyring(state: KeyringState, *, allow_plaintext: bool) -> Check:
    """What the keyring is like. None of them is a fault by itself: the variables serve as well."""
    fit = state.kind is KeyringKind.USABLE or (state.kind is KeyringKind.PLAIN and allow_plaintext)
    return Check("keyring", True if fit else None, state.sentence)


def check_tokens(config: Config, env: Mapping[str, str]) -> tuple[list[Check], dict[str, Secret]]:
    """Where each token comes from, and the tokens. A service that nothing needs is left out when it has none.

    A spoilt one is a fault in any case: nothing starts with it.
    """
    checks, tokens = [], {}
    named = config.secret_addresses | ({"fleet"} if config.certificates.fleet_server else set())
    for service in SERVICES.values():
        try:
            found = find(service, service.host(config.addresses), env)
        except TokenError as error:
            if service.needed or service.name in named or not isinstance(error, TokenMissing):
                checks.append(Check(_name(service), False, str(error)))
            continue
        tokens[service.name] = found.secret
        checks.append(Check(_name(service), True, f"There is one, from: {found.source}."))
    return checks, tokens


def _name(service: TokenService) -> str:
    return service.secret


def _writable(directory: Path) -> bool:
    return os.access(directory, os.W_OK | os.X_OK)
