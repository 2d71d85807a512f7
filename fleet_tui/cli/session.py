"""What a command works with that draws nothing: the same services, feeds, desks and rules as the screens."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from fleet_tui.actions import Deed, Ended
from fleet_tui.cli.run import require_setup
from fleet_tui.cli.start import Start, say, settings
from fleet_tui.config.schema import Config
from fleet_tui.domain.journal import Outcome
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.exits import Exit, Stop
from fleet_tui.feed import Reading, utc_now
from fleet_tui.services.log import start_log
from fleet_tui.services.secret import Secret, redact
from fleet_tui.services.store import Store
from fleet_tui.wiring import Backend
from fleet_tui.wiring.once import poll_once

if TYPE_CHECKING:
    from fleet_tui.desks.bugs import BugDesk
    from fleet_tui.desks.certificates import CertificateDesk
    from fleet_tui.desks.desk import Desk
    from fleet_tui.desks.on_call import OnCallDesk
    from fleet_tui.desks.release_qa import QaDesk
    from fleet_tui.domain.outlook import Outlook
    from fleet_tui.domain.overview import Overview

T = TypeVar("T")
D = TypeVar("D", bound="Desk")


@contextmanager
def session(start: Start, *, reads_only: bool = False) -> Iterator[Session]:
    """A session for the length of the block. Raises `Stop` when something is not set up, `ConfigError`, `TokenError`.

    `reads_only`: nothing is written outside, not even what an earlier program has left to be sent.
    """
    config = settings(start.paths)
    tokens = require_setup(start.paths, config, os.environ)
    with closing(Store(start.paths.store(config.team.repository))) as store, asyncio.Runner() as runner:
        start_log(start.paths.log)
        made = Session(config, tokens, store, runner, read_only=reads_only or start.read_only)
        if store.trouble:
            say(store.trouble)
        try:
            yield made
        finally:
            made.run(made.backend.aclose())


def refuse_if_read_only(start: Start) -> None:
    """Raises `Stop` when the person asked that nothing be written; before anything else is asked."""
    if start.read_only:
        raise Stop(Exit.REFUSED, "Nothing is written: the program runs with --read-only.")


class Session:
    """Each call runs to its end. Between them the event loop rests, so that a person can be asked.

    A desk is loaded when it is asked for: most commands need one or none.
    """

    def __init__(
        self, config: Config, tokens: dict[str, Secret], store: Store, runner: asyncio.Runner, *, read_only: bool
    ) -> None:
        self.config = config
        self.store = store
        self.now = utc_now
        self.backend = Backend(config, tokens, store, now=self.now, read_only=read_only)
        self._runner = runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end."""
        return self._runner.run(work)

    def poll(self, *names: str) -> None:
        """Poll the feeds `names` once, concurrently. What fails keeps its last value."""
        self.run(poll_once(self.backend, names))

    def poll_all(self) -> None:
        """Poll every feed once. What their figures are made with is loaded while the answers are on their way."""

        async def poll() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(poll_once(self.backend, self.backend.feeds))
                group.create_task(asyncio.to_thread(import_module, "fleet_tui.desks.today"))

        self.run(poll())

    def settle_bugs(self) -> None:
        """Read timelines as long as there are any to read: a first run has none, and the clocks follow from them."""
        while self.backend.bugs.open_bugs.is_unsettled and not self.reading("bugs").problem:
            self.poll("bugs")

    def require(self, *names: str) -> None:
        """Poll the feeds `names` once. Raises `Failure` when one of them cannot be read."""
        self.poll(*names)
        self.raise_for(*names)

    def raise_for(self, *names: str) -> None:
        """Raises `Failure` when one of the feeds `names` could not be read."""
        for name in names:
            if problem := self.reading(name).problem:
                raise Failure(problem)

    def reading(self, name: str) -> Reading[Any]:
        """The last reading of a feed."""
        return self.backend.feeds[name].reading

    @cached_property
    def outlook(self) -> Outlook:
        """What follows from the readings of `freeze`, `milestones` and `pulls`, once they are there."""
        from fleet_tui.domain.outlook import outlook
        from fleet_tui.domain.pulls import KindJudge

        branch, milestones, pulls = (self.reading(name).value for name in ("freeze", "milestones", "pulls"))
        return outlook(branch, milestones or (), pulls or (), self.now(), self.config, KindJudge(self.config).judge)

    def _desk(self, kind: type[D], **given: Any) -> D:
        made = kind(self.config, self.store, self.reading, say, self.now, **given)
        made.backend = self.backend
        return made

    @cached_property
    def qa(self) -> QaDesk:
        """Release QA."""
        from fleet_tui.desks.release_qa import QaDesk

        return self._desk(QaDesk)

    @cached_property
    def bugs(self) -> BugDesk:
        """The bugs."""
        from fleet_tui.desks.bugs import BugDesk

        return self._desk(BugDesk)

    @cached_property
    def on_call(self) -> OnCallDesk:
        """On-call."""
        from fleet_tui.desks.on_call import OnCallDesk

        return self._desk(OnCallDesk, bugs=self.bugs, outlook=lambda: self.outlook)

    @cached_property
    def certificates(self) -> CertificateDesk:
        """The certificates."""
        from fleet_tui.desks.certificates import CertificateDesk

        return self._desk(CertificateDesk)

    @property
    def overview(self) -> Overview:
        """The figures of the first screen."""
        from fleet_tui.desks.today import overview

        return overview(self.outlook, self.qa, self.bugs, self.on_call, self.certificates)

    def carry_out(self, deed: Deed) -> Ended:
        """Do a write, journalled, telling the person how far it is and how it ended."""
        told = ""

        def tell(sentence: str) -> None:
            nonlocal told
            beginning = sentence.partition(" … ")[0]  # the seconds after it tick
            if beginning != told:
                say(redact(sentence))
            told = beginning

        ended = self.run(self.backend.actions.carry_out(deed, tell))
        assert ended is not None, "one write after another"
        say(redact(f"{deed.title}: {ended.sentence}"))
        return ended


def exit_code(ended: Ended) -> Exit:
    """How a command ends whose write ended so."""
    if ended.outcome is Outcome.UNCONFIRMED:
        return Exit.UNCONFIRMED
    if ended.failure is None:
        return Exit.OK
    return Exit.REFUSED if ended.failure.problem.cause is Cause.REFUSED else Exit.UNAVAILABLE
