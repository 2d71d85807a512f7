"""Open pull requests against the branch, kept current at the cost of what changed.

The first read takes all of them by GraphQL. After that one conditional request lists whatever was touched since
(issues and pull requests alike; nothing touched: 304, free), and only what was touched, or whose checks are still
running, is read again. Everything is read anew every quarter of an hour, for changes that GitHub does not date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from fleet_tui.config.schema import Config
from fleet_tui.domain.mentions import mentioned
from fleet_tui.domain.pulls import LinkedIssue, PullRequest
from fleet_tui.domain.text import clean
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_pull_shapes import MentionedData, NodesData, OpenPullsData, PullShape, Touched
from fleet_tui.services.github_touched import touched_since

ALL_ANEW_EVERY = timedelta(minutes=15)
MOST_CHANGES = 300
PAGE = 40

FIELDS = """
fragment Fields on PullRequest {
  number title body url isDraft state createdAt updatedAt baseRefName headRefOid id reviewDecision
  author { __typename login }
  labels(first: 40) { nodes { name } }
  files(first: 100) { totalCount nodes { path } }
  closingIssuesReferences(first: 10) { nodes { number labels(first: 40) { nodes { name } } } }
  latestOpinionatedReviews(first: 30) { nodes { state submittedAt body author { login } } }
  comments(last: 50) { nodes { body createdAt author { login } } }
  reviews(last: 30) { nodes { submittedAt author { login } } }
  timelineItems(itemTypes: [READY_FOR_REVIEW_EVENT], last: 1) { nodes {
    ... on ReadyForReviewEvent { createdAt }
  } }
  commits(last: 1) { nodes { commit { committedDate author { user { login } }
    statusCheckRollup { contexts(first: 100) { nodes {
    __typename
    ... on CheckRun { name status conclusion }
    ... on StatusContext { context state createdAt }
  } } } } } }
}
"""

OPEN_PULLS = (
    """
