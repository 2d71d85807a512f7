"""Writes to GitHub through PyGithub: each once, one after another, and never in the way."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import github
import pytest
import requests
from requests.adapters import HTTPAdapter

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.services.github_writer import GitHubWriter, problem_of
from fleet_tui.services.http import ANSWER_SECONDS, LOOK
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.thread import SimulatorThread
from fleet_tui.simulator.world import Token, World
from tests.helpers import GITHUB_TOKEN, answer, server, until


@pytest.fixture
def there(world: World) -> Iterator[SimulatorThread]:
    """GitHub in a thread of its own, with the pull request #1."""
    world.repo().open_pull("A change", by="getvictor")
    with SimulatorThread(world) as running:
        yield running


def connect(url: str, token: str | None = GITHUB_TOKEN, *, pause: float = 0.0) -> GitHubWriter:
    return GitHubWriter(url, Secret(token) if token else None, "fleetdm/fleet", pause=pause)


@pytest.fixture
def writer(there: SimulatorThread) -> GitHubWriter:
    return connect(f"{there.url}/github")


def comments(there: SimulatorThread, number: int = 1) -> list[tuple[str, str]]:
    return there.call(lambda: [(one.author.login, one.body) for one in there.world.issue(number).comments])


def posts(there: SimulatorThread) -> int:
    return there.call(lambda: len(there.requests))


def spoil(there: SimulatorThread, fault: str, **options: Any) -> None:
    there.call(lambda: there.faults.add(fault, **options))


async def problem_with(writer: GitHubWriter, number: int = 1) -> Problem:
    with pytest.raises(Failure) as caught:
        await writer.comment(number, "Approved")
    assert caught.value.__cause__ is None
    return caught.value.problem


# A comment -----------------------------------------------------------------------------------------------------------


async def test_a_comment_arrives_once_with_one_request(there: SimulatorThread, writer: GitHubWriter) -> None:
    url = await writer.comment(1, "**Freeze exception**\n\n- ✅ [x] #7")
    assert url.startswith("https://github.com/fleetdm/fleet/pull/1#issuecomment-")
    assert comments(there) == [("mna", "**Freeze exception**\n\n- ✅ [x] #7")]
    assert posts(there) == 1


async def test_writes_go_one_after_another_in_the_order_of_asking(there: SimulatorThread, writer: GitHubWriter) -> None:
    there.call(lambda: there.faults.latency.update(github=(1, 8)))
    await asyncio.gather(*(writer.comment(1, str(number)) for number in range(6)))
    assert [body for _, body in comments(there)] == [str(number) for number in range(6)]


async def test_there_is_a_pause_between_two_writes(there: SimulatorThread) -> None:
    writer = connect(f"{there.url}/github", pause=0.1)
    await writer.comment(1, "one")
    started = time.monotonic()
    await writer.comment(1, "two")
    assert time.monotonic() - started > 0.08


async def test_a_write_that_is_given_up_before_its_turn_is_never_sent(
    there: SimulatorThread, writer: GitHubWriter
) -> None:
    there.call(lambda: there.faults.latency.update(github=(40, 40)))
    first = asyncio.create_task(writer.comment(1, "first"))
    await until(lambda: posts(there))
    second = asyncio.create_task(writer.comment(1, "second"))
    await asyncio.sleep(0)
    second.cancel()
    await first
    await writer.comment(1, "third")
    assert [body for _, body in comments(there)] == ["first", "third"]


async def test_without_a_token_nothing_is_sent(there: SimulatorThread) -> None:
    problem = await problem_with(connect(f"{there.url}/github", None))
    assert (problem.cause, problem.text) == (Cause.TOKEN, "There is no GitHub token. Set it: fleet-tui auth set github")
    assert posts(there) == 0


# Faults --------------------------------------------------------------------------------------------------------------

LIMITED = "GitHub has had too many requests from this token. Try again in a few minutes."


