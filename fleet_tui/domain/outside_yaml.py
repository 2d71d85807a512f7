"""YAML that other people wrote, read in a time that its size bounds: no aliases, no tags, no depth.

A few aliases of aliases, or merges of them (`<<`), make millions of entries; a tag (`!!bool maybe`) has the library
raise whatever it stumbles over; and a file of brackets alone takes it minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleet_tui.domain.text import clean

if TYPE_CHECKING:
    from yaml import Node, SafeLoader

DEEPEST = 10
"""Lists within lists."""


class BadYaml(ValueError):
    """What cannot be read, and why; `line` counts from 0."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


def read_yaml(text: str) -> tuple[Node | None, Any]:
    """The nodes of `text`, with their lines, and its values. Raises `BadYaml`.

    Where the library has no parser in C it takes a second for 16,000 characters: bound the size before.
    """
    import yaml  # not for free, and seldom needed

    try:
        _refuse_bombs(text)
        loader = _loader()(text)
        try:
            node = loader.get_single_node()
            return node, None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except BadYaml:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(f"no valid YAML: {clean(error.problem or '')}", mark.line if mark else 0) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # days such as 2024-99-99 come through as ValueError
        raise BadYaml(f"no valid YAML ({type(error).__name__})") from None


def _loader() -> type[SafeLoader]:
    import yaml

    found: type[SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return found


def _refuse_bombs(text: str) -> None:
    import yaml

    opens = (
        yaml.FlowSequenceStartToken,
        yaml.FlowMappingStartToken,
        yaml.BlockSequenceStartToken,
        yaml.BlockMappingStartToken,
    )
    closes = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)
    depth = 0
    for token in yaml.scan(text, _loader()):
        depth += isinstance(token, opens) - isinstance(token, closes)
        if isinstance(token, yaml.AliasToken):
            raise BadYaml("it refers to another place (`*name`), which is not read")
        if isinstance(token, yaml.TagToken):
            raise BadYaml("it names a type (`!name`), which is not read")
        if depth > DEEPEST:
            raise BadYaml(f"it is nested more than {DEEPEST} deep")
