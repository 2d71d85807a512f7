"""Passphrases of PKCS#12 files and private keys: in the keyring under the file's path, never in a file of ours."""

from __future__ import annotations

from pathlib import Path

from fleet_tui.services.secret import Secret
from fleet_tui.services.tokens import TokenError, require_keyring

ENTRY = "fleet-tui:passphrase"


def passphrase(path: Path) -> Secret | None:
    """The passphrase kept for the file; None when there is none, or no keyring that could have it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password(ENTRY, _name(path))
    except (KeyringError, RuntimeError, OSError):
        return None  # the file then reads as one whose passphrase is missing, with what to do
    return Secret(kept) if kept else None


def keep_passphrase(path: Path, secret: Secret, *, allow_plaintext: bool) -> None:
    """Keep the passphrase of the file, and read it back. Raises `TokenError` when the keyring is not fit for it."""
    import keyring

    require_keyring(allow_plaintext=allow_plaintext)
    try:
        keyring.set_password(ENTRY, _name(path), secret.reveal())
    except Exception as error:  # noqa: BLE001  # a backend may raise what its system raises
        raise TokenError(f"The keyring did not take the passphrase of {path} ({type(error).__name__}).") from None
    if passphrase(path) != secret:
        raise TokenError(f"The keyring took the passphrase of {path} but does not give it back.")


def _name(path: Path) -> str:
    return str(path.expanduser().absolute())
