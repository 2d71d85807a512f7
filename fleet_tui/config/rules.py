"""What a value must be beyond its type. Each rule gives the fault as the end of a sentence, or None."""

from __future__ import annotations

import difflib
import re
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from fleet_tui.config import toml
from fleet_tui.config.bugs import Bugs
from fleet_tui.config.problem import ConfigProblem
from fleet_tui.config.schema import Group, Team

KeyCheck = Callable[[str], str | None]
"""Says what is wrong with the name of a keyboard key, or None. The app supplies it: only Textual knows the names."""


def address_fault(address: str) -> str | None:
    """Refuses a base address that would carry a token in the clear, or that holds one."""
    if not address.isprintable() or " " in address or "\\" in address:
        return "holds a character that no address has"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "is not an address"
    # The address itself is not repeated from here on: it may hold a password.
    if "@" in parts.netloc:
        return "must hold no user name and password; see `fleet-tui auth`"
    if "?" in address or "#" in address:
        return "must be a plain base address, without `?` and `#`; tokens go to `fleet-tui auth`"
    if not host:
        return "must name a host, as in `https://HOST`"
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        return "must begin with `https://`: tokens would travel readable (plain `http://` serves this machine alone)"
    return None


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def pattern_fault(pattern: str) -> str | None:
    """Refuses what is no regular expression, and one that every text matches."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        return f"is no regular expression: {error.msg}"
    except (RecursionError, OverflowError):
        return "is too large a regular expression"
    return "matches an empty line, and so every text" if compiled.search("") else None


def groups_fault(groups: Sequence[Group]) -> str | None:
    """Refuses two groups of one label: nobody could tell which of them a pull request belongs to."""
    counts = Counter(group.label for group in groups)
    twice = [toml.literal(label) for label, count in counts.items() if count > 1]
    return f"has several groups with the label {', '.join(twice)}; keep one" if twice else None


def team_fault(team: Team) -> str | None:
    """Refuses a business day that ends before it begins: working hours could not be counted."""
    if team.day_ends > team.day_starts:
        return None
    return f"must have `day_ends` after `day_starts`; now it is {team.day_ends}, not after {team.day_starts}"


def bugs_fault(bugs: Bugs) -> str | None:
    """Refuses to close a bug before its reporter was asked."""
    if bugs.close_after_days > bugs.ping_after_days:
        return None
    return f"must have `close_after_days` above `ping_after_days`, which is {bugs.ping_after_days}"


RULES: Mapping[str, Callable[[Any], str | None]] = {
    "address": address_fault,
    "pattern": pattern_fault,
    "patterns": lambda patterns: next(filter(None, map(pattern_fault, patterns)), None),
    "groups": groups_fault,
    "team": team_fault,
    "bugs": bugs_fault,
}


def key_problems(keys: Any, file: str, known: Collection[str] | None, check: KeyCheck | None) -> list[ConfigProblem]:
    """What is wrong with the table `keys`: unknown actions (given the `known` ids), nonsense keys (given `check`).

    Faults of type are not repeated: `keys` is as it was read, whatever it is.
    """
    problems = []
    for action, pressed in keys.items() if isinstance(keys, dict) else ():
        if not isinstance(pressed, str):
            continue
        fault = check(pressed) if check else None
        if known is not None and action not in known:
            fault = "is no action" + did_you_mean(action, known)
        if fault:
            problems.append(ConfigProblem(file, f"keys.{toml.key(action)}", fault))
    return problems


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean `x`?` with the nearest of `known`, or nothing when none is near."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""
