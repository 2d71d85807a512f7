"""The program on a stage: the real app, headless, against the simulated services in the same loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, Static

from fleet_tui.app import FleetApp
from fleet_tui.config.schema import Config
from fleet_tui.domain.journal import Entry
from fleet_tui.feed import Reading
from fleet_tui.screens.freeze import FreezeScreen
from fleet_tui.screens.registry import screen_class
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, FrozenBranch, World
from fleet_tui.widgets.dialog import Dialog
from fleet_tui.widgets.keyed_table import KeyedTable
from fleet_tui.wiring import Backend
from fleet_tui.wiring.kinds import NEEDS
from tests.helpers import NOW, addresses, config, until

TOKENS = {"github": Secret("sim-lucasmrod"), "merge-freeze": Secret("sim-mergefreeze")}
LARGE, USUAL, SMALL = (120, 40), (100, 30), (80, 24)

Connect = Callable[..., Backend]
W = TypeVar("W", bound=Widget)

BUG_FIX, ANOTHER_BUG_FIX, DOCUMENTATION, FEATURE, RECORDED_FEATURE = 17221, 17209, 17229, 17244, 17258
"""Pull requests of the demo world. The feature has one approval of three, the recorded one has all."""
UNFROZEN_BEFORE = (17236, 17266)
FEEDS = (*FreezeScreen.FEEDS, "me")
"""What the freeze screen stands on."""


class NeverAnswers(Backend):
    """Services and feeds that are there, and never say anything."""

    async def run(self, name: str, publish: object) -> None:
        await asyncio.Event().wait()


class Counted(Backend):
    """Counts the polls; and no waiting that real systems need."""

    def __init__(self, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, impatient=True, **given)
        self.begun: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        """How often each feed has been polled."""
        for name, feed in self.feeds.items():
            feed._fetch = partial(self._counted, name, feed._fetch)

    async def _counted(self, name: str, fetch: Callable[[], Awaitable[Any]]) -> Any:
        self.begun[name] += 1
        try:
            return await fetch()
        finally:
            self.ended[name] += 1


class Some(Counted):
    """Of the feeds only these say anything."""

    def __init__(self, *arguments: Any, feeds: Collection[str], **given: Any) -> None:
        super().__init__(*arguments, **given)
        self._some = feeds

    async def run(self, name: str, publish: Callable[[str, Reading[Any]], None]) -> None:
        if name not in self._some:
            await asyncio.Event().wait()
        await super().run(name, publish)


def demo() -> World:
    """The demo world on the Thursday of its freeze; its clock is a `FixedClock`."""
    return demo_world(NOW)


def with_needs(*feeds: str) -> set[str]:
    """These feeds, and those that they cannot be read without."""
    return {*feeds, *(needed for name in feeds for needed in NEEDS.get(name, ()))}


def app_for(
    simulator: Simulator,
    store: Store,
    *,
    connect: Connect | None = None,
    settings: Config | None = None,
    tokens: Mapping[str, Secret] = TOKENS,
    feeds: Collection[str] = (),
    **given: Any,
) -> FleetApp:
    """The app that reads from `simulator` and keeps its state in `store`.

    It has the feeds of the screen that it begins with, what these need, and `feeds`: all of them make twice the work.
    """
    base = settings or config()
    there = replace(base, addresses=replace(base.addresses, **addresses(simulator.url)))
    given.setdefault("screen", "freeze")
    hurried = connect or partial(Some, feeds=with_needs("me", *screen_class(given["screen"]).FEEDS, *feeds))
    app = FleetApp(there, store, tokens, now=simulator.world.now, connect=hurried, **given)
    app.animation_level = "none"
    return app


class Stage:
    """What a person at the terminal does and sees, and what stands in the world behind it."""

    def __init__(self, app: FleetApp, pilot: Pilot[Any], simulator: Simulator, store: Store, exits: AsyncExitStack):
        self.app = app
        self.pilot = pilot
        self.simulator = simulator
        self.store = store
        self._exits = exits

    # The world

    @property
    def world(self) -> World:
        """The simulated services' state."""
        return self.simulator.world

    @property
    def branch(self) -> FrozenBranch:
        """What Merge Freeze really holds of `main`."""
        return self.world.merge_freeze.branch()

    @property
    def clock(self) -> FixedClock:
        """The time of everything."""
        assert isinstance(self.world.now, FixedClock)
        return self.world.now

    async def switch_off(self) -> None:
        """The services go away."""
        await self._exits.aclose()

    async def switch_on(self) -> None:
        """They are back, where they were."""
        port = urlsplit(self.simulator.url).port
        assert port
        self.simulator = await self._exits.enter_async_context(Simulator(self.world, port=port))

    # What a person does

    async def press(self, *keys: str) -> None:
        """Press keys one after another and let the program do what follows at once."""
        await self.pilot.press(*keys)

    async def fill(self, field: str, text: str) -> None:
        """Put the focus on a field and have `text` stand in it; quicker than one key press a letter."""
        line = self.find(f"#{field}", Input)
        line.focus()
        line.value = text
        await self.pilot.pause()

    async def resize(self, width: int, height: int, *, until_it_shows: str) -> None:
        """Make the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.sees(until_it_shows)

    async def put_cursor_on(self, number: int) -> None:
        """Move the cursor to a pull request."""
        assert self.table.select(str(number)), f"#{number} is not in the table"
        await self.pilot.pause()

    async def read_again(self, *names: str) -> None:
        """Wait for another reading of these feeds, of all that the freeze screen needs by default.

        What is being read already does not count: it may not know of what has just happened in the world.
        """
        backend = self.app.backend
        assert isinstance(backend, Counted)
        names = names or FEEDS
        begun = Counter(backend.begun)
        backend.wake(names)
        await until(lambda: all(backend.ended[name] > begun[name] for name in names))
        await until(lambda: all(self.app.reading(name) is backend.feeds[name].reading for name in names))
        await self.pilot.pause()

    async def finished(self) -> None:
        """Wait until no write is under way and everything it started is read again."""
        assert self.app.backend
        pending: Collection[str] = self.app.backend.actions.pending
        await until(lambda: not pending and not self.app.doing)
        await self.pilot.pause()

    async def sees(self, text: str) -> None:
        """Wait until `text` stands on the screen."""
        for _ in range(500):
            if text in self.text:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{text!r} never came up on:\n{self.text}")

    # What a person sees

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    def line_of(self, words: str) -> str:
        """The first line that holds `words`; empty when none does."""
        return next((line for line in self.lines if words in line), "")

    @property
    def headline(self) -> str:
        """The sentence at the top of the freeze screen."""
        return str(self.app.screen.query_one("#headline", Static).content)

    @property
    def why(self) -> str:
        """Why the dialog does not let itself be answered with yes."""
        return str(self.app.screen.query_one("#why", Static).content)

    @property
    def table(self) -> KeyedTable:
        """The table of the present screen that has the keys."""
        return self.app.screen_stack[0].query_one(self.app.screen_stack[0].AUTO_FOCUS or "", KeyedTable)

    @property
    def dialog(self) -> Dialog[Any] | None:
        """The dialog that is open."""
        return self.app.screen if isinstance(self.app.screen, Dialog) else None

    def find(self, selector: str, kind: type[W]) -> W:
        """A widget of the screen on top."""
        return self.app.screen.query_one(selector, kind)

    @property
    def keys(self) -> dict[str, bool]:
        """The keys that are there now, by id, and whether they can act."""
        active = self.app.screen.active_bindings.values()
        return {one.binding.id: one.enabled for one in active if one.binding.id}

    @property
    def toasts(self) -> list[str]:
        """What was said in passing."""
        return [toast.message for toast in self.app._notifications]

    @property
    def written(self) -> list[Entry]:
        """The journal, the newest first."""
        return list(self.store.journal())


_heard: dict[str, Reading[Any]] = {}


async def readings_of_the_demo() -> Mapping[str, Reading[Any]]:
    """What the feeds of the freeze screen say of the demo world; asked once a process."""
    if not _heard:
        async with Simulator(demo()) as simulator:
            settings = config(addresses=addresses(simulator.url))
            backend = Backend(settings, TOKENS, Store(None), now=simulator.world.now)
            for name in ("me", *FreezeScreen.FEEDS):  # the milestones before the stories, which are theirs
                backend.feeds[name].reading = _heard[name] = await backend.feeds[name].poll()
            await backend.http.aclose()
    return _heard


@asynccontextmanager
async def picture(*, size: tuple[int, int] = USUAL, **given: Any) -> AsyncIterator[Stage]:
    """The program showing the demo world, without asking anybody: twice as quick, where nothing is written."""
    heard = await readings_of_the_demo()
    async with stage(size=size, loaded=False, connect=NeverAnswers, **given) as on:
        await until(lambda: on.app.backend)
        for name, reading in heard.items():
            on.app.take(name, reading)
        await on.pilot.pause()
        yield on


@asynccontextmanager
async def stage(
    world: World | None = None,
    *,
    size: tuple[int, int] = USUAL,
    store: Store | None = None,
    loaded: bool = True,
    **given: Any,
) -> AsyncIterator[Stage]:
    """The program against `world`, by default the demo's; `loaded`: when all feeds have been read."""
    kept = store or Store(None)
    async with AsyncExitStack() as exits:
        simulator = await exits.enter_async_context(Simulator(world or demo()))
        app = app_for(simulator, kept, **given)
        async with app.run_test(size=size) as pilot:
            on = Stage(app, pilot, simulator, kept, exits)
            if loaded:
                awaited = {"me", *screen_class(given.get("screen", "freeze")).FEEDS}
                await until(lambda: all(app.reading(name).at or app.reading(name).problem for name in awaited))
                await pilot.pause()
            yield on
            if app.is_running:
                await until(lambda: not (app.backend and app.backend.actions.pending))  # it would meet closed services
    if store is None:
        kept.close()
