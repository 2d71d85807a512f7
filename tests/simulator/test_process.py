"""The simulator as a process, in a thread, and over TLS."""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator

import github as pygithub
import httpx
import pytest
from github.GithubException import BadCredentialsException, GithubException, UnknownObjectException

from fleet_tui.simulator.server import Simulator, TlsFlaw
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import World


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "fleet_tui.simulator", "--world", "demo", "--now", "2026-11-19T20:00:00+00:00"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_it_ends_with_its_parent(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    assert process.stdout
    url = json.loads(process.stdout.readline())["url"]
    world = httpx.get(f"{url}/control/world").json()
    assert world == {"now": "2026-11-19T20:00:00+00:00", "release_at": "2026-11-23T17:00:00+00:00"}
    process.stdin.close()
    assert process.wait(timeout=10) == 0
    assert process.stdout.read() == ""


def test_it_ends_on_a_signal(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


def pygithub_client(simulator: SimulatorThread, token: str) -> pygithub.Github:
    address, auth = f"{simulator.url}/github", pygithub.Auth.Token(token)
    return pygithub.Github(
        base_url=address, auth=auth, lazy=True, retry=None, seconds_between_requests=None, seconds_between_writes=None
    )


def test_pygithub_works_with_it(world: World) -> None:
    world.repo().open_issue("Bug", "one", by="mna", labels=["bug", ":reproduce"])
    with SimulatorThread(world) as simulator:
        client = pygithub_client(simulator, "sim-mna")
        repo = client.get_repo("fleetdm/fleet")
        issue = repo.get_issue(1)
        assert issue.create_comment("Seen").user.login == "mna"
        issue.edit(body="one\r\ntwo")
        issue.add_to_labels("#g-mdm", ":release")
        issue.remove_from_labels(":reproduce")
        issue.add_to_assignees("getvictor")
        assert issue.update() is True
        assert [label.name for label in issue.labels] == ["bug", "#g-mdm", ":release"]
        assert [user.login for user in issue.assignees] == ["getvictor"]
        assert issue.body == "one\r\ntwo"
        assert [event.event for event in issue.get_timeline()][-1] == "commented"
        created = repo.create_issue("New", body="x", labels=["bug"], assignees=["mna"])
        assert (created.number, created.labels[0].name) == (2, "bug")
        milestone = repo.create_milestone("4.45.0-tentative")
        milestone.edit("4.45.0", state="closed")
        created.edit(milestone=milestone, state="closed")
        assert created.milestone.title == "4.45.0"
        pull = simulator.call(lambda: world.repo().open_pull("Mend it", "Fixes #1", by="mna", files=["a.go"]))
        assert repo.get_pull(pull.number).merge().merged is True
        assert client.get_rate_limit().rate.limit == 5000
        with pytest.raises(UnknownObjectException):
            repo.get_issue(99).update()
        with pytest.raises(GithubException, match="too long"):
            created.edit(body="x" * 65_537)
        stranger = pygithub_client(simulator, "sim-bad")
        with pytest.raises(BadCredentialsException):
            stranger.get_user().login  # noqa: B018 - reading it asks the server
        for one in (client, stranger):
            one.close()
    assert simulator.requests.select("github", "PATCH")


@pytest.mark.parametrize(("flaw", "reason"), [("self-signed", "self-signed"), ("wrong-host", "IP address mismatch")])
async def test_tls_failures(world: World, flaw: TlsFlaw, reason: str) -> None:
    async with Simulator(world, tls=flaw) as simulator:
        assert simulator.url.startswith("https://")
        trusting = ssl.create_default_context(cafile=str(simulator.certificate))
        context = ssl.create_default_context() if flaw == "self-signed" else trusting
        async with httpx.AsyncClient(verify=context) as client:
            with pytest.raises(httpx.ConnectError, match=reason):
                await client.get(f"{simulator.url}/github/user")
        if flaw == "self-signed":
            async with httpx.AsyncClient(verify=trusting) as client:
                assert (await client.get(f"{simulator.url}/github/user")).status_code == 401
