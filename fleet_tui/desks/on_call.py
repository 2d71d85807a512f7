"""On-call as its screen shows it: the roster, what waits, the rituals, the handoff."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fleet_tui.desks.bugs import Board, BugDesk
from fleet_tui.desks.desk import Desk
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.bugs import Bug, State, is_critical
from fleet_tui.domain.certificates import Inventory, Severity, severity
from fleet_tui.domain.community import CommunityPull, community_pulls, people
from fleet_tui.domain.freeze import BranchState, Phase, Situation
from fleet_tui.domain.handoff import Draft, HandoffFacts
from fleet_tui.domain.merge_conditions import Condition, ConditionJudge, why_not_merge
from fleet_tui.domain.on_call_alerts import on_call_alerts
from fleet_tui.domain.on_call_waiting import Waiting, about_to_miss, waiting
from fleet_tui.domain.outlook import Outlook, outlook
from fleet_tui.domain.pulls import Candidate, KindJudge, PullRequest
from fleet_tui.domain.ritual_agenda import Due, Mark, agenda
from fleet_tui.domain.rituals import Rituals
from fleet_tui.domain.roster import Roster, Shift, is_login
from fleet_tui.domain.spans import day, day_and_hour, zone_name
from fleet_tui.domain.turns import WEEK, rotations
from fleet_tui.services.on_call_memory import Marks, keep_draft, kept_draft
from fleet_tui.services.ritual_marks import RitualMarks

EVER = datetime.min.replace(tzinfo=UTC)
KIND = "on-call"
SCREEN = "oncall"


class OnCallDesk(Desk):
    """Who is on call, and what waits for them."""

    FEEDS = ("pulls", "members", "me")

    def __init__(self, *given: Any, bugs: BugDesk, outlook: Callable[[], Outlook]) -> None:
        super().__init__(*given)
        repository = self.config.team.repository
        self._bug_desk = bugs
        self._outlook = outlook
        self._judge = ConditionJudge(self.config)
        self._kinds = KindJudge(self.config).judge
        self._marks = Marks(self.store, repository)
        self._ritual_marks = RitualMarks(self.store, repository)
        self._bugs: tuple[Board | None, tuple[tuple[Bug, State], ...]] = (None, ())

    # The roster

    @property
    def roster(self) -> Roster:
        """The roster as last read; an empty one before."""
        return self.reading("roster").value or Roster((), ())

    @property
    def has_roster(self) -> bool:
        """Whether the settings name any calendar or turns."""
        return bool(rotations(self.config.on_call))

    @property
    def on_call(self) -> tuple[Shift, ...]:
        """Who is on call now, in the order of the rotations."""
        return self.roster.on_call(self.now())

    @property
    def shift(self) -> Shift | None:
        """The shift that this screen is about: mine, else the one of the first rotation."""
        return self.roster.in_charge(self.login, self.now())

    def is_mine(self, shift: Shift) -> bool:
        """Whether it is the time of whom the GitHub token belongs to."""
        return is_login(shift, self.login)

    @property
    def words(self) -> str:
        """`Lucas → Wed`, for the status line: who has the first rotation; empty when nobody does."""
        shift = self.roster.in_charge("", self.now())
        if shift is None:
            return ""
        soon = shift.end - self.now() <= WEEK
        ends = shift.end.astimezone(self.config.team.zone)
        return f"{shift.person} → {f'{ends:%a}' if soon else day(shift.end, self.config.team.zone)}"

    # What waits

    @property
    def is_known(self) -> bool:
        """Whether it is known who is of the team. Until then everybody would be of the community."""
        return self.reading("members").value is not None

    @property
    def members_note(self) -> str:
        """Why it is not known who is of the team, as a sentence; empty when it is, be it from the settings."""
        members = self.reading("members").value
        return members.note if members and not self.config.on_call.team_members else ""

    @property
    def community(self) -> tuple[CommunityPull, ...]:
        """The community's pull requests, what is due first; drafts last."""
        return self._of_community(self._outlook().candidates)

    def _of_community(self, candidates: Iterable[Candidate]) -> tuple[CommunityPull, ...]:
        members = self.reading("members").value
        if members is None:
            return ()
        who = people(members.logins, self.config)
        return community_pulls(candidates, who, self.config, self._judge, self.marked)

    def marked(self, pull: PullRequest) -> frozenset[Condition]:
        """The conditions that were marked by hand on the pull request as it is."""
        return self._marks.of(pull.number, pull.head)

    def toggle_mark(self, pull: PullRequest, condition: Condition) -> bool:
        """Mark a condition by hand, or take its mark back; whether it is marked now."""
        return condition in self._marks.toggle(pull.number, pull.head, condition)

    def waiting(self, community: Iterable[CommunityPull]) -> tuple[Waiting, ...]:
        """All that waits for whoever is on call, the most urgent first."""
        return waiting(community, self.reading("assigned").value or (), self._bugs_that_matter, self.config)

    @property
    def _bugs_that_matter(self) -> tuple[tuple[Bug, State], ...]:
        """The inbox, and critical bugs wherever they stand; looked for anew when the board has changed."""
        board, labels = self._bug_desk.board, self.config.labels
        if self._bugs[0] is not board:
            ones = [one for one in board.by_number.values() if one.state is State.INBOX or is_critical(one.bug, labels)]
            self._bugs = (board, tuple((one.bug, one.state) for one in ones))
        return self._bugs[1]

    def why_not_merge(self, one: CommunityPull, at: Outlook | None = None) -> str:
        """What forbids merging it, as a sentence; empty when nothing does."""
        return why_not_merge(one.candidate, one.conditions, (at or self._outlook()).at)

    def why_not_merge_now(self, pull: PullRequest, branch: BranchState, pulls: tuple[PullRequest, ...]) -> str:
        """The same, judged anew from what was just read; `pull` is what the person has looked at."""
        milestones = self.reading("milestones").value or ()
        anew = outlook(branch, milestones, pulls, self.now(), self.config, self._kinds)
        one = next((one for one in self._of_community(anew.candidates) if one.pull.number == pull.number), None)
        if one is None:
            return "It is not open any more."
        if one.pull.head != pull.head:
            return "Somebody pushed to it since you looked at it."
        return self.why_not_merge(one, anew)

    # Rituals

    @property
    def rituals(self) -> Rituals | None:
        """The list as last read; None before."""
        found: Rituals | None = self.reading("rituals").value
        return found

    @property
    def agenda(self) -> tuple[Due, ...]:
        """Every ritual with its day, the most urgent first."""
        entries = self.rituals.entries if self.rituals else ()
        return agenda(entries, self._ritual_marks.load(), self.now().astimezone(self.config.team.zone).date())

    def was_done_today(self, one: Due) -> bool:
        """Whether it was marked as done today."""
        zone = self.config.team.zone
        return one.done is not None and one.done.at.astimezone(zone).date() == self.now().astimezone(zone).date()

    def toggle_ritual(self, one: Due) -> bool:
        """Mark a ritual as done, or take today's mark back; whether it is done now.

        One that is overdue is settled until today: what was missed is not asked for twice.
        """
        today = self.now().astimezone(self.config.team.zone).date()
        if one.done is not None and self.was_done_today(one):
            self._ritual_marks.remove(one.done)
            return False
        self._ritual_marks.add(Mark(one.ritual.task, max(one.day or today, today), self.now()))
        return True

    # The handoff

    def draft(self, shift: Shift) -> Draft:
        """What was typed and ticked for the handoff of `shift` so far."""
        return kept_draft(self.store, shift.start)

    def keep_draft(self, draft: Draft) -> None:
        """Keep it, with each change."""
        keep_draft(self.store, draft)

    def facts(self, shift: Shift) -> HandoffFacts:
        """What the note tells of the world as it is now."""
        following, zone, now = self.roster.next_after(shift), self.config.team.zone, self.now()
        release, at = self._outlook().release, self._outlook().at
        return HandoffFacts(
            by=shift.login,
            to=following.login if following else "",
            start=shift.start,
            end=shift.end,
            waiting=self.waiting(self.community),
            freeze=freeze_sentence(at, self.config.team.branch, now, zone),
            release=f"{release.version} is released on {release.day:%a} {release.day.day} {release.day:%b}."
            if release
            else "",
            expiring=self._expiring,
        )

    @property
    def _expiring(self) -> tuple[str, ...]:
        inventory: Inventory = self.reading("certificates").value or Inventory()
        zone, now, days = self.config.team.zone, self.now(), self.config.certificates.threshold_days
        return tuple(
            f"{one.name} ({one.kind.value}): until {day_and_hour(one.valid_until, zone, now=now)}"
            for one in inventory.certificates
            if severity(one, now, days) > Severity.FINE
        )

    # Alerts

    @property
    def is_settled(self) -> bool:
        """A calendar that cannot be read does not keep the rest quiet: the last good roster counts."""
        roster = self.reading("roster")
        return super().is_settled and (roster.problem is not None or (roster.at is not None and not roster.stored))

    def alerts(self) -> Iterable[Alert]:
        """My own time on call, and contributors about to wait for too long, where it is known who is one."""
        now = self.now()
        for one in on_call_alerts(EVER, now, self.roster, self.login, self.config.team.zone):
            yield Alert(one.key, KIND, one.sentence, SCREEN)
        if not self.members_note:
            yield from about_to_miss(waiting(self.community, (), (), self.config), now, self.config)


def freeze_sentence(at: Situation, branch: str, now: datetime, zone: ZoneInfo) -> str:
    """How the branch stands and what comes next; empty when Merge Freeze has not been heard."""
    if at.frozen is None:
        return ""
    phase = f" ({at.phase.value})" if at.frozen and at.phase is not Phase.FREEZE else ""
    coming = ""
    if at.next_change:
        change, moment = at.next_change
        coming = f"; next: {change.value}, {day_and_hour(moment, zone, now=now)} {zone_name(moment, zone)}"
    return f"{branch} is {'frozen' if at.frozen else 'open'}{phase}{coming}."
