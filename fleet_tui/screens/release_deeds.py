"""The writes of the release screen, declared."""

from __future__ import annotations

from collections.abc import Callable

from fleet_tui.actions import Deed, Tell
from fleet_tui.config.schema import Config
from fleet_tui.desks.release import ReleaseDesk
from fleet_tui.domain.conclusion import Conclusion
from fleet_tui.domain.conclusion_steps import Step
from fleet_tui.domain.counts import counted
from fleet_tui.domain.pushing import Push
from fleet_tui.domain.release_qa import NewIssue
from fleet_tui.services.conclusion_journal import Begun
from fleet_tui.services.conclusion_run import Progress
from fleet_tui.wiring import Backend

Begin = Callable[[], Begun]
AFTER_PUSH = ("open_stories", "stories", "milestones")
AFTER_CONCLUSION = ("release", "freeze", "milestones", "stories", "open_stories", "pulls")


def file_issue(action: str, new: NewIssue, backend: Backend, config: Config) -> Deed:
    """Create an issue that the rule asks for, unless an open one stands for it."""

    async def run(tell: Tell) -> str:
        tell("Looking whether it was filed already …")
        filed = await backend.release.dependencies.file(new, backend.writer)
        return f"#{filed.number} stands for it{filed.dropped_words}: {filed.url}"

    target = f"{config.team.repository}: {new.title}"
    return Deed(action, f"File: {new.title}", target, run, refreshes=("dependencies", "release_qa"))


def push(wanted: Push, backend: Backend, config: Config) -> Deed:
    """Push a story to the next release."""
    story = wanted.story
    return Deed(
        action="release.push",
        title=f"Push #{story.number}",
        target=f"{config.team.repository}#{story.number}",
        run=lambda tell: backend.release.pushes.push(wanted, tell),
        before="in the milestone",
        detail=f"To {wanted.milestone}; told: {', '.join(wanted.told) or 'nobody'}",
        url=story.url,
        refreshes=AFTER_PUSH,
    )


def deploy(tag: str, decided: tuple[str, ...], backend: Backend, config: Config) -> Deed:
    """Deploy an image to dogfood and follow its run; `decided` are the doubts that a person has ticked."""

    async def run(tell: Tell) -> str:
        last = ""

        def told(words: str) -> None:
            nonlocal last
            tell(words)
            if words != last:  # the table shows the run while it goes
                backend.wake(("deployments",))
            last = words

        return await backend.release.dogfood.deploy(tag, told, in_spite_of=decided)

    return Deed(
        action="release.deploy",
        title=f"Deploy {tag} to dogfood",
        target=f"{config.team.repository} {config.dependencies.deploy_workflow}",
        run=run,
        detail=" ".join(f"Decided: {one}" for one in decided),
        refreshes=("deployments",),
    )


def conclude(plan: Conclusion, desk: ReleaseDesk, backend: Backend) -> Deed:
    """Write the steps of the plan down, and take them."""

    def begin() -> Begun:
        journal, number = backend.release.journal, plan.milestone.number
        journal.begin(number, plan.title, plan.steps, desk.now())
        return journal.begun(number)

    return _concluding(f"Conclude {plan.title}", plan.milestone.number, begin, desk, backend)


def go_on(begun: Begun, desk: ReleaseDesk, backend: Backend) -> Deed:
    """Take the steps that are left of a conclusion that was cut off."""
    return _concluding(f"Go on concluding {begun.title}", begun.milestone, lambda: begun, desk, backend)


def _concluding(title: str, milestone: int, begin: Begin, desk: ReleaseDesk, backend: Backend) -> Deed:
    async def run(tell: Tell) -> str:
        def told(progress: Progress) -> None:
            desk.look_into_journal(backend)
            tell(f"{title}: {progress.over} of {progress.total} · {progress.words}")

        desk.is_concluding = True
        try:
            report = await backend.release.conclusion(begin()).run(told)
        finally:
            desk.is_concluding = False
            desk.look_into_journal(backend)
        left = f"{len(report.left)} left for a person" if report.left else "nothing is left"
        return f"{counted(len(report.done), 'step')} carried out, {len(report.found)} found done, {left}."

    target = f"{desk.config.team.repository} milestone {milestone}"
    return Deed("release.conclude", title, target, run, refreshes=AFTER_CONCLUSION)


def give_up(begun: Begun, desk: ReleaseDesk, backend: Backend) -> Deed:
    """Forget what is left of a conclusion that was cut off; what is done stays done."""

    async def run(_: Tell) -> str:
        backend.release.journal.abandon(begun.milestone)
        desk.look_into_journal(backend)
        return "what is done stays done."

    target = f"{desk.config.team.repository} milestone {begun.milestone}"
    return Deed("release.conclude", f"Give up concluding {begun.title}", target, run)


def announce(step: Step, text: str, desk: ReleaseDesk, backend: Backend) -> Deed:
    """Post the announcement to Slack, and tick it."""

    async def run(tell: Tell) -> str:
        assert backend.slack is not None
        tell("Posting to Slack …")
        await backend.slack.post(text)
        desk.tick_step(step)
        return f"posted to {step.place}"

    return Deed("release.announce", "Announce the release", f"announcement in {step.place}", run)
