"""A template for issues, as a repository keeps them: front matter in YAML, then the body."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from fleet_tui.domain.outside_yaml import BadYaml, read_yaml

LARGEST = 8 * 1024
"""Characters of front matter; GitHub's own has a dozen lines. It is read while the screen waits."""
FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.DOTALL | re.MULTILINE
)


class IssueTemplate(Struct, frozen=True):
    """What a template says of the issue that is made from it."""

    title: str
    """Empty when it is left to the author."""
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    body: str


def read_template(text: str) -> IssueTemplate:
    """The template in `text`. Front matter that is no plain YAML, or too long, counts as empty."""
    found = FRONT_MATTER.match(text)
    about = _about(found["yaml"]) if found else {}
    title = about.get("title")
    return IssueTemplate(
        title.strip() if isinstance(title, str) else "",
        _names(about.get("labels")),
        _names(about.get("assignees")),
        text[found.end() :] if found else text,
    )


def _about(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        return {}
    try:
        _, read_in = read_yaml(text)
    except BadYaml:
        return {}
    return read_in if isinstance(read_in, dict) else {}


def _names(value: object) -> tuple[str, ...]:
    """GitHub takes a list, or text with commas."""
    given = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(name.strip() for name in given if isinstance(name, str) and name.strip()))
