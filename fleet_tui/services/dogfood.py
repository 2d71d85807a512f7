"""Deploying to dogfood: look, judge, start the workflow once, follow its run to the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from fleet_tui.config.schema import Config
from fleet_tui.domain.dogfood import Deployments, Dispatch, Judgement, Run, RunState, judge, with_images
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from fleet_tui.services.docker_hub import DockerHub
from fleet_tui.services.store import Store
from fleet_tui.services.workflows import Workflow

Tell = Callable[[str], None]
LOST = {Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.UNREADABLE}
"""After these the workflow may have been started all the same."""
LOOKS = 15
"""How often a run is looked for that GitHub did not name."""
MOST_SECONDS = 2 * 3600.0
KEPT = 50
"""Deployments that are remembered: their runs' images are told by nobody else."""


class Record(Protocol):
    """What was started from here, kept between runs of the program."""

    def load(self) -> tuple[Dispatch, ...]:
        """The deployments, the oldest first."""

    def save(self, dispatches: tuple[Dispatch, ...]) -> None:
        """Replace them."""


class DispatchRecord:
    """The record in the state file, which all running programs share."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store = store
        self._name = f"deployments {config.team.repository} {config.dependencies.deploy_workflow}"

    def load(self) -> tuple[Dispatch, ...]:
        """The deployments, the oldest first."""
        return self._store.recall(self._name, tuple[Dispatch, ...], ())

    def save(self, dispatches: tuple[Dispatch, ...]) -> None:
        """Replace them; the oldest are forgotten."""
        self._store.remember(self._name, dispatches[-KEPT:])


class Dogfood:
    """The environment that the workflow deploys to. `look_every`: seconds between two looks at a run."""

    def __init__(
        self,
        workflow: Workflow,
        docker_hub: DockerHub,
        record: Record,
        config: Config,
        now: Callable[[], datetime],
        *,
        look_every: float = 10.0,
    ) -> None:
        self._workflow = workflow
        self._docker_hub = docker_hub
        self._record = record
        self._settings = config.dependencies
        self._now = now
        self._look_every = look_every
        self._one_at_a_time = asyncio.Lock()

    async def runs(self) -> tuple[Run, ...]:
        """The newest deployments, the last first, with their images where they are known. Raises `Failure`."""
        return with_images(await self._workflow.runs(), self._record.load())

    async def look(self, tag: str) -> Deployments:
        """What was deployed, and whether the image `tag` may be now (no tag: not judged). Raises `Failure`."""
        if not tag:
            return Deployments(await self.runs())
        judgement, runs = await self._look(tag)
        return Deployments(runs, tag, judgement)

    async def judged(self, tag: str) -> Judgement:
        """Whether the image `tag` may be deployed now, by what the systems say now. Raises `Failure`."""
        return (await self._look(tag))[0]

    async def deploy(self, tag: str, tell: Tell, *, in_spite_of: tuple[str, ...] = ()) -> str:
        """Deploy the image `tag` and follow the run to its end; what was done, with the run's address.

        Every doubt has to be in `in_spite_of`: those that a person has seen and decided on. Raises `Failure`: refused,
        or the run failed; `Unconfirmed` when the run is not found or does not end.
        """
        async with self._one_at_a_time:
            tell("Looking what runs now …")
            judgement, runs = await self._look(tag)
            against = [*judgement.refusals, *(one for one in judgement.doubts if one not in in_spite_of)]
            if against:
                raise _failure(Cause.REFUSED, f"{tag} was not deployed. {' '.join(against)}")
            tell(f"Starting {self._settings.deploy_workflow} with {tag} …")
            run = await self._started(tag, {one.id for one in runs}, tell)
        return await self._followed(run, tag, tell)

    async def _look(self, tag: str) -> tuple[Judgement, tuple[Run, ...]]:
        runs, image = await asyncio.gather(self.runs(), self._docker_hub.tag(tag))
        judgement = judge(
            tag,
            is_known=image is not None,
            runs=runs,
            dispatches=self._record.load(),
            settings=self._settings,
            now=self._now(),
        )
        return judgement, runs

    async def _started(self, tag: str, before: set[int], tell: Tell) -> int:
        """The id of the run that was started. The record has it before GitHub is asked: a crash starts no second."""
        earlier, mine = self._record.load(), Dispatch(self._now(), tag)
        self._record.save((*earlier, mine))
        run: int | None = None
        try:
            run = await self._workflow.dispatch({self._settings.deploy_input: f"{self._settings.image}:{tag}"})
        except Failure as failure:
            if failure.problem.cause not in LOST:  # refused: nothing was started
                self._record.save(earlier)
                raise
        run = run or await self._found(tag, before, tell)
        self._record.save((*earlier, replace(mine, run=run)))
        return run

    async def _found(self, tag: str, before: set[int], tell: Tell) -> int:
        """The run that was not there `before`. Of several, the one whose title names the image."""
        for _ in range(LOOKS):
            tell("Looking for the run on GitHub …")
            new = [run for run in await self._workflow.runs() if run.id not in before]
            named = [run for run in new if run.image == tag]
            if len(new) == 1 or len(named) == 1:
                return (named or new)[0].id
            if new:
                break
            await asyncio.sleep(self._look_every)
        sentence = f"{self._settings.deploy_workflow} was asked to deploy {tag}, but its run cannot be told on GitHub."
        raise Unconfirmed(Problem("GitHub", Cause.SLOW, sentence, "Look at its runs before you deploy again."))

    async def _followed(self, number: int, tag: str, tell: Tell) -> str:
        clock = asyncio.get_running_loop().time
        ends, trouble = clock() + MOST_SECONDS, ""
        while clock() < ends:
            try:
                run = await self._workflow.run(number)
            except Failure as failure:  # looking again is harmless
                trouble = failure.problem.text
                tell(f"Run {number} cannot be seen now: {trouble}")
            else:
                tell(f"Run #{run.number} {run.state.value}: {run.url}")
                if run.state is RunState.SUCCEEDED:
                    return f"{tag} is deployed to dogfood: {run.url}"
                if run.state.is_over:
                    sentence = f"Run #{run.number}, which deploys {tag}, {run.state.value}."
                    raise _failure(Cause.SERVER, sentence, f"See {run.url}")
            await asyncio.sleep(self._look_every)
        sentence = f"The run that deploys {tag} has not ended after {MOST_SECONDS / 3600:.0f} hours."
        raise Unconfirmed(Problem("GitHub", Cause.SLOW, sentence, "Look at it on GitHub.", trouble))


def _failure(cause: Cause, sentence: str, remedy: str = "") -> Failure:
    return Failure(Problem("GitHub", cause, sentence, remedy))
