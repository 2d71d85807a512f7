"""Versions as other projects write them: in go.mod, in a workflow, in Go's download list, in tags."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packaging.version import InvalidVersion, Version

# Go writes `go1.22rc1`, module versions begin with `v`; both may be followed by what only a build tells.
GO_LINE = re.compile(r"^go[ \t]+([0-9][\w.]*)", re.MULTILINE)
TOOLCHAIN_LINE = re.compile(r"^toolchain[ \t]+go([0-9][\w.]*)", re.MULTILINE)
PSEUDO_VERSION = re.compile(r"-(?:[\w.]*\.)?[0-9]{14}-[0-9a-f]{12}\Z")
COMMENT = re.compile(r"//[^\n]*")


def version(text: str) -> Version | None:
    """The version that `text` is: `5.12.1`, `v1.0.2`, `go1.22.1`, `1.23rc2`. None when it is none."""
    try:
        return Version(text.strip().removeprefix("go").removesuffix("+incompatible"))
    except InvalidVersion:
        return None


def latest_stable(texts: Iterable[str]) -> Version | None:
    """The highest version that is no beta, release candidate or development version; None when there is none."""
    found = [one for text in texts if (one := version(text)) and not one.is_prerelease]
    return max(found, default=None)


def go_version(module: str) -> Version | None:
    """The Go that a `go.mod` is built with: the higher of its `go` and `toolchain` lines, as Go itself chooses."""
    text = COMMENT.sub("", module)
    lines = [line for pattern in (GO_LINE, TOOLCHAIN_LINE) if (line := pattern.search(text))]
    return max((found for line in lines if (found := version(line[1]))), default=None)


def names_patch(go: Version) -> bool:
    """Whether it says which patch: `go 1.22` alone does not."""
    return len(go.release) > 2 or go.is_prerelease


def required(module: str, name: str) -> Version | None:
    """The version of the module `name` that a `go.mod` requires, what replaces it before that.

    None when it is not required, or at a commit that has no release (a pseudo-version).
    """
    text = COMMENT.sub("", module)
    path = re.escape(name) + r"(?:/v[0-9]+)?"
    found = re.search(rf"^(?:require[ \t]+)?[ \t]*{path}[ \t]+(v\S+)", text, re.MULTILINE)
    replaced = re.search(
        rf"^(?:replace[ \t]+)?[ \t]*{path}(?:[ \t]+v\S+)?[ \t]*=>[ \t]*(?P<by>\S+)(?:[ \t]+(?P<at>v\S+))?", text, re.M
    )
    if not found or (replaced and not re.fullmatch(path, replaced["by"])):
        return None
    said = (replaced["at"] if replaced else None) or found[1]
    return None if PSEUDO_VERSION.search(said) else version(said)


def pinned(workflow: str, variable: str) -> Version | None:
    """The version that a workflow's file gives to `variable`; None when it gives none, or several that differ."""
    pattern = rf"^[ \t]*{re.escape(variable)}:[ \t]*['\"]?([^\s'\"#]+)"
    said = set(re.findall(pattern, workflow, re.MULTILINE))
    return version(said.pop()) if len(said) == 1 else None


def latest_tag(tags: Iterable[str], prefix: str) -> str | None:
    """The tag of the highest stable version among those that begin with `prefix`; None when there is none."""
    found = [
        (number, tag)
        for tag in tags
        if tag.startswith(prefix) and (number := version(tag.removeprefix(prefix))) and not number.is_prerelease
    ]
    return max(found)[1] if found else None
