"""Are the product's dependencies current (handbook: "Confirm latest versions of dependencies")?

A table of what is in the product, what is the latest, the verdict, and what the rule asks for. Whatever a source does
not tell is a verdict of its own: nothing passes for current because nobody could look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace
from packaging.version import Version

from fleet_tui.config.dependencies import Component
from fleet_tui.config.schema import Config
from fleet_tui.domain.dependency_issues import Update, update_issue
from fleet_tui.domain.problem import Problem
from fleet_tui.domain.release_qa import NewIssue
from fleet_tui.domain.upstream import Changes, Release, Sources
from fleet_tui.domain.versions import go_version, latest_stable, names_patch, pinned, required, version

GO_NOTES = "https://go.dev/doc/devel/release"
NO_VERSION = "Go's list of downloads names no stable version."


class Verdict(Enum):
    """How a dependency stands."""

    CURRENT = "current"
    BEHIND = "behind"
    CHANGED = "changed since its last release"
    NEWS = "news"
    BY_HAND = "look by hand"
    """No interface tells: a person has to look."""
    UNKNOWN = "cannot be told"

    @property
    def is_fine(self) -> bool:
        """Whether nothing has to be done that the program knows of."""
        return self in {Verdict.CURRENT, Verdict.BY_HAND}


class Dependency(Struct, frozen=True):
    """A row of the table."""

    name: str
    product: str
    latest: str
    verdict: Verdict
    action: str = ""
    """What the rule asks for, or why the verdict cannot be told; empty when nothing is to be done."""
    url: str = ""
    filing: NewIssue | None = None
    """The issue that the rule asks for."""
    blocks: bool = False
    """Whether the release waits for it."""
    filed: int | None = None
    """The open issue that stands for it already."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be done: it is fine, or an issue has been filed."""
        return self.verdict.is_fine or self.filed is not None


def table(sources: Sources, config: Config, on_call: str = "") -> tuple[Dependency, ...]:
    """The table, in the order of the handbook. `on_call` is a login; empty when nobody is known to be on call."""
    rows = Rows(sources, config, on_call)
    components = zip(config.dependencies.components, sources.components, strict=True)
    return (
        rows.go_patch(),
        rows.go_minor(),
        rows.extension(),
        rows.osquery(),
        *(_component(component, changes) for component, changes in components),
        rows.cisa(),
        Dependency("NVD", "", "", Verdict.BY_HAND, "Look at its announcements.", config.dependencies.nvd_page),
    )


