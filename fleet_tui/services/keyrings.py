"""What kind of keyring this machine has. Some of them lose a token, and some give it away."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

PROBE = ("fleet-tui:probe", "probe")
"""A service and user that nobody stores anything under."""


class KeyringKind(Enum):
    """The kinds that have to be told apart before a token is written."""

    USABLE = "usable"
    NONE = "none"
    LOCKED = "locked"
    NULL = "null"
    PLAIN = "plain text"
    BROKEN = "broken"


REMEDIES = {
    KeyringKind.NONE: "There is no keyring on this machine (usual over SSH and in containers). "
    "Install one such as gnome-keyring or KeePassXC",
    KeyringKind.LOCKED: "The keyring is locked. Unlock it (log in to the desktop, or open its program) and try again",
    KeyringKind.NULL: "The keyring is switched off: it forgets whatever it is given. Remove the null backend from "
    "keyringrc.cfg and PYTHON_KEYRING_BACKEND",
    KeyringKind.PLAIN: "The keyring writes what it is given into a plain file that any program can read. Accept it "
    "with `allow_plaintext_keyring = true` under [tokens] in the configuration",
    KeyringKind.BROKEN: "The keyring does not work. Check keyringrc.cfg and PYTHON_KEYRING_BACKEND",
}


class KeyringState(Struct, frozen=True):
    """The keyring in use: its kind, and its name as its authors call it."""

    kind: KeyringKind
    name: str = ""

    @property
    def sentence(self) -> str:
        """What is the matter and what to do; for a usable keyring its name."""
        return self.told("a variable such as FLEET_TUI_GITHUB_TOKEN")

    def told(self, variable: str) -> str:
        """The same of what could stand in `variable` instead; empty for what has to be in a keyring."""
        if self.kind is KeyringKind.USABLE:
            return f"The keyring is {self.name}."
        return REMEDIES[self.kind] + (f", or set {variable} instead." if variable else ".")


def keyring_state() -> KeyringState:
    """Looks at the keyring that would be used, and asks it for something that is not there. Never raises."""
    try:
        import keyring

        backend = next(_parts(keyring.get_keyring()), None)
    except Exception as error:  # noqa: BLE001  # loading a backend runs foreign code chosen by the user's files
        return KeyringState(KeyringKind.BROKEN, type(error).__name__)
    if backend is None:
        return KeyringState(KeyringKind.NONE)
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    return KeyringState(_by_class(backend) or _by_probe(backend), name)


def _parts(backend: KeyringBackend) -> Iterator[KeyringBackend]:
    """The backends that really keep things, first the one that would be written to: some only pass on to others."""
    from keyring.backends.chainer import ChainerBackend

    if isinstance(backend, ChainerBackend):
        for part in backend.backends:
            yield from _parts(part)
    elif hasattr(backend, "_keyring"):  # keyrings.alt's MultipartKeyringWrapper
        yield from _parts(backend._keyring)
    else:
        yield backend


def _by_class(backend: KeyringBackend) -> KeyringKind | None:
    from keyring.backends import fail, null

    if isinstance(backend, fail.Keyring):
        return KeyringKind.NONE
    if isinstance(backend, null.Keyring):
        return KeyringKind.NULL
    # keyrings.alt is not installed with us; its plain-text classes all say so in their names.
    if any("plaintext" in kind.__name__.lower() for kind in type(backend).__mro__):
        return KeyringKind.PLAIN
    return None


def _by_probe(backend: KeyringBackend) -> KeyringKind:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    try:
        backend.get_password(*PROBE)
    except (KeyringLocked, InitError):
        return KeyringKind.LOCKED
    except NoKeyringError:
        return KeyringKind.NONE
    except Exception:  # noqa: BLE001  # a backend may raise what its system raises: D-Bus, Keychain, …
        return KeyringKind.BROKEN
    return KeyringKind.USABLE