query Open($owner: String!, $name: String!, $base: String!, $size: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, baseRefName: $base, first: $size, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...Fields }
    }
  }
}
"""
    + FIELDS
)

THESE_PULLS = "query These($ids: [ID!]!) { nodes(ids: $ids) { ...Fields } }" + FIELDS


class OpenPulls:
    """The open pull requests against one branch. `read` is what a feed fetches."""

    def __init__(self, github: GitHub, config: Config, now: Callable[[], datetime]) -> None:
        self._github = github
        self._branch = config.team.branch
        self._status_context = config.freeze.status_context
        self._now = now
        self._pulls: dict[int, PullShape] = {}
        self._labels: dict[int, frozenset[str]] = {}
        self._elsewhere: dict[int, datetime] = {}
        """Pull requests that are not against the branch, and when they were last touched."""
        self._touched = datetime.min.replace(tzinfo=UTC)
        self._unsettled_until = self._touched
        self._all_read_at: datetime | None = None

    def statuses_are_changing(self) -> None:
        """Take everything anew for a while: Merge Freeze sets its statuses one by one, and GitHub does not date it."""
        self._unsettled_until = self._now() + timedelta(seconds=60 + 1.5 * len(self._pulls))

    @property
    def is_unsettled(self) -> bool:
        """Whether Merge Freeze is still at it."""
        return self._now() < self._unsettled_until

    async def read(self) -> tuple[PullRequest, ...]:
        """All open pull requests, by number. Raises `Failure`."""
        if self._all_read_at is None or self.is_unsettled or self._now() - self._all_read_at > ALL_ANEW_EVERY:
            await self._read_all()
        else:
            await self._read_changes()
        await self._learn_labels()
        return tuple(self._value(pull) for _, pull in sorted(self._pulls.items()))

    async def _read_all(self) -> None:
        # Before the read, so that what changes during it is seen by the next one; an hour covers a skewed clock.
        touched, started = max(self._touched, self._now() - timedelta(hours=1)), self._now()
        github, found, after = self._github, list[PullShape](), None
        while True:
            variables = {
                "owner": github.owner, "name": github.name, "base": self._branch, "size": PAGE, "after": after,
            }  # fmt: skip
            page = (await github.graphql(OPEN_PULLS, variables, OpenPullsData)).repository.pull_requests
            found += page.nodes
            after = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                break
        self._pulls = {pull.number: pull for pull in found}
        self._labels = {}
        self._elsewhere = {}
        # Of the first page alone: what changed on it while the others were read is not known yet.
        self._touched = max([touched.replace(microsecond=0), *(pull.updated_at for pull in found[:PAGE])])
        self._all_read_at = started

    async def _read_changes(self) -> None:
        changed: list[Touched] = []
        async for touched in touched_since(self._github, self._touched, list[Touched]):
            changed += touched.entries
            if len(changed) > MOST_CHANGES:
                await self._read_all()
                return
        news = {one.number: one for one in changed if self._is_news(one)}
        running = {pull.number: pull.id for pull in self._pulls.values() if self._is_moving(pull)}
        wanted = running | {one.number: one.node_id for one in news.values() if one.is_open_pull}
        fetched = await self._read_these(list(wanted.values()))
        # Nothing is changed here before everything has been read: a failure leaves the former state whole.
        for number, one in news.items():
            if one.pull_request is None and number in self._labels:
                self._labels[number] = one.label_names
            elif one.pull_request is not None:
                self._pulls.pop(number, None)
        for pull in fetched:
            self._pulls.pop(pull.number, None)
            if pull.state == "OPEN" and pull.base_ref_name == self._branch:
                self._pulls[pull.number] = pull
            else:
                self._elsewhere[pull.number] = pull.updated_at
        self._touched = max([self._touched, *(one.updated_at for one in changed)])

    def _is_news(self, one: Touched) -> bool:
        known = self._pulls.get(one.number)
        if one.pull_request is None:
            return one.number in self._labels
        if known is None:
            return one.is_open_pull and self._elsewhere.get(one.number) != one.updated_at
        return not one.is_open_pull or known.updated_at != one.updated_at

    def _is_moving(self, pull: PullShape) -> bool:
        return pull.has_running(self._status_context)

    async def _read_these(self, ids: Sequence[str]) -> list[PullShape]:
        found: list[PullShape] = []
        for start in range(0, len(ids), PAGE):
            result = await self._github.graphql(THESE_PULLS, {"ids": ids[start : start + PAGE]}, NodesData)
            found += [pull for pull in result.nodes if pull is not None]
        return found

    async def _learn_labels(self) -> None:
        """Read the labels of issues that are mentioned and not known yet."""
        for pull in self._pulls.values():
            for issue in pull.closing_issues_references.nodes:
                self._labels.setdefault(issue.number, issue.label_names)
        wanted = {number for pull in self._pulls.values() for number in self._mentions(pull)}
        unknown = sorted(wanted - self._labels.keys() - self._pulls.keys())
        for start in range(0, len(unknown), 100):
            numbers = unknown[start : start + 100]
            query = _labels_of(numbers)
            variables = {"owner": self._github.owner, "name": self._github.name}
            found = (await self._github.graphql(query, variables, MentionedData)).repository
            for number in numbers:
                known = found.get(f"i{number}")
                self._labels[number] = known.label_names if known else frozenset()

    def _mentions(self, pull: PullShape) -> tuple[int, ...]:
        numbers = mentioned(f"{pull.title}\n{pull.body}", self._github.repository)
        return tuple(number for number in numbers if number != pull.number)[:30]

    def _value(self, pull: PullShape) -> PullRequest:
        closing = [issue.number for issue in pull.closing_issues_references.nodes]
        others = [number for number in self._mentions(pull) if self._labels.get(number) and number not in closing]
        block, block_since = pull.block(self._status_context)
        paths = tuple(file.path for file in pull.file_nodes)
        shown = tuple(clean(path) for path in paths)
        return PullRequest(
            number=pull.number,
            title=clean(pull.title),
            author=pull.login,
            url=pull.url,
            head=pull.head_ref_oid,
            created=pull.created_at,
            updated=pull.updated_at,
            draft=pull.is_draft,
            labels=pull.label_names,
            issues=tuple(LinkedIssue(n, self._labels[n], closing=True) for n in closing)
            + tuple(LinkedIssue(n, self._labels[n]) for n in others),
            paths=shown,
            # From a path that is not what it looks like no kind may follow.
            all_paths_known=shown == paths and pull.files is not None and pull.files.total_count <= len(paths),
            checks=pull.checks(self._status_context),
            review=pull.review,
            block=block,
            block_since=block_since,
            remarks=pull.remarks,
            by_bot=pull.author is not None and pull.author.kind == "Bot",
            reviewed=pull.reviewed,
            pushed=pull.pushed,
            readied=pull.readied,
        )


def _labels_of(numbers: Sequence[int]) -> str:
    fields = " ".join(
        f"i{n}: issue(number: {n}) {{ number labels(first: 40) {{ nodes {{ name }} }} }}" for n in numbers
    )
    return (
        "query Mentioned($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { " + fields + " } }"
    )