@pytest.mark.parametrize("carried_out", [False, True], ids=["not carried out", "carried out"])
@pytest.mark.parametrize(
    ("fault", "options", "cause", "text"),
    [
        ("status", {"status": 500}, Cause.SERVER, f"GitHub has a fault of its own (500). {LOOK}"),
        ("status", {"status": 502}, Cause.SERVER, f"GitHub has a fault of its own (502). {LOOK}"),
        ("drop", {}, Cause.OFFLINE, f"The connection to GitHub broke off. {LOOK}"),
        ("not_json", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        ("wrong_shape", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        ("empty", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        ("redirect_away", {}, Cause.UNREADABLE, f"GitHub sent an answer that makes no sense. {LOOK}"),
        (
            "unauthorized", {}, Cause.TOKEN,
            "GitHub does not accept the token. Set a new one: fleet-tui auth set github",
        ),
        ("forbidden", {}, Cause.PERMISSION, "The GitHub token may not do this. It needs: issues=write."),
        ("primary_limit", {}, Cause.LIMITED, LIMITED),
        ("secondary_limit", {}, Cause.LIMITED, LIMITED),
        ("secondary_limit", {"retry_after": 60}, Cause.LIMITED, LIMITED),
        ("status", {"status": 418}, Cause.REFUSED, "GitHub refused: Server Error."),
    ],
)  # fmt: skip
async def test_a_write_is_never_repeated_by_itself_and_each_fault_has_its_words(
    there: SimulatorThread,
    writer: GitHubWriter,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    fault: str,
    options: dict[str, Any],
    cause: Cause,
    text: str,
    carried_out: bool,
) -> None:
    spoil(there, fault, after=carried_out, times=1, **options)
    with caplog.at_level(logging.DEBUG):
        problem = await problem_with(writer)
    assert (problem.source, problem.cause, problem.text) == ("GitHub", cause, text)
    assert posts(there) == 1
    assert len(comments(there)) == carried_out
    assert "planted" not in f"{problem!r} {[record.getMessage() for record in caplog.records]}"
    assert capfd.readouterr() == ("", "")
    await writer.comment(1, "afterwards")
    assert comments(there)[-1] == ("mna", "afterwards")


async def test_an_answer_that_breaks_off_leaves_open_whether_it_was_done(
    there: SimulatorThread, writer: GitHubWriter
) -> None:
    spoil(there, "cut")
    assert (await problem_with(writer)).text == f"The connection to GitHub broke off. {LOOK}"
    assert len(comments(there)) == posts(there) == 1


@pytest.mark.parametrize("number", [404, 9])
async def test_an_issue_that_is_not_there_or_deleted_is_missing(
    there: SimulatorThread, writer: GitHubWriter, number: int
) -> None:
    there.call(lambda: there.world.repo().open_issue("Deleted", by="mna", number=9))
    there.call(lambda: there.world.repo().delete(9))
    problem = await problem_with(writer, number)
    assert problem.cause is Cause.MISSING
    assert problem.sentence == "GitHub does not know it (any more)."


async def test_a_renamed_repository_gets_no_comment_and_that_is_said(
    there: SimulatorThread, writer: GitHubWriter
) -> None:
    there.call(lambda: there.world.rename_repo("fleetdm/fleet", "fleetdm/renamed"))
    assert (await problem_with(writer)).cause is Cause.UNREADABLE
    assert comments(there) == []


async def test_a_token_that_may_only_read_is_told_what_it_needs(there: SimulatorThread) -> None:
    there.call(lambda: there.world.tokens.update({GITHUB_TOKEN: Token("mna", write=False)}))
    problem = await problem_with(connect(f"{there.url}/github"))
    assert problem.text == "The GitHub token may not do this. It needs: issues=write."


async def test_nobody_listens(world: World) -> None:
    with SimulatorThread(world) as running:
        url = running.url
    problem = await problem_with(connect(f"{url}/github"))
    assert (problem.cause, problem.text) == (
        Cause.OFFLINE,
        "GitHub cannot be reached. Check the network or the VPN.",
    )


async def test_a_certificate_that_is_not_to_be_trusted_is_refused(world: World) -> None:
    with SimulatorThread(world, tls="self-signed") as running:
        problem = await problem_with(connect(f"{running.url}/github"))
        assert posts(running) == 0
    assert problem.cause is Cause.OFFLINE
    assert problem.sentence == "The connection to GitHub is not secure: its certificate was refused."


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[1]", 201), (b"7", 201), (b"null", 201), (b'{"html_url": 7}', 201), (b'{"html_url": "\x1b"', 201), (b"", 204)],
)
async def test_an_answer_that_no_sane_service_gives_is_unclear(body: bytes, status: int) -> None:
    with server(answer(body, status)) as (url, asked):
        problem = await problem_with(connect(url))
    assert (problem.cause, problem.remedy) == (Cause.UNREADABLE, LOOK)
    assert len(asked) == 1


async def test_what_the_other_side_says_cannot_do_anything_to_the_terminal() -> None:
    with server(answer(b'{"message": "no\\u001b[31m\\nand \\u202eno"}', 422)) as (url, _):
        problem = await problem_with(connect(url))
    assert problem.sentence == "GitHub refused: no[31m and no."
    assert problem.detail.isprintable()


async def test_a_server_that_hangs_is_given_up_and_the_next_write_goes_through(
    there: SimulatorThread, writer: GitHubWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, patience = HTTPAdapter.send, []

    def impatient(self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        patience.append(options.pop("timeout"))
        return send(self, request, timeout=0.1, **options)

    monkeypatch.setattr(HTTPAdapter, "send", impatient)
    spoil(there, "hang", times=1)
    problem = await problem_with(writer)
    assert (problem.cause, problem.text) == (Cause.SLOW, f"GitHub did not answer in time. {LOOK}")
    assert patience == [ANSWER_SECONDS]
    await writer.comment(1, "afterwards")
    assert comments(there) == [("mna", "afterwards")]


def test_a_mistake_of_ours_stays_one() -> None:
    with pytest.raises(ZeroDivisionError):
        problem_of(ZeroDivisionError())


def test_a_connection_that_takes_too_long_is_slow() -> None:
    assert problem_of(requests.ConnectTimeout()).cause is Cause.SLOW
    assert problem_of(github.GithubException(403, None, None)).cause is Cause.PERMISSION


# The program around it -----------------------------------------------------------------------------------------------

PROGRAM = """
import asyncio, sys
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.secret import Secret

async def main():
    writer = GitHubWriter(sys.argv[1], Secret("planted-token-of-github"), "fleetdm/fleet", pause=0)
    assert "github" not in sys.modules
    writing = asyncio.create_task(writer.comment(1, "Approved"))
    print("asked", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)

asyncio.run(main())
print("done", flush=True)
"""


def test_a_server_that_hangs_does_not_keep_the_program_from_ending(there: SimulatorThread) -> None:
    spoil(there, "hang")
    command = [sys.executable, "-W", "error", "-c", PROGRAM, f"{there.url}/github"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=Path(__file__).parents[1], **pipes) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "asked\n"
        asyncio.run(until(lambda: posts(there)))
        started = time.monotonic()
        output, errors = program.communicate("\n", timeout=10)
        assert time.monotonic() - started < ANSWER_SECONDS / 4
    assert (program.returncode, output, errors) == (0, "done\n", "")