class Rows:
    """The rows whose rule asks for an issue, or for words with the on-call engineer."""

    def __init__(self, sources: Sources, config: Config, on_call: str) -> None:
        self._sources = sources
        self._config = config
        self._settings = config.dependencies
        self._on_call = on_call

    def go_patch(self) -> Dependency:
        """The newest patch of the product's own line of Go."""
        name, product, downloads = "Go (patch)", self._go(), self._downloads()
        read = self._sources.module, self._sources.go
        if isinstance(product, str) or isinstance(downloads, str):
            return self._untold(name, product, downloads, self._settings.go_patch_labels, *read)
        newest = latest_stable(downloads)
        own_line = [text for text in downloads if (one := version(text)) and one.release[:2] == product.release[:2]]
        latest = latest_stable(own_line)
        if not names_patch(product):
            return _unknown(name, product, latest, f"{self._settings.go_module} does not say which patch of {product}.")
        if newest is None:
            return _unknown(name, product, None, NO_VERSION)
        if latest is None and product < newest:
            line = ".".join(map(str, product.release[:2]))
            return _unknown(name, product, newest, f"Go {line} is not in the list any more: it gets no patches.")
        update = Update("go-patch", "Go", self._settings.go_module, self._settings.go_patch_labels, GO_NOTES)
        return self._compared(name, product, latest or product, update)

    def go_minor(self) -> Dependency:
        """The newest line of Go."""
        name, product, downloads = "Go (minor)", self._go(), self._downloads()
        read = self._sources.module, self._sources.go
        if isinstance(product, str) or isinstance(downloads, str):
            return self._untold(name, product, downloads, self._settings.go_minor_labels, *read)
        latest = latest_stable(downloads)
        if latest is None:
            return _unknown(name, product, None, NO_VERSION)
        if product.release[:2] >= latest.release[:2]:
            return Dependency(name, str(product), str(latest), Verdict.CURRENT, url=GO_NOTES)
        update = Update("go-minor", "Go", self._settings.go_module, self._settings.go_minor_labels, GO_NOTES)
        return self._compared(name, product, latest, update)

    def extension(self) -> Dependency:
        """The macadmins extension."""
        settings, module = self._settings, self._sources.module
        product: Version | str = _words(module)
        if isinstance(module, str):
            found = required(module, f"github.com/{settings.extension}")
            product = found or f"{settings.go_module} requires no release of {settings.extension}."
        note = "New tables may need code of ours before they can be used."
        update = Update("macadmins-extension", "the macadmins osquery-extension", settings.go_module,
                        settings.extension_labels, note=note)  # fmt: skip
        return self._released("macadmins extension", product, self._sources.extension, update, module)

    def osquery(self) -> Dependency:
        """osquery."""
        settings, workflow = self._settings, self._sources.workflow
        product: Version | str = _words(workflow)
        if isinstance(workflow, str):
            found = pinned(workflow, settings.osquery_variable)
            product = found or f"{settings.osquery_file} does not tell {settings.osquery_variable}."
        note = "Where osquery has added or changed flags, the validation of its options needs an update."
        update = Update("osquery", "osquery", settings.osquery_file, settings.osquery_labels, note=note)
        return self._released("osquery", product, self._sources.osquery, update, workflow)

    def cisa(self) -> Dependency:
        """What CISA has announced on its data feeds since the last release."""
        news, since = self._sources.news, self._sources.last_release
        if isinstance(news, Problem) or isinstance(since, Problem):
            return _unknown("CISA", _words(news), _words(since))
        patterns = [re.compile(pattern, re.IGNORECASE) for pattern in self._settings.feed_patterns]
        recent = [one for one in news if one.at is None or one.at > since]
        found = [one for one in recent if any(pattern.search(f"{one.title}\n{one.summary}") for pattern in patterns)]
        if found:
            whom = f"@{self._on_call}" if self._on_call else "the on-call engineer"
            return Dependency("CISA", "", found[0].title, Verdict.NEWS, f"Tell {whom}.", found[0].url)
        day = since.astimezone(self._config.team.zone).date()
        if not any(one.at and one.at <= since for one in news):
            return _unknown("CISA", None, None, f"The feed does not reach back to the last release, {day:%-d %b}.")
        return Dependency("CISA", "", f"nothing on feeds since {day:%-d %b}", Verdict.CURRENT)

    def _go(self) -> Version | str:
        module = self._sources.module
        if isinstance(module, Problem):
            return module.text
        return go_version(module) or f"{self._settings.go_module} names no version of Go."

    def _downloads(self) -> list[str] | str:
        downloads = self._sources.go
        if isinstance(downloads, Problem):
            return downloads.text
        return [one.version for one in downloads if one.stable]

    def _released(
        self,
        name: str,
        product: Version | str,
        releases: tuple[Release, ...] | Problem,
        update: Update,
        source: str | Problem,
    ) -> Dependency:
        latest = _latest(releases)
        if isinstance(product, str) or isinstance(latest, str):
            return self._untold(name, product, latest, update.labels, source, releases)
        number, release = latest
        return self._compared(name, product, number, update.with_notes(release.url))

    def _compared(self, name: str, product: Version, latest: Version, update: Update) -> Dependency:
        if product >= latest:
            return Dependency(name, str(product), str(latest), Verdict.CURRENT, url=update.notes)
        blocks = self._block(update.labels)
        kind = "bug" if any(label in self._config.labels.bug for label in update.labels) else "story"
        action = f"File a {kind}: " + ("it blocks the release." if blocks else "it does not block the release.")
        filing = update_issue(update, product, latest, (self._config.team.release_dri, self._on_call), blocks=blocks)
        return Dependency(name, str(product), str(latest), Verdict.BEHIND, action, update.notes, filing, blocks)

    def _untold(self, name: str, product: object, latest: object, labels: Sequence[str], *read: object) -> Dependency:
        """Of what could not be `read` nobody knows whether it is behind: the release waits until that is told."""
        unread = any(isinstance(one, Problem) for one in read)
        return replace(_unknown(name, product, latest), blocks=unread and self._block(labels))

    def _block(self, labels: Sequence[str]) -> bool:
        return any(label in self._config.labels.release_blocker for label in labels)


def _component(component: Component, changes: Changes | Problem) -> Dependency:
    if isinstance(changes, Problem):
        return _unknown(component.name, changes.text, None)
    if changes.tag is None:
        why = f"There is no stable release: no tag {component.tag_prefix}*."
        return _unknown(component.name, None, None, why)
    if not changes.commits:
        return Dependency(component.name, changes.tag, "no commit since", Verdict.CURRENT)
    count = len(changes.commits)
    since, newest = f"{count} commit{'s' * (count > 1)} since", max(changes.commits, key=lambda one: one.at)
    action = "Open a fleetd release QA issue."
    return Dependency(component.name, changes.tag, since, Verdict.CHANGED, action, newest.url)


def _latest(releases: tuple[Release, ...] | Problem) -> tuple[Version, Release] | str:
    """The highest stable version among `releases`, and its release; else why there is none."""
    if isinstance(releases, Problem):
        return releases.text
    stable = {one.tag: one for one in releases if not (one.prerelease or one.draft)}
    found = latest_stable(stable)
    if found is None:
        return "GitHub lists no stable release."
    return found, next(one for tag, one in stable.items() if version(tag) == found)


def _words(value: object) -> str:
    return value.text if isinstance(value, Problem) else ""


def _unknown(name: str, product: object, latest: object, why: str = "") -> Dependency:
    """What is known of it, and why the rest is not: `product` and `latest` are versions, or reasons."""
    shown = [str(one) if isinstance(one, Version) else "" for one in (product, latest)]
    reasons = dict.fromkeys(one for one in (product, latest, why) if isinstance(one, str) and one)
    return Dependency(name, shown[0], shown[1], Verdict.UNKNOWN, " ".join(reasons))


def are_settled(rows: Iterable[Dependency]) -> bool:
    """Whether nothing is left to be done for any of them."""
    return all(row.is_settled for row in rows)


def unfiled(rows: Iterable[Dependency]) -> tuple[str, ...]:
    """What the release waits for although no issue says so yet, each without a full stop.

    Once a bug is filed, it is an open release blocker like others.
    """
    waiting = (row for row in rows if row.blocks and not row.is_settled)
    return tuple(
        f"nobody can tell whether {row.name} is behind"
        if row.verdict is Verdict.UNKNOWN
        else f"{row.name} is behind, and no bug is filed for it"
        for row in waiting
    )
