"""Community pull requests: which ones they are, whether an answer is due, and by when.

"First answered by on-call, with no gap longer than one business day" (domain rules, on-call). The clock runs only
while it is the team's turn. It counts from the contributor's first word that has no answer, not from the last one:
who asks again does not wait anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from fleet_tui.config.schema import Config
from fleet_tui.domain.merge_conditions import Condition, ConditionJudge, Standing
from fleet_tui.domain.pulls import Candidate, PullRequest, Remark, Word
from fleet_tui.domain.working_time import after_business_days


class Members(Struct, frozen=True):
    """The members of the organization, as far as the token shows them."""

    logins: frozenset[str]
    note: str = ""
    """A sentence when not all of them are seen. Whom the settings name is of the team in any case."""


class People(Struct, frozen=True):
    """Who is who on GitHub; logins in lower case."""

    team: frozenset[str]
    bots: frozenset[str]


def people(members: Iterable[str], config: Config) -> People:
    """The team: `members` of the organization, the logins in `on_call.team_members`, and whom the settings name."""
    named = {config.team.release_dri, *config.on_call.team_members, *(one.login for one in config.on_call.people)}
    for group in config.groups:
        named |= {group.manager, group.qa_lead, group.product_manager}
    bots = frozenset(login.casefold() for login in config.on_call.bots)
    team = frozenset(login.casefold() for login in (*members, *named) if login)
    return People(team - bots, bots)


def is_community(pull: PullRequest, who: People) -> bool:
    """Whether somebody opened it who is neither of the team nor a program."""
    return not pull.by_bot and pull.author.casefold() not in who.team | who.bots


class Conversation(Struct, frozen=True):
    """Whose turn it is."""

    waiting_since: datetime | None
    """Since when the contributor has had no answer; None when it is the contributor's turn."""
    answered: datetime | None
    """The team's last word; None when it has not said any."""


def conversation(pull: PullRequest, who: People) -> Conversation:
    """Whose turn it is on `pull`. Comments, reviews and pushes are words; what others say is not waited for."""
    spoken: tuple[Remark | Word, ...] = (*pull.remarks, *pull.reviewed)
    words = [(one.author.casefold(), one.at) for one in spoken]
    ours = max((at for author, at in words if author in who.team), default=None)
    opened = pull.readied or pull.created
    theirs = [opened, *(at for author, at in words if author == pull.author.casefold() and at > opened)]
    if pull.pushed and pull.pushed.author.casefold() not in who.team | who.bots and pull.pushed.at > opened:
        theirs.append(pull.pushed.at)
    open_words = [at for at in theirs if ours is None or at > ours]
    return Conversation(min(open_words, default=None), ours)


class CommunityPull(Struct, frozen=True):
    """A community pull request with what the rules say of it."""

    candidate: Candidate
    conversation: Conversation
    due: datetime | None
    """By when the team has to answer; None when it is not its turn, and for a draft."""
    conditions: tuple[Standing, ...]

    @property
    def pull(self) -> PullRequest:
        """The pull request itself."""
        return self.candidate.pull


def community_pulls(
    candidates: Iterable[Candidate],
    who: People,
    config: Config,
    judge: ConditionJudge,
    marked: Callable[[PullRequest], frozenset[Condition]],
) -> tuple[CommunityPull, ...]:
    """Those of `candidates` that come from the community: what is due first, then by age; drafts last.

    `marked` gives the conditions that somebody marked by hand on a pull request as it is now.
    """
    found = [
        CommunityPull(one, said, _due(one.pull, said, config), judge.judge(one.pull, marked(one.pull)))
        for one in candidates
        if is_community(one.pull, who)
        for said in [conversation(one.pull, who)]
    ]
    return tuple(sorted(found, key=_rank))


def comment(template: str, pull: PullRequest) -> str:
    """A comment for `pull` from one of the templates of the settings: `{author}` becomes who opened it."""
    return template.replace("{author}", pull.author)


def _due(pull: PullRequest, said: Conversation, config: Config) -> datetime | None:
    if pull.draft or said.waiting_since is None:
        return None
    return after_business_days(said.waiting_since, config.on_call.answer_business_days, config.team)


def _rank(one: CommunityPull) -> tuple[bool, bool, datetime, int]:
    return one.pull.draft, one.due is None, one.due or one.pull.created, one.pull.number
