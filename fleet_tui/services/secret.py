"""A token in the program: a value that hides itself wherever values get shown."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import quote

HIDDEN = "•••"
SHORTEST_REDACTED = 6
"""A shorter value would blot out ordinary words."""
TOKEN_SHAPES = re.compile(
    r"(?P<before>access_token=|\bauthorization['\"]?\s*[:=,]\s*['\"]?(?:bearer |token |basic )?)[^\s&'\"]+"
    r"|(?P<user>://[^/\s:@]*:)[^/\s@]+(?=@)"
    r"|\b(?:gh[a-z]_|github_pat_|xox[a-z]-)[A-Za-z0-9_-]+",
    re.IGNORECASE,
)

TOKEN_VARIABLES = re.compile(r"FLEET_TUI_\w+_TOKEN|(?:GH|GITHUB)_(?:ENTERPRISE_)?TOKEN")

_values: set[str] = set()


class Secret:
    """A token. Only `reveal` gives it out; printed, formatted or logged it reads `•••`, and it cannot be pickled."""

    __slots__ = ("_value", "variable")

    def __init__(self, value: str, *, variable: str = "") -> None:
        """`variable`: the environment variable that it was read from, if it was."""
        self._value = value
        self.variable = variable
        if len(value) >= SHORTEST_REDACTED:
            _values.update((value, quote(value, safe="")))

    def reveal(self) -> str:
        """The token itself, for the one line that sends or stores it."""
        return self._value

    @property
    def fingerprint(self) -> str:
        """Tells tokens apart without giving them away: the beginning of their SHA-256."""
        return hashlib.sha256(self._value.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")


def the_token(name: str, token: Secret | None) -> str:
    """`The GitHub token`, and where it stands when that is not the keyring."""
    return f"The {name} token" + (f" in {token.variable}" if token and token.variable else "")


def renewal(service: str, token: Secret | None, words: str = "Set a new one") -> str:
    """How another one takes the place of `token`; `service` by its name on the command line.

    A variable wins over the keyring: as long as it is set, nothing that is stored there would be used.
    """
    if token and token.variable:
        return f"Change or unset {token.variable}."
    return f"{words}: fleet-tui auth set {service}"


def redact(text: str) -> str:
    """`text` with every token in it replaced: those the program holds, and whatever has the shape of one."""
    for value in sorted(_values, key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return TOKEN_SHAPES.sub(lambda found: (found["before"] or found["user"] or "") + HIDDEN, text)


def without_tokens(env: Mapping[str, str]) -> dict[str, str]:
    """`env` for a program that we start and that our tokens are no business of, e.g. a browser."""
    return {name: value for name, value in env.items() if not TOKEN_VARIABLES.fullmatch(name)}
