"""What `test_faults` is made of: a world with something in every service, a door to one, and what can go wrong."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from msgspec.structs import replace

from fleet_tui.config.certificates import Certificates
from fleet_tui.config.on_call import Calendar
from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause
from fleet_tui.feed import Feed
from fleet_tui.services import http
from fleet_tui.services.cisa import Cisa
from fleet_tui.services.docker_hub import DockerHub
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.go_downloads import GoDownloads
from fleet_tui.services.secret import Secret
from fleet_tui.services.slack_groups import Handover, Member, UserGroup, UserGroups, slack_service
from fleet_tui.services.store import Store
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.simulator.world.calendars import Entry, SharedCalendar
from fleet_tui.simulator.world.fleet_server import AppleToken, Push
from fleet_tui.simulator.world.upstream import Item
from fleet_tui.simulator.world.workflow import Workflow
from fleet_tui.wiring import Backend
from tests.helpers import GITHUB_TOKEN, MERGE_FREEZE_TOKEN, NOW, addresses, ago, config

GROUP, BUG = "#g-mdm", 17270
ROSTER = SharedCalendar("On-call", "oncall", "planted-key")


def fill(world: World) -> None:
    """Something to read, and to write to, in every service."""
    repo = world.repo()
    repo.add_milestone("4.70.0-tentative", by="mna", due_on=NOW + timedelta(days=4))
    repo.open_issue("A bug", by="mna", number=BUG)
    repo.open_pull("A change", by="getvictor", number=BUG + 1)
    world.upstream.go = [("go1.22.4", True)]
    world.upstream.images["fleetdm/fleet"] = {"v4.45.0": ago(days=9)}
    world.upstream.news = [Item("KEV", "The old feed ends.", ago(days=2))]
    repo.workflows["dogfood-deploy.yml"] = Workflow("dogfood-deploy.yml", "Deploy Dogfood", ("DOCKER_IMAGE",))
    world.fleet_server.push = Push("0d1c", "4D3A", NOW + timedelta(days=29))
    world.fleet_server.abm = [AppleToken("Acme", NOW + timedelta(days=200))]
    shift = Entry("Martin", NOW.replace(tzinfo=None) - timedelta(days=1), timedelta(days=7))
    world.calendars[ROSTER.id] = SharedCalendar(ROSTER.name, ROSTER.id, ROSTER.key, [shift])


class Door:
    """Another way to the simulator, by one port of `localhost`: it can be shut, and opened with another certificate."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._runner: web.ServerRunner | None = None
        self.port = 0

    async def open(self, context: ssl.SSLContext | None = None) -> None:
        """Let them in, over TLS with a `context`."""
        application = self._simulator.application
        assert application
        handle: Any = application._handle
        server = web.Server(handle, request_factory=application._make_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.02)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=context, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def shut(self) -> None:
        """Refuse all, and end what is connected."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None


@dataclass
class Scene:
    """One run of the program, one of whose services is behind the door."""

    simulator: Simulator
    door: Door
    backend: Backend
    store: Store
    settings: Config
    clock: FixedClock
    patch: pytest.MonkeyPatch
    contexts: Mapping[str, ssl.SSLContext]
    writer: GitHubWriter

    def forget_answers(self) -> None:
        """Nothing is "not modified" any more, so that there is a body to be damaged."""
        self.store._db.execute("DELETE FROM answers")

    def feed(self, read: Callable[[], Awaitable[Any]]) -> Feed[Any]:
        """A feed of what the program reads only when it is asked to."""
        return Feed("asked", "Asked", read, lambda: 60.0, now=self.clock)


@dataclass(frozen=True)
class Source:
    """A service, and a feed that reads it."""

    name: str
    """As it stands in sentences."""
    service: str
    """As the simulator calls it."""
    feed: Callable[[Scene], Feed[Any]]
    address: str
    """Its setting, empty for one whose address is a secret."""
    path: str = ".*"
    method: str = ".*"


def of_backend(name: str) -> Callable[[Scene], Feed[Any]]:
    """A feed that the program polls."""
    return lambda scene: scene.backend.feeds[name]


def _zenhub(scene: Scene) -> Feed[Any]:
    world, zenhub = scene.simulator.world, scene.backend.zenhub
    assert zenhub
    return scene.feed(lambda: zenhub.is_in(world.boards.board(GROUP).id, world.repo().id, BUG, "Ready for release"))


def _slack(scene: Scene) -> Feed[Any]:
    groups = UserGroups(scene.backend.http, slack_service(scene.settings, Secret("sim-slack")))
    return scene.feed(lambda: groups.plan("oncall", "U0MNA"))


SOURCES = {
    "GitHub REST": Source("GitHub", "github", of_backend("milestones"), "github", "/milestones"),
    "GitHub GraphQL": Source("GitHub", "github", of_backend("pulls"), "github", "/graphql$"),
    "Merge Freeze": Source("Merge Freeze", "mergefreeze", of_backend("freeze"), "merge_freeze"),
    "calendar": Source("The calendar developer", "calendar", of_backend("roster"), ""),
    "Fleet server": Source("Fleet", "fleet", of_backend("certificates"), "fleet"),
    "ZenHub": Source("ZenHub", "zenhub", _zenhub, "zenhub"),
    "Docker Hub": Source(
        "Docker Hub", "dockerhub", lambda scene: scene.feed(DockerHub(scene.backend.http, scene.settings).tags),
        "docker_hub",
    ),
    "Go": Source(
        "Go's download list", "go", lambda scene: scene.feed(GoDownloads(scene.backend.http, scene.settings).read),
        "go_downloads",
    ),
    "CISA": Source("CISA", "cisa", lambda scene: scene.feed(Cisa(scene.backend.http, scene.settings).news), "cisa"),
    "Slack": Source("Slack", "slack", _slack, "slack"),
}  # fmt: skip


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong: a rule of the simulator, or what `begin` does to the way there."""

    causes: frozenset[Cause]
    """What it may be taken for; none: it does no harm."""
    kind: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    wait: float | None = None
    """Seconds that the service asks to be left alone."""
    tls: bool = False
    begin: Callable[[Scene], Awaitable[None]] | None = None
    end: Callable[[Scene], Awaitable[None]] | None = None


