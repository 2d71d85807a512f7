"""Stories that were not merged when the freeze began: they are pushed to the next minor release, and people told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from fleet_tui.config.schema import Config, Release
from fleet_tui.domain.conclusion import next_minor, release_version
from fleet_tui.domain.markup import markdown
from fleet_tui.domain.mentions import NOT_READ
from fleet_tui.domain.pulls import Story
from fleet_tui.domain.releases import Milestone

MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?![\w/])")


class OpenStory(Struct, frozen=True):
    """An open story of the milestone, with whom it is of."""

    story: Story
    author: str
    """Empty when the author has left GitHub."""
    labels: frozenset[str] = frozenset()
    requesters: tuple[str, ...] = ()
    """Whom its text names as requesters."""

    @property
    def is_merged(self) -> bool:
        """Whether something of it was merged and nothing waits: it made it."""
        return bool(self.story.merged) and not self.story.open

    @property
    def is_partly_merged(self) -> bool:
        """Whether something of it was merged, and something waits: what was merged has to be reverted."""
        return bool(self.story.merged) and bool(self.story.open)


class Push(Struct, frozen=True):
    """What pushing a story would do."""

    story: Story
    label: str
    """Added, unless it is there."""
    milestone: str
    """Title of the milestone that it goes to."""
    comment: str
    told: tuple[str, ...]
    """Logins that the comment mentions."""
    warnings: tuple[str, ...] = ()
    """Sentences on what the comment cannot do."""

    @property
    def preview(self) -> str:
        """What would be done, as Markdown."""
        revert = ", ".join(f"#{number}" for number in self.story.merged)
        steps = [f"- add the label {markdown(self.label)}", f"- move it to the milestone {markdown(self.milestone)}"]
        steps += [f"- not done from here: revert {revert}"] if revert else []
        steps += [f"- ! {one}" for one in self.warnings]
        quoted = "\n".join(f"> {line}".rstrip() for line in self.comment.splitlines())
        title = markdown(self.story.title)
        return "\n".join([f"**#{self.story.number} {title}**", "", *steps, "- comment:", "", quoted])


def requesters(text: str, rules: Release) -> tuple[str, ...]:
    """The logins on the lines of a story's text that name its requesters, in order, each once."""
    fields = "|".join(re.escape(name) for name in sorted(rules.requester_fields, key=len, reverse=True))
    if not fields:
        return ()
    line = re.compile(rf"^[\W_]*(?:{fields})[*_`]*\s*:(?P<names>[^\n]*)", re.IGNORECASE | re.MULTILINE)
    found = (login for match in line.finditer(NOT_READ.sub(" ", text)) for login in MENTION.findall(match["names"]))
    return _each_once(found)


def to_push(stories: Iterable[OpenStory]) -> tuple[OpenStory, ...]:
    """Those that have not made it: nothing merged, or something still open. By number."""
    return tuple(sorted((one for one in stories if not one.is_merged), key=lambda one: one.story.number))


def following_title(milestone: Milestone, rules: Release) -> str:
    """The title of the milestone after `milestone`. Raises `Failure` when its own names no release."""
    return f"{next_minor(release_version(milestone.title, rules))}{rules.milestone_suffix}"


def push(one: OpenStory, milestone: Milestone, config: Config, *, is_frozen: bool) -> Push:
    """What pushing `one` out of `milestone` would do. `is_frozen`: its freeze has begun.

    The comment mentions the product manager of its group, its requesters (its author where the text names none), and
    for a customer's story the VP of Customer Success. Raises `Failure` when the milestone names no release.
    """
    rules, group = config.release, config.group_for(one.labels)
    customers = sorted(label for label in one.labels if label.startswith(config.labels.customer_prefix))
    manager = group.product_manager if group else ""
    told = _each_once((manager, *(one.requesters or (one.author,))))
    vp = rules.vp_customer_success if customers else ""
    warnings = [] if manager else ["No product manager is known for it: its group is not clear, or names none."]
    if customers and not vp:
        names = " and ".join(markdown(label) for label in customers)
        warnings.append(f"Nobody is told for {names}: set release.vp_customer_success.")
    told = _each_once((*told, vp))
    following = following_title(milestone, rules)
    people = " ".join(f"@{login}" for login in told)
    lines = [f"{people} {_sentence(milestone, following, rules, is_frozen=is_frozen)}".lstrip()]
    comment = "\n\n".join([*lines, *_particulars(one, customers, vp)])
    return Push(one.story, config.labels.pushed[0], following, comment, told, tuple(warnings))


def _sentence(milestone: Milestone, following: str, rules: Release, *, is_frozen: bool) -> str:
    this, next_one = (markdown(title.removesuffix(rules.milestone_suffix)) for title in (milestone.title, following))
    missed = f"was not merged when the freeze of {this} began" if is_frozen else f"will not make the freeze of {this}"
    return f"this story {missed}, so it is pushed to {next_one}."


def _particulars(one: OpenStory, customers: list[str], vp: str) -> Iterable[str]:
    if one.story.merged:
        numbers = ", ".join(f"#{number}" for number in one.story.merged)
        yield f"Merged of it so far, and to be reverted: {numbers}."
    if vp:
        wait = "waits" if len(customers) == 1 else "wait"
        yield f"@{vp} {' and '.join(markdown(label) for label in customers)} {wait} for it."


def _each_once(logins: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for login in logins:
        if login:
            found.setdefault(login.casefold(), login)
    return tuple(found.values())
