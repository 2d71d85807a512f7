"""The release that its screen works on: timeline, what is ticked by hand, the stories to push, the conclusion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from fleet_tui.desks.desk import Desk
from fleet_tui.domain.alert import Alert
from fleet_tui.domain.conclusion import Conclusion, unconcluded
from fleet_tui.domain.conclusion_steps import Do, Step
from fleet_tui.domain.conclusion_text import Report
from fleet_tui.domain.dependencies import Dependency, Verdict
from fleet_tui.domain.dogfood import Deployments, Run, RunState, runs_now, tag_version
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.pushing import OpenStory, Push, push, to_push
from fleet_tui.domain.release_standing import Standing
from fleet_tui.domain.release_timeline import Facts, Timeline, timeline
from fleet_tui.domain.releases import Milestone, coming_milestone, version_of
from fleet_tui.domain.upstream import Changes
from fleet_tui.services.conclusion_journal import Begun, Row
from fleet_tui.wiring import Backend

BY_HAND = frozenset({Verdict.BY_HAND, Verdict.NEWS, Verdict.UNKNOWN})
"""Verdicts that a person settles by looking, and saying so."""
NO_RELEASE = "No coming release can be told."
NOT_CONNECTED = Problem("GitHub", Cause.OFFLINE, "Not connected yet.", "Try again in a moment.")


class Concluding(Struct, frozen=True):
    """A conclusion that stands in the journal."""

    begun: Begun
    rows: tuple[Row, ...]

    @property
    def automatic(self) -> tuple[Row, ...]:
        """The steps that the program takes."""
        return tuple(row for row in self.rows if not row.step.do.is_a_persons)

    @property
    def over(self) -> int:
        """How many of those are over."""
        return sum(row.state.is_over for row in self.automatic)

    @property
    def is_unfinished(self) -> bool:
        """Whether the program has something left to do."""
        return self.over < len(self.automatic)

    @property
    def for_a_person(self) -> tuple[Step, ...]:
        """What is left for a person to do, or to tick."""
        return tuple(row.step for row in self.rows if row.step.do.is_a_persons and not row.state.is_over)


class ReleaseDesk(Desk):
    """How far the release is."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.plan: Conclusion | None = None
        """The dry run that was shown last."""
        self.is_concluding = False
        """Whether this program carries a conclusion out now."""
        self._concluding: Concluding | None = None
        self._looked = False
        self._seen_going: set[int] = set()
        """Runs that were under way when they were read."""

    @property
    def tells_at_start(self) -> bool:
        """A conclusion that was cut off is news at the start."""
        return True

    # What the systems say

    @property
    def standing(self) -> Standing | None:
        """How the release stands; None before it was read."""
        value: Standing | None = self.reading("release").value
        return value

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """The table, with what was ticked by hand."""
        rows: tuple[Dependency, ...] = self.reading("dependencies").value or ()
        return rows

    @property
    def stories(self) -> tuple[OpenStory, ...]:
        """The stories that are not merged."""
        return to_push(self.reading("open_stories").value or ())

    @property
    def deployments(self) -> Deployments:
        """What was deployed to dogfood."""
        return self.reading("deployments").value or Deployments(())

    @property
    def milestone(self) -> Milestone | None:
        """The open milestone of the release."""
        return coming_milestone(self.reading("milestones").value or (), self.config.release)

    @property
    def version(self) -> str:
        """The release that it is about: one whose conclusion is under way comes first. Empty when none is known."""
        concluding = self.concluding
        if concluding and concluding.is_unfinished:
            return concluding.begun.title
        milestone = self.milestone
        number = version_of(milestone.title, self.config.release.milestone_suffix) if milestone else None
        if number is not None:
            return str(number)
        return self.standing.version if self.standing else ""

    @property
    def timeline(self) -> Timeline | None:
        """The stages of the release; None while it is not known which."""
        return timeline(self._facts(), self.now(), self.config) if self.version else None

    @property
    def is_frozen(self) -> bool:
        """Whether the release's freeze has begun, by the branch or by the calendar."""
        line = self.timeline
        return line is not None and line.has_begun(self.now())

    def _facts(self) -> Facts:
        version, milestone, standing = self.version, self.milestone, self.standing
        if standing is None or standing.version != version:  # of the release before, or after
            standing = Standing(version)
        read = self.reading("dependencies").at is not None
        ready = {group.label: group.ready_by for group in standing.groups if group.ready_by}
        return Facts(
            version=version,
            calendar_day=standing.calendar_day,
            milestone_day=milestone.due if milestone and self._names(milestone, version) else None,
            branch=self.reading("freeze").value,
            behind=tuple(row.name for row in self.dependencies if not self.is_settled_row(row)) if read else None,
            qa_issue=standing.qa_issue,
            ready=None if standing.qa_issue is None else ready,
            blockers=standing.blockers,
            titles=standing.titles,
            published=standing.published,
            is_published=standing.is_published,
            dogfood=self._dogfood_version(),
            dogfood_trouble=self._dogfood_trouble(),
            concluded=self._concluded(version),
        )

    def _names(self, milestone: Milestone, version: str) -> bool:
        return str(version_of(milestone.title, self.config.release.milestone_suffix)) == version

    def _concluded(self, version: str) -> tuple[int, int]:
        """The steps that are over, and all; of a milestone that is open, and nobody has begun on, none of one."""
        concluding = self.concluding
        if concluding and concluding.begun.title == version:
            return concluding.over, len(concluding.automatic)
        return 0, 1

    # Dogfood

    def _dogfood_version(self) -> str | None:
        if self.reading("deployments").at is None:
            return None
        present = runs_now(self.deployments.runs)
        number = tag_version(present.image, self.config.dependencies) if present else None
        return str(number) if number else ""

    def _dogfood_trouble(self) -> str:
        last = self.last_run
        if last is None or last.state not in {RunState.FAILED, RunState.CANCELLED}:
            return ""
        return f"run #{last.number} {last.state.value}"

    @property
    def last_run(self) -> Run | None:
        """The deployment that was started last."""
        return next(iter(self.deployments.runs), None)

    # What is ticked by hand

    @property
    def _ticks(self) -> str:
        return f"release ticks {self.config.team.repository} {self.version}"

    def ticked(self, row: Dependency) -> datetime | None:
        """When somebody at this machine said, for this release, that the row is dealt with."""
        return self.store.recall(self._ticks, dict[str, datetime], {}).get(_tick(row))

    def toggle(self, row: Dependency) -> None:
        """Say that the row is dealt with, or take that back."""
        ticks = self.store.recall(self._ticks, dict[str, datetime], {})
        if ticks.pop(_tick(row), None) is None:
            ticks[_tick(row)] = self.now()
        self.store.remember(self._ticks, ticks)

    def is_settled_row(self, row: Dependency) -> bool:
        """Whether nothing is left to be done: it is fine, filed, or ticked where a person has to look."""
        if row.verdict in BY_HAND:
            return self.ticked(row) is not None
        return row.is_settled

    # Filing and pushing

    async def fleetd_changes(self) -> tuple[str, tuple[Changes, ...]] | None:
        """Template and changes for the fleetd QA issue; None, said in words, when they cannot be read."""
        template = await self.template(self.config.release_qa.template)
        if template is None or self.backend is None:
            return None
        try:
            return template, await self.backend.release.dependencies.components()
        except Failure as failure:
            self.say(f"What has changed in fleetd cannot be read. {failure.problem.text}")
            return None

    def push_of(self, story: OpenStory) -> Push | None:
        """What pushing the story would do; None, said in words, when the milestone tells no release."""
        milestone = self.milestone
        if milestone is None:
            self.say(NO_RELEASE)
            return None
        try:
            return push(story, milestone, self.config, is_frozen=self.is_frozen)
        except Failure as failure:
            self.say(failure.problem.text)
            return None

    # Concluding the milestone

    @property
    def concluding(self) -> Concluding | None:
        """The conclusion that is unfinished, else the last one; None without any, or while the journal is not read."""
        if not self._looked and self.backend is not None:
            self.look_into_journal(self.backend)
        return self._concluding

    def look_into_journal(self, backend: Backend) -> None:
        """Read how far the conclusion is. A journal that cannot be read is said, and leaves it as it was."""
        self._looked = True
        try:
            journal = backend.release.journal
            begun = journal.unfinished() or journal.newest()
            self._concluding = Concluding(begun, journal.rows(begun.milestone)) if begun else None
        except Failure as failure:
            self.say(failure.problem.text)

    @property
    def report(self) -> Report | None:
        """How far the conclusion has come; None without one, or, said in words, when the journal cannot be read."""
        concluding = self.concluding
        if concluding is None or self.backend is None:
            return None
        try:
            return self.backend.release.journal.report(concluding.begun.milestone)
        except Failure as failure:
            self.say(failure.problem.text)
            return None

    @property
    def to_announce(self) -> Step | None:
        """The announcement, as long as nobody has made it."""
        concluding = self.concluding
        left = concluding.for_a_person if concluding and not concluding.is_unfinished else ()
        return next((step for step in left if step.do is Do.ANNOUNCE), None)

    async def read_plan(self) -> Conclusion | Problem:
        """The dry run as things stand now. It is kept to be shown."""
        if self.backend is None:
            return NOT_CONNECTED
        facts = self.backend.release.facts
        try:
            milestones = await facts.milestones()
            milestone = unconcluded(milestones, self.config.release)
            if milestone is None:
                return Problem("GitHub", Cause.MISSING, "No milestone of a minor release is open.")
            self.plan = await facts.plan(milestone, milestones)
        except Failure as failure:
            return failure.problem
        return self.plan

    def tick_step(self, step: Step) -> None:
        """Say that a person has done a step of the conclusion."""
        concluding = self.concluding
        if concluding is None or self.backend is None:
            return
        try:
            self.backend.release.journal.tick(concluding.begun.milestone, step.id, self.now())
        except Failure as failure:
            self.say(failure.problem.text)
        self.look_into_journal(self.backend)

    # Alerts

    def alerts(self) -> Iterable[Alert]:
        """A conclusion that was cut off, and each deployment that came to its end while the program ran."""
        yield from self._cut_off()
        for run in self.deployments.runs:
            if not run.state.is_over:
                self._seen_going.add(run.id)
            elif run.id in self._seen_going:
                what = f" with {run.image}" if run.image else ""
                words, good = f"Run #{run.number}{what} {run.state.value}.", run.state is RunState.SUCCEEDED
                yield Alert(f"run {run.id} {run.state.name}", "deployment", words, "release", f"run {run.id}", good)

    def _cut_off(self) -> Iterable[Alert]:
        concluding = self.concluding
        if concluding and concluding.is_unfinished and not self.is_concluding:
            begun, far = concluding.begun, f"{concluding.over} of {len(concluding.automatic)} steps"
            words = f"The conclusion of {begun.title} was cut off after {far}. Go on with it on the release screen."
            yield Alert(
                f"conclusion {begun.milestone} {begun.at:%Y%m%dT%H%M%S} {concluding.over}",
                "conclusion",
                words,
                "release",
            )


def _tick(row: Dependency) -> str:
    """What a tick is for: other news of the same source have to be looked at again."""
    return f"{row.name} {row.verdict.name} {row.latest}"