def rule(kind: str, *causes: Cause, wait: float | None = None, **options: Any) -> Trouble:
    """One that the simulator makes."""
    return Trouble(frozenset(causes), kind, options, wait)


async def _refuse(scene: Scene) -> None:
    await scene.door.shut()


async def _open(scene: Scene) -> None:
    await scene.door.open()


async def _unknown_name(scene: Scene) -> None:
    real = socket.getaddrinfo

    def lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        if host in ("localhost", b"localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *arguments, **options)

    scene.patch.setattr(socket, "getaddrinfo", lookup)
    await scene.door.shut()  # a connection that stands needs no name
    await scene.door.open()


async def _wrong_certificate(scene: Scene) -> None:
    await scene.door.shut()
    await scene.door.open(scene.contexts["wrong"])


async def _right_certificate(scene: Scene) -> None:
    await scene.door.shut()
    await scene.door.open(scene.contexts["right"])


OFFLINE = frozenset({Cause.OFFLINE})
HOLDING = {"hang", "slow"}
"""What takes its time."""
TROUBLES = {
    "500": rule("status", Cause.SERVER, status=500),
    "502": rule("status", Cause.SERVER, status=502),
    "503": rule("status", Cause.SERVER, status=503),
    "hang": rule("hang", Cause.SLOW, seconds=0.4),
    "slow drip": rule("slow", Cause.SLOW, seconds=0.8),
    "cut off": rule("cut", Cause.OFFLINE),
    "dropped": rule("drop", Cause.OFFLINE),
    "not JSON": rule("not_json", Cause.UNREADABLE),
    "wrong types": rule("wrong_shape", Cause.UNREADABLE),
    "missing fields": rule("bare", Cause.UNREADABLE),
    "empty": rule("empty", Cause.UNREADABLE),
    "huge": rule("huge", Cause.UNREADABLE),
    "401": rule("unauthorized", Cause.TOKEN, Cause.PERMISSION, Cause.REFUSED),
    "403 permission": rule("forbidden", Cause.PERMISSION, Cause.REFUSED),
    "403 used up": rule("primary_limit", Cause.LIMITED, wait=1800, reset_after=1800),
    "403 limit": rule("forbidden_limit", Cause.LIMITED, wait=60),
    "403 limit, retry-after": rule("forbidden_limit", Cause.LIMITED, wait=90, retry_after=90),
    "429": rule("secondary_limit", Cause.LIMITED, wait=60),
    "429, retry-after": rule("secondary_limit", Cause.LIMITED, wait=90, retry_after=90),
    "redirect loop": rule("redirect_loop", Cause.UNREADABLE),
    "redirect away": rule("redirect_away", Cause.UNREADABLE),
    "clock skew": rule("skewed", seconds=7200.0),
    "refused": Trouble(OFFLINE, begin=_refuse, end=_open),
    "no such name": Trouble(OFFLINE, begin=_unknown_name),
    "wrong certificate": Trouble(OFFLINE, tls=True, begin=_wrong_certificate, end=_right_certificate),
}


@dataclass(frozen=True)
class Write:
    """A write to a service, and what shows that it was done."""

    source: Source
    """Where the request that writes goes, whatever is read before and after."""
    run: Callable[[Scene], Awaitable[object]]
    effects: Callable[[World], int]
    """How often it was carried out."""
    mutation: bool = False
    """Whether reads go to the same address, so that only the body tells."""
    blind: bool = False
    """Whether nothing shows that it arrived but the answer; a second one is another one."""

    def requests(self, scene: Scene) -> int:
        """How often it was sent."""
        sent = scene.simulator.requests.select(self.source.service, "POST")
        return sum(bool(re.search(self.source.path, one.path)) and self.is_write(one.body) for one in sent)

    def is_write(self, body: str) -> bool:
        """Whether a request with this body is the one that writes."""
        return not self.mutation or "mutation" in body


def _comment(scene: Scene) -> Awaitable[object]:
    return scene.writer.comment(BUG, "Hello")


def _freeze(scene: Scene) -> Awaitable[object]:
    return scene.backend.freeze.writes.freeze(by="mna", note="4.70", tell=lambda _: None)


def _move(scene: Scene) -> Awaitable[object]:
    world, zenhub = scene.simulator.world, scene.backend.zenhub
    assert zenhub
    return zenhub.move(world.boards.board(GROUP).id, world.repo().id, BUG, "Ready for release")


def _post(scene: Scene) -> Awaitable[object]:
    assert scene.backend.slack
    return scene.backend.slack.post("Hello")


async def _hand_over(scene: Scene) -> str:
    groups = UserGroups(scene.backend.http, slack_service(scene.settings, Secret("sim-slack")))
    return await groups.move(Handover(UserGroup("S0ONCALL", "oncall", (Member("U0LUCAS", "lucas"),)), MARTIN))


MARTIN = Member("U0MNA", "martin")
WRITES = {
    "comment": Write(
        replaced(SOURCES["GitHub REST"], path="/comments$", method="POST"), _comment,
        lambda world: len(world.repo().issue(BUG).comments), blind=True,
    ),
    "freeze": Write(
        replaced(SOURCES["Merge Freeze"], method="POST"), _freeze, lambda world: world.merge_freeze.branch().frozen
    ),
    "move": Write(SOURCES["ZenHub"], _move, lambda world: len(world.boards.board(GROUP).placed), mutation=True),
    "message": Write(
        replaced(SOURCES["Slack"], path="^/services/"), _post, lambda world: len(world.slack.posted), blind=True
    ),
    "user group": Write(
        replaced(SOURCES["Slack"], path="users.update$"), _hand_over,
        lambda world: world.slack.group("oncall").users == [MARTIN.id],
    ),
}  # fmt: skip


def through_the_door(source: Source, scene_url: str, door: str) -> Config:
    """The settings: this one service is behind the door, all others are where they are."""
    there = addresses(scene_url)
    names = {"github", "public_github"} if source.service == "github" else {source.address} - {""}
    behind = {name: there[name].replace(scene_url, door) for name in names}
    base = config(addresses=there | behind)
    return replace(
        base,
        certificates=Certificates(fleet_server=True),
        on_call=replace(base.on_call, calendars=(Calendar(),)),
    )


@asynccontextmanager
async def scene_of(
    source: Source, trouble: Trouble, world: World, clock: FixedClock, contexts: Mapping[str, ssl.SSLContext]
) -> AsyncIterator[Scene]:
    """The program and all services, and everything well."""
    fill(world)
    async with Simulator(world) as simulator:
        door = Door(simulator)
        await door.open(contexts["right"] if trouble.tls else None)
        there = f"{'https' if trouble.tls else 'http'}://localhost:{door.port}"
        settings = through_the_door(source, simulator.url, there)
        calendar = there if source.service == "calendar" else simulator.url
        tokens = {
            "github": GITHUB_TOKEN,
            "merge-freeze": MERGE_FREEZE_TOKEN,
            "zenhub": "sim-zenhub",
            "fleet": "sim-fleet",
            "slack": "sim-slack",
            "slack-webhook": f"{there}/slack{world.slack.webhook}",
            "calendar": f"{calendar}/calendar{ROSTER.path}",
        }
        secrets = {name: Secret(token) for name, token in tokens.items()}
        store = Store(None)
        backend = Backend(settings, secrets, store, now=clock, impatient=True)
        writer = GitHubWriter(settings.addresses.github, Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0.0)
        with pytest.MonkeyPatch.context() as patch:
            try:
                yield Scene(simulator, door, backend, store, settings, clock, patch, contexts, writer)
            finally:
                if writer._repository:
                    await writer.do(lambda repository: repository.requester.close())  # or the server waits for it
                await backend.aclose()
                store.close()
                await door.shut()


async def begin(scene: Scene, source: Source, trouble: Trouble, **options: Any) -> None:
    """From here on it is wrong, and we are less patient with what takes its time, unless `options` say how long."""
    if trouble.kind in HOLDING and "seconds" not in options:
        scene.patch.setattr(http, "ANSWER_SECONDS", 0.2)
    if trouble.begin:
        await trouble.begin(scene)
    else:
        where = {"service": source.service, "path": source.path, "method": source.method}
        scene.simulator.faults.add(trouble.kind, **where | dict(trouble.options) | options)


async def end(scene: Scene, trouble: Trouble) -> None:
    """From here on it is right again."""
    scene.simulator.faults.clear()
    scene.patch.undo()
    if trouble.end:
        await trouble.end(scene)


def certificate_of(folder: Path, host: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for `host`, signed by itself, and what a server shows it with."""
    from fleet_tui.simulator.certificates import make_certificate

    folder.mkdir()
    certificate, key = make_certificate(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


async def at_once(*several: Awaitable[Any]) -> list[Any]:
    """All of them at the same time."""
    return await asyncio.gather(*several)
