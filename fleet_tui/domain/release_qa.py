"""The release QA issue as a whole: known by its title, made from the repository's template."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from msgspec import Struct

from fleet_tui.config.schema import Group
from fleet_tui.domain.checklist import Item, read
from fleet_tui.domain.checklist.markup import Heading, page
from fleet_tui.domain.checklist.words import is_part, key
from fleet_tui.domain.issue_template import read_template

VERSION = re.compile(r"(?<![\w.])v?([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.]+)?)")
VERSION_FIELD = "fleet version"
COMPONENT = re.compile(r"[ \t]*[-*+][ \t]+(?P<name>[^\s:`][^\n:`]*)(?P<rest>[:`][^\n]*)")
CHOICE = re.compile(r":[ \t]*(True[ \t]*/[ \t]*False)", re.IGNORECASE)
ONLY_UPDATED = re.compile(r"<!--\s*remove items without updates\s*-->", re.IGNORECASE)


class NewIssue(Struct, frozen=True):
    """An issue to be created."""

    title: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    body: str


def is_release_qa(title: str, patterns: Iterable[str]) -> bool:
    """Whether one of `patterns` (regular expressions, upper and lower case alike) is found in `title`."""
    return any(re.search(pattern, title, re.IGNORECASE) for pattern in patterns)


def version_in(title: str) -> str | None:
    """The version that an issue's title names, without `v`: `Release QA: 4.45.0` is 4.45.0."""
    found = VERSION.search(title)
    return found[1] if found else None


def components(template: str) -> tuple[str, ...]:
    """The components of fleetd that `template` asks about (`- Orbit: True / False`), as it names them, each once."""
    lines = (COMPONENT.match(line) for line in template.splitlines())
    return tuple(dict.fromkeys(found["name"].rstrip() for found in lines if found and CHOICE.match(found["rest"])))


def new_body(template: str, version: str, *, core: bool, fleetd: Collection[str]) -> NewIssue:
    """The issue for `version` by `template`, whose front matter tells title, labels and assignees.

    Without `core`, the section of Fleet core is left out; without any of the components `fleetd`, that of the agent.
    Components are True or False as `fleetd` names them, whatever the case; lists that ask for it keep the updated ones
    alone. Front matter that is no YAML counts as empty: what comes of it is shown before it is posted.
    """
    wanted = read_template(template)
    body = _without_sections(wanted.body, core=core, agent=bool(fleetd))
    body = _with_components(body, {key(name) for name in fleetd})
    return NewIssue(_titled(wanted.title, version), wanted.labels, wanted.assignees, _with_version(body, version))


def _titled(title: str, version: str) -> str:
    return f"{title.removesuffix(':') or 'Release QA'}: {version}"


def _without_sections(body: str, *, core: bool, agent: bool) -> str:
    headings = [heading for heading in page(body).headings if not is_part(heading.text)]
    kept, done = "", 0
    for index, heading in enumerate(headings):
        if heading.start < done or not ((_is_core(heading) and not core) or (_is_agent(heading) and not agent)):
            continue
        following = (other.start for other in headings[index + 1 :] if other.level <= heading.level)
        kept += body[done : heading.start]
        done = next(following, len(body))
    return kept + body[done:]


def _is_core(heading: Heading) -> bool:
    return key(heading.text) in {"fleet core", "fleet server", "core"}


def _is_agent(heading: Heading) -> bool:
    return key(heading.text) in {"fleetd agent", "fleetd", "agent"}


def _with_components(body: str, updated: set[str]) -> str:
    lines, only_updated, listed = [], False, False
    for line in body.splitlines(keepends=True):
        component = COMPONENT.match(line)
        if ONLY_UPDATED.search(line):
            only_updated, listed = True, False
        elif not component:
            only_updated = only_updated and not (listed or line.strip())
        elif only_updated:
            listed = True
            if key(component["name"]) not in updated:
                continue
        if component and (choice := CHOICE.match(component["rest"])):
            at = component.start("rest")
            answer = str(key(component["name"]) in updated)
            line = line[: at + choice.start(1)] + answer + line[at + choice.end(1) :]
        lines.append(line)
    return "".join(lines)


def _with_version(body: str, version: str) -> str:
    fields = (field for section in read(body).sections for field in section.fields)
    for field in sorted(fields, key=lambda field: field.span, reverse=True):
        if key(field.title) == VERSION_FIELD and not field.value:
            at = field.span[0]
            blank = "" if body[at - 1 : at].isspace() else " "
            body = body[:at] + blank + version + body[at:]
    return body


def group_of(item: Item, groups: Iterable[Group]) -> str:
    """The label of the first of `groups` that has a pattern for the test's name in `tests`; empty when none has."""
    name = key(item.name)
    return next((group.label for group in groups if any(fnmatchcase(name, one.casefold()) for one in group.tests)), "")
