"""What others publish, read over real sockets: Go, Docker Hub, CISA, GitHub's releases; and the table made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from fleet_tui.config.dependencies import Component
from fleet_tui.config.schema import Config
from fleet_tui.domain.dependencies import Dependency, Verdict
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.upstream import Download, News
from fleet_tui.services.cisa import Cisa
from fleet_tui.services.dependencies import DependencyTable
from fleet_tui.services.docker_hub import DockerHub
from fleet_tui.services.github import GitHub
from fleet_tui.services.github_releases import GitHubReleases, public_github
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.go_downloads import GoDownloads
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.seed.upstream import publish_upstream
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from fleet_tui.simulator.world.upstream import Item
from tests.helpers import GITHUB_TOKEN, NOW, ago, answer, config, server

IMAGE = "fleetdm/fleet"


# Go ------------------------------------------------------------------------------------------------------------------


async def test_the_list_of_downloads(http: Http, settings_there: Config, world: World, simulator: Simulator) -> None:
    world.upstream.go = [("go1.23rc1", False), ("go1.22.4", True)]
    assert await GoDownloads(http, settings_there).read() == (Download("go1.23rc1", False), Download("go1.22.4", True))
    await GoDownloads(http, settings_there).read()
    assert [entry.query for entry in simulator.requests.select("go")] == [{"mode": "json"}] * 2


# Docker Hub ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def docker_hub(http: Http, settings_there: Config, world: World) -> DockerHub:
    world.upstream.images[IMAGE] = {f"v4.{number}.0": ago(days=500 - number) for number in range(250)}
    return DockerHub(http, settings_there)


async def test_tags_come_newest_first_and_no_more_pages_than_asked(docker_hub: DockerHub, simulator: Simulator) -> None:
    assert [one.name for one in await docker_hub.tags()] == [f"v4.{number}.0" for number in range(249, 149, -1)]
    assert len(simulator.requests.select("dockerhub")) == 1
    assert len(await docker_hub.tags(pages=9)) == 250
    assert len(simulator.requests.select("dockerhub")) == 4, "the last page has no next"


async def test_one_tag(docker_hub: DockerHub, world: World) -> None:
    found = await docker_hub.tag("v4.45.0")
    assert found is not None
    assert (found.name, found.updated) == ("v4.45.0", ago(days=455))
    assert await docker_hub.tag("v4.999.0") is None
    assert await docker_hub.tag("../tags") is None


async def test_docker_hub_is_read_without_a_token(docker_hub: DockerHub, simulator: Simulator) -> None:
    await docker_hub.tag("v4.45.0")
    assert [entry.authorized for entry in simulator.requests.select("dockerhub")] == [False]


async def test_its_limit_names_a_moment_that_is_obeyed(docker_hub: DockerHub, world: World, clock: FixedClock) -> None:
    world.upstream.docker_limited_until = NOW + timedelta(minutes=7)
    for ask in (docker_hub.tags(), docker_hub.tag("v4.45.0")):
        with pytest.raises(Failure) as caught:
            await ask
        assert caught.value.problem.cause is Cause.LIMITED
        assert caught.value.problem.retry_at == NOW + timedelta(minutes=7)
        assert "token" not in caught.value.problem.sentence
    clock.advance(minutes=7)
    assert await docker_hub.tag("v4.45.0") is not None


@pytest.mark.parametrize(("moment", "expected"), [("1", NOW), ("9999999999", NOW + timedelta(hours=1))])
async def test_a_moment_out_of_reason_is_not_waited_for(http: Http, moment: str, expected: datetime) -> None:
    with server(answer(b"{}", 429, {"X-Retry-After": moment})) as (url, _), pytest.raises(Failure) as caught:
        await DockerHub(http, config(addresses={"docker_hub": url})).tags()
    assert caught.value.problem.retry_at == expected


# CISA ----------------------------------------------------------------------------------------------------------------


async def test_the_news_are_text_whatever_markup_they_hold(http: Http, settings_there: Config, world: World) -> None:
    world.upstream.news = [Item("KEV <b>JSON</b> & CSV", "The\u202e old feed\nends & goes.", ago(days=2))]
    (news,) = await Cisa(http, settings_there).news()
    assert (news.title, news.summary, news.at) == ("KEV <b>JSON</b> & CSV", "The old feed ends & goes.", ago(days=2))


def rss(item: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss><channel><item>{item}</item></channel></rss>'.encode()


async def asked(http: Http, body: bytes, status: int = 200) -> tuple[News, ...]:
    with server(answer(body, status)) as (url, _):
        return await Cisa(http, config(addresses={"cisa": url})).news()


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Tue, 03 Jun 2025 12:00:00 -0400", datetime(2025, 6, 3, 16, tzinfo=UTC)),
        ("Tue, 03 Jun 25 12:00:00 -0000", datetime(2025, 6, 3, 12, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
async def test_dates(http: Http, date: str, at: datetime | None) -> None:
    (news,) = await asked(http, rss(f"<title>x</title><pubDate>{date}</pubDate>"))
    assert news == News("x", "", "", at)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!DOCTYPE html><html><p>Access denied", id="a page for people"),
        pytest.param(b"", id="nothing"),
        pytest.param(rss("<title>x</title>")[:-9], id="cut off"),
        pytest.param(rss("<title>&b;</title>", BOMB), id="entities"),
        pytest.param(b"<feed><entry/></feed>", id="another kind of feed"),
        pytest.param(b'<?xml version="1.0" encoding="klingon"?><rss/>', id="an unknown encoding"),
    ],
)
async def test_what_is_no_feed_is_unreadable(http: Http, body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        await asked(http, body)
    assert (caught.value.problem.cause, caught.value.problem.source) == (Cause.UNREADABLE, "CISA")


async def test_a_site_that_turns_programs_away(http: Http) -> None:
    with pytest.raises(Failure) as caught:
        await asked(http, b"Access denied", 403)
    assert caught.value.problem.text == "CISA does not let programs read its news now. Look at cisa.gov/news-events."


# GitHub --------------------------------------------------------------------------------------------------------------

ORBIT = Component("Orbit", ("orbit", "tools/orbit.txt"), "orbit-v")


def land(world: World, title: str, days: int, *paths: str) -> str:
    history = world.repo().history
    return history.land(title, by=world.user("mna"), at=ago(days=days), paths=paths).sha


async def test_changes_since_the_last_stable_tag(github: GitHub, world: World, simulator: Simulator) -> None:
    repo = world.repo()
    repo.tags["orbit-v1.9.0"] = land(world, "Old", 30, "orbit/a")
    repo.tags["orbit-v1.10.0"] = land(world, "Release", 20, "orbit/a")
    land(world, "Elsewhere", 9, "server/orbit/a", "orbital")
    land(world, "First\n\nIn detail", 8, "orbit/a", "tools/orbit.txt")
    repo.tags["orbit-v1.11.0-beta.1"] = land(world, "Second", 7, "tools/orbit.txt")
    found = await GitHubReleases(github).changes(ORBIT, "main")
    assert (found.tag, [one.title for one in found.commits]) == ("orbit-v1.10.0", ["Second", "First"])
    (compared,) = simulator.requests.select("github", path="/compare/")
    assert compared.query["page"] == "2", "the first page brings the files"


async def test_a_tag_on_a_branch_of_its_own_is_compared_from_where_that_began(github: GitHub, world: World) -> None:
    repo = world.repo()
    base = land(world, "Base", 20, "orbit/a")
    land(world, "After it", 10, "orbit/a")
    repo.tags["orbit-v1.10.0"] = "f" * 40
    repo.history.forks["f" * 40] = base
    found = await GitHubReleases(github).changes(ORBIT, "main")
    assert [one.title for one in found.commits] == ["After it"]


async def test_no_tag_and_no_change(github: GitHub, world: World) -> None:
    releases = GitHubReleases(github)
    assert (await releases.changes(ORBIT, "main")).tag is None
    world.repo().tags["orbit-v1.0.0"] = land(world, "Release", 20, "orbit/a")
    assert (await releases.changes(ORBIT, "main")).commits == ()


async def test_a_token_stays_with_its_host(http: Http, github: GitHub, settings_there: Config) -> None:
    assert public_github(http, github, settings_there, "osquery/osquery").service.token == Secret(GITHUB_TOKEN)
    elsewhere = replace(settings_there.addresses, public_github="https://api.github.com")
    settings = replace(settings_there, addresses=elsewhere)
    assert public_github(http, github, settings, "osquery/osquery").service.token is None


# The table -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(world: World) -> World:
    for login in ("lucasmrod", "gillespi314", "roperzh"):
        world.add_user(login)
    publish_upstream(world, NOW)
    return world


@pytest.fixture
def dependencies(http: Http, github: GitHub, settings_there: Config, published: World) -> DependencyTable:
    return DependencyTable(http, github, settings_there)


def verdicts(rows: tuple[Dependency, ...]) -> dict[str, Verdict]:
    return {row.name: row.verdict for row in rows if not row.verdict.is_fine}


async def test_in_the_demo_a_go_patch_and_osquery_are_behind_and_orbit_has_changed(
    dependencies: DependencyTable,
) -> None:
    rows = await dependencies.read("mna")
    assert verdicts(rows) == {
        "Go (patch)": Verdict.BEHIND, "osquery": Verdict.BEHIND,
        "Orbit": Verdict.CHANGED, "Desktop": Verdict.CHANGED,
    }  # fmt: skip
    assert {row.filed for row in rows} == {None}
    assert len(demo_world(NOW).repo("osquery/osquery").releases) == 4


@pytest.mark.parametrize(
    ("service", "path", "unknown"),
    [
        ("go", "/dl/", {"Go (patch)", "Go (minor)"}),
        ("cisa", "/news.xml", {"CISA"}),
        ("github", "/repos/osquery/osquery/releases", {"osquery"}),
        ("github", "/tags/fleetd-chrome-v", {"Chrome extension"}),
        ("github", "/contents/go.mod", {"Go (patch)", "Go (minor)", "macadmins extension"}),
    ],
)
async def test_one_source_that_fails_leaves_the_others(
    dependencies: DependencyTable, simulator: Simulator, service: str, path: str, unknown: set[str]
) -> None:
    simulator.faults.add("status", service=service, path=path)
    rows = await dependencies.read()
    assert {row.name for row in rows if row.verdict is Verdict.UNKNOWN} == unknown


@pytest.mark.parametrize("status", [401, 500])
async def test_a_github_that_gives_nothing_is_a_failure_so_that_the_former_table_stays(
    dependencies: DependencyTable, simulator: Simulator, status: int
) -> None:
    simulator.faults.add("status", service="github", status=status)
    with pytest.raises(Failure, match="GitHub"):
        await dependencies.read()


async def test_an_issue_is_filed_once(
    dependencies: DependencyTable, settings_there: Config, world: World, simulator: Simulator
) -> None:
    writer = GitHubWriter(settings_there.addresses.github, Secret(GITHUB_TOKEN), "fleetdm/fleet", pause=0)
    row = next(row for row in await dependencies.read("mna") if row.name == "osquery")
    assert row.filing is not None
    created = await dependencies.file(row.filing, writer)
    issue = world.issue(created.number)
    assert issue.label_names == ["bug", ":reproduce"]
    assert {user.login for user in issue.assignees} == {"lukeheath", "mna"}
    issue.set_labels(["bug", ":release"], by="mna")
    assert (await dependencies.file(row.filing, writer)).number == created.number
    newer = replace(row.filing, title="Update osquery to 9.9.9")
    assert (await dependencies.file(newer, writer)).number == created.number, "it is the same errand"
    assert len(simulator.requests.select("github", "POST", "/issues")) == 1
    again = next(row for row in await dependencies.read("mna") if row.name == "osquery")
    assert (again.filed, again.action, again.is_settled) == (created.number, f"Filed: #{created.number}.", True)
    issue.close(by="mna")
    assert next(row for row in await dependencies.read() if row.name == "osquery").filed is None


async def test_a_row_says_when_it_cannot_be_told_whether_it_was_filed(
    dependencies: DependencyTable, simulator: Simulator
) -> None:
    simulator.faults.add("status", service="github", path="/fleetdm/fleet/issues")
    row = next(row for row in await dependencies.read() if row.name == "osquery")
    assert "Whether it was filed already cannot be told" in row.action
    assert not row.is_settled
