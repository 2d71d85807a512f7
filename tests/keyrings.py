"""Keyrings of all kinds, in memory."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import PasswordDeleteError


class Memory(KeyringBackend):
    """A keyring that works, as long as nothing is changed about it."""

    priority = -1  # never chosen by itself

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


class PlaintextKeyring(Memory):
    """Named as keyrings.alt names it."""


class Derived(PlaintextKeyring):
    """Somebody's own version of it."""


class Raising(Memory):
    """A keyring that answers everything with `error`."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    set_password = delete_password = get_password  # type: ignore[assignment]


class Forgetful(Memory):
    """Claims to have kept what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Garbling(Memory):
    """Cuts what it keeps, as some systems do with long values."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password[:4]


class Wrapper(Memory):
    """As keyrings.alt's MultipartKeyringWrapper."""

    def __init__(self, inner: KeyringBackend) -> None:
        super().__init__()
        self._keyring = inner


NONE: KeyringBackend = fail.Keyring()  # type: ignore[no-untyped-call]
NULL: KeyringBackend = null.Keyring()  # type: ignore[no-untyped-call]
