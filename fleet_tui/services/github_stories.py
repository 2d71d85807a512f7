"""Stories of the coming release: those that are only partly merged, and all that are open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.labels import named
from fleet_tui.domain.pulls import Story
from fleet_tui.domain.pushing import OpenStory, requesters
from fleet_tui.domain.releases import Milestone
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_pull_shapes import Author, CamelCase, IssueShape, PageInfo, Touched

ANEW_EVERY = timedelta(minutes=30)

STORIES = """
query Stories($owner: String!, $name: String!, $milestone: Int!, $after: String) {
  repository(owner: $owner, name: $name) { milestone(number: $milestone) {
    issues(states: OPEN, first: 50, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number title url body
        author { login }
        labels(first: 40) { nodes { name } }
        assignees(first: 5) { nodes { login } }
        timelineItems(itemTypes: [CROSS_REFERENCED_EVENT], last: 50) { nodes {
          ... on CrossReferencedEvent { isCrossRepository source { ... on PullRequest { number state baseRefName } } }
        } }
        closedByPullRequestsReferences(first: 20, includeClosedPrs: true) { nodes { number state baseRefName } }
      }
    }
  } }
}
"""


class PartlyMerged:
    """The milestone's stories that are only partly merged. `read` is what a feed fetches."""

    def __init__(
        self, github: GitHub, config: Config, milestone: Callable[[], Milestone | None], now: Callable[[], datetime]
    ) -> None:
        self._github = github
        self._config = config
        self._milestone = milestone
        self._now = now
        self._known: tuple[OpenStory, ...] = ()
        self._list: list[Touched] = []
        self._read_at: datetime | None = None

    def read_anew_next_time(self) -> None:
        """Have the next `read` ask for all: a pull request was merged or closed, which does not touch its story."""
        self._read_at = None

    async def read(self) -> tuple[Story, ...]:
        """The partly merged stories by number; empty without a milestone. Raises `Failure`."""
        return tuple(one.story for one in await self.read_all() if one.story.merged)

    async def read_all(self) -> tuple[OpenStory, ...]:
        """All open stories by number, merged or not; empty without a milestone. Raises `Failure`."""
        milestone = self._milestone()
        if milestone is None:
            return ()
        query: dict[str, str | int] = {"milestone": milestone.number, "state": "open"}
        http, path = self._github.http, f"{self._github.path}/issues"
        pages = http.pages(self._github.service, path, query, list[Touched])
        issues = [issue async for page in pages for issue in page]
        if issues != self._list or self._read_at is None or self._now() - self._read_at > ANEW_EVERY:
            self._known = await self._open(milestone.number)
            self._list, self._read_at = issues, self._now()
        return self._known

    async def _open(self, milestone: int) -> tuple[OpenStory, ...]:
        github, after, found = self._github, None, list[StoryShape]()
        while True:
            variables = {"owner": github.owner, "name": github.name, "milestone": milestone, "after": after}
            data = await github.graphql(STORIES, variables, StoriesData)
            if data.repository.milestone is None:
                break
            page = data.repository.milestone.issues
            found += page.nodes
            after = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                break
        stories = (one.open_story(self._config) for one in found if self._is_story(one))
        return tuple(sorted(stories, key=lambda one: one.story.number))

    def _is_story(self, one: StoryShape) -> bool:
        return named(one.label_names, self._config.labels.story) is not None


class LinkedPull(CamelCase):
    """A pull request that refers to a story; the fields are missing when the source is an issue."""

    number: int = 0
    state: str = ""
    base_ref_name: str = ""


class Reference(CamelCase):
    """A cross-reference in a timeline, possibly from another repository."""

    is_cross_repository: bool = False
    source: LinkedPull | None = None


class References(msgspec.Struct):
    """Nodes of a timeline."""

    nodes: tuple[Reference, ...] = ()


class LinkedPulls(msgspec.Struct):
    """Pull requests that would close a story."""

    nodes: tuple[LinkedPull, ...] = ()


class Assignees(msgspec.Struct):
    """Nodes of users."""

    nodes: tuple[Author, ...] = ()


class StoryShape(IssueShape, kw_only=True):
    """An open issue of the milestone."""

    title: str
    url: str
    body: str = ""
    author: Author | None = None
    assignees: Assignees = msgspec.field(default_factory=Assignees)
    timeline_items: References = msgspec.field(default_factory=References)
    closed_by_pull_requests_references: LinkedPulls | None = None

    def open_story(self, config: Config) -> OpenStory:
        """The story with what pushing it asks for."""
        author, asked = clean(self.author.login) if self.author else "", requesters(self.body, config.release)
        return OpenStory(self.value(config.team.branch), author, self.label_names, asked)

    def value(self, branch: str) -> Story:
        """The story with the merged and the open pull requests that refer to it."""
        linked = [node.source for node in self.timeline_items.nodes if node.source and not node.is_cross_repository]
        if self.closed_by_pull_requests_references:
            linked += self.closed_by_pull_requests_references.nodes
        here = [pull for pull in linked if pull.number and pull.base_ref_name == branch]
        return Story(
            self.number,
            clean(self.title),
            self.url,
            tuple(clean(author.login) for author in self.assignees.nodes),
            merged=tuple(sorted({pull.number for pull in here if pull.state == "MERGED"})),
            open=tuple(sorted({pull.number for pull in here if pull.state == "OPEN"})),
        )


class StoryPage(CamelCase):
    """One page of a milestone's issues."""

    page_info: PageInfo
    nodes: tuple[StoryShape, ...]


class MilestoneShape(msgspec.Struct):
    """A milestone's issues."""

    issues: StoryPage


class RepositoryMilestone(msgspec.Struct):
    """The repository with one milestone."""

    milestone: MilestoneShape | None = None


class StoriesData(msgspec.Struct):
    """The answer to `STORIES`."""

    repository: RepositoryMilestone
