"""Texts from the settings, with the names in braces replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAME = re.compile(r"\{([a-z_]+)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each `{name}` replaced by its value, once; a name that has none stays as it is."""
    return NAME.sub(lambda match: values.get(match[1], match[0]), template)
