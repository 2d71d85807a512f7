"""Every service × every fault × first load, later load and during a write."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fleet_tui.domain.certificates import Inventory
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.feed import LONGEST_RETRY, Feed, Reading
from fleet_tui.services import http as http_module
from fleet_tui.services.tokens import SERVICES
from fleet_tui.simulator import fault_answers
from fleet_tui.simulator.world import FixedClock, World
from tests.faults import (
    HOLDING,
    SOURCES,
    TROUBLES,
    WRITES,
    Scene,
    Source,
    Trouble,
    Write,
    at_once,
    begin,
    certificate_of,
    end,
    scene_of,
)

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, ssl.SSLContext]]:
    """The one that is trusted, and what servers show: it, or another's."""
    folder = tmp_path_factory.mktemp("certificates")
    trusted, right = certificate_of(folder / "right", "localhost")
    _, wrong = certificate_of(folder / "wrong", "localhost")
    return trusted, {"right": right, "wrong": wrong}


@pytest.fixture
def contexts(
    certificates: tuple[Path, Mapping[str, ssl.SSLContext]],
    monkeypatch: pytest.MonkeyPatch,
) -> Mapping[str, ssl.SSLContext]:
    """Patience with a busy machine, a small limit that a real stream goes beyond, and the trusted certificate."""
    monkeypatch.setattr(http_module, "ANSWER_SECONDS", 60.0)
    monkeypatch.setattr(http_module, "LARGEST_BODY", MEGABYTE)
    monkeypatch.setattr(fault_answers, "HUGE_BYTES", 8 * MEGABYTE)
    trusted, contexts = certificates
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return contexts


def is_ours(records: list[logging.LogRecord]) -> list[str]:
    """What the log holds of mistakes of the program's own."""
    return [record.getMessage() for record in records if record.exc_info or record.levelno >= logging.ERROR]


def assert_helpful(name: str, sentence: str, remedy: str) -> None:
    """It names the source, says what to do, gives no secret away, and names no command that there is not."""
    assert name in sentence
    assert sentence.endswith(".")
    assert remedy.endswith(".") or "fleet-tui auth set" in remedy
    assert "planted" not in sentence + remedy
    for service in re.findall(r"fleet-tui auth set (\S+)", remedy):
        assert service in SERVICES


def assert_told(reading: Reading[Any], source: Source, trouble: Trouble, scene: Scene) -> None:
    """The feed says what is wrong, and when it comes back."""
    if source.service == "fleet":  # of several sources: what fails is a row beside the rest
        assert isinstance(reading.value, Inventory)
        assert reading.value.unreadable
        for row in reading.value.unreadable:
            assert_helpful(source.name, row.sentence, row.remedy)
        return
    problem, now = reading.problem, scene.clock()
    assert problem
    assert problem.cause in trouble.causes
    assert_helpful(source.name, problem.sentence, problem.remedy)
    assert "planted" not in problem.detail
    assert (reading.failing_since, problem.retry_at is not None) == (now, trouble.wait is not None)
    assert reading.next_try
    assert (
        timedelta(seconds=8) <= reading.next_try - now <= timedelta(seconds=max(LONGEST_RETRY, trouble.wait or 0) + 1)
    )
    if trouble.wait is not None:
        # Of a limit in GraphQL ZenHub does not say when it ends.
        wait = 60 if source.service == "zenhub" and trouble.kind == "primary_limit" else trouble.wait
        assert reading.next_try - now >= timedelta(seconds=wait)


def known(value: Any) -> Any:
    """What a value says of the world, without what could not be read this time."""
    return value.certificates if isinstance(value, Inventory) else value


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
async def test_a_fault_is_told_and_got_over(
    source: Source,
    trouble: Trouble,
    world: World,
    clock: FixedClock,
    contexts: Mapping[str, ssl.SSLContext],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with scene_of(source, trouble, world, clock, contexts) as scene:
        feed = source.feed(scene)
        for load in ("first", "later"):
            before = feed.reading
            assert (load == "later") == bool(before.at)
            scene.forget_answers()
            await begin(scene, source, trouble)

            feed.reading = await feed.poll()
            assert is_ours(caplog.records) == []
            if not trouble.causes:
                assert feed.reading.problem is None
                assert scene.backend.http.clock_skew is not None
            else:
                assert_told(feed.reading, source, trouble, scene)
                if load == "later":
                    assert known(feed.reading.value) == known(before.value)
                if source.service != "fleet":
                    assert feed.reading.at == before.at

            await end(scene, trouble)
            clock.advance(minutes=31)
            recovered = feed.reading = await feed.poll()
            assert recovered.problem is None
            assert recovered.at == clock()
            assert not isinstance(recovered.value, Inventory) or recovered.value.unreadable == ()
            assert known(recovered.value) or recovered.value is False
            clock.advance(minutes=20)


@pytest.mark.parametrize("tls", [False, True], ids=["", "TLS"])
@pytest.mark.parametrize("name", [name for name in SOURCES if name != "GitHub GraphQL"])  # the same service twice
async def test_while_a_service_fails_no_feed_of_another_is_touched(
    name: str,
    tls: bool,
    world: World,
    clock: FixedClock,
    contexts: Mapping[str, ssl.SSLContext],
    caplog: pytest.LogCaptureFixture,
) -> None:
    source, kinds = SOURCES[name], alike(tls)
    async with scene_of(source, kinds[0][0], world, clock, contexts) as scene:
        others = await feeds_without(source.service, scene)
        feed = source.feed(scene)
        for *before, last in kinds:
            for trouble in before:
                await begin(scene, source, trouble)
                assert_failed(await feed.poll(), source, trouble)
                await end(scene, trouble)
                clock.advance(minutes=31)  # over with every limit
            options = {"seconds": 60.0} if last.kind in HOLDING else {}  # all others are through before
            if last.kind == "slow":
                scene.forget_answers()  # "not modified" has no body to drip
            await begin(scene, source, last, **options)
            poll = asyncio.create_task(feed.poll())
            await assert_untouched(others, clock())
            if last.kind in HOLDING:
                assert not poll.done()
                poll.cancel()
            else:
                assert_failed(await poll, source, last)
            await end(scene, last)
            assert is_ours(caplog.records) == []
            clock.advance(minutes=31)


def alike(tls: bool) -> list[list[Trouble]]:
    """The troubles that are taken for the same; what others are doing is looked at during the last of each.

    What holds a poll up, and what spoils the way there, stand alone.
    """
    kinds: dict[object, list[Trouble]] = {}
    for name, one in TROUBLES.items():
        if one.tls == tls:
            kinds.setdefault(name if one.kind in HOLDING or one.begin else one.causes, []).append(one)
    return list(kinds.values())


async def assert_untouched(feeds: Mapping[str, Feed[Any]], now: datetime) -> None:
    """They are read as if nothing was amiss, and say the same."""
    told = await at_once(*(feed.poll() for feed in feeds.values()))
    for (name, feed), heard in zip(feeds.items(), told, strict=True):
        assert (name, heard.problem) == (name, None)
        assert heard.at == now
        assert known(heard.value) == known(feed.reading.value)


def assert_failed(reading: Reading[Any], source: Source, trouble: Trouble) -> None:
    assert reading.problem or not trouble.causes or source.service == "fleet", trouble


async def feeds_without(service: str, scene: Scene) -> dict[str, Feed[Any]]:
    """The feeds that ask `service` nothing, each polled once."""
    others = {}
    for name, feed in scene.backend.feeds.items():
        scene.simulator.requests.clear()
        feed.reading = await feed.poll()
        assert (name, feed.reading.problem) == (name, None)
        if not scene.simulator.requests.select(service):
            others[name] = feed
    assert len(others) >= (4 if service == "github" else 14)
    return others


# During a write ------------------------------------------------------------------------------------------------------

LOST = {Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.UNREADABLE}
"""After these a write may have been carried out all the same."""


def spoilt_before_and_after() -> list[Any]:
    """Each fault; where an answer can get lost also with the write carried out."""
    several = [pytest.param(one, False, id=name) for name, one in TROUBLES.items()]
    for name, one in TROUBLES.items():
        if one.kind in fault_answers.ANSWERS and one.causes <= LOST and "redirect" not in name:
            several.append(pytest.param(one, True, id=f"{name}, carried out"))
    return several


async def outcome(write: Write, scene: Scene) -> Problem | None:
    """What the write fails with."""
    try:
        await write.run(scene)
    except Failure as failure:
        return failure.problem
    return None


@pytest.mark.parametrize(("trouble", "carried_out"), spoilt_before_and_after())
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_write_is_never_doubled_and_nothing_is_claimed_that_is_not_known(
    write: Write,
    trouble: Trouble,
    carried_out: bool,
    world: World,
    clock: FixedClock,
    contexts: Mapping[str, ssl.SSLContext],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with scene_of(write.source, trouble, world, clock, contexts) as scene:
        options: dict[str, Any] = {"after": True} if carried_out else {}
        if write.mutation and not trouble.begin:
            scene.simulator.faults.add("slow", service=write.source.service, times=1, seconds=0.01)  # the read before
            options["times"] = 1
        await begin(scene, write.source, trouble, **options)
        other = scene.backend.feeds["freeze" if write.source.service == "github" else "milestones"]

        problem, untouched = await at_once(outcome(write, scene), other.poll())
        assert is_ours(caplog.records) == []
        assert untouched.problem is None
        assert write.requests(scene) == (0 if trouble.begin else 1)
        done = int(write.effects(world))
        assert done <= 1
        if problem is None:
            assert done == 1
            harmless = {"slow", "bare"} if write.source.service == "slack" else set()  # two letters: nothing to spoil
            assert not (write.blind and trouble.causes and trouble.kind not in harmless), "claimed, not seen"
        else:
            assert_helpful(write.source.name, problem.sentence, problem.remedy)
            assert "by itself" not in problem.remedy
            assert "Waiting" not in problem.remedy
            if done:
                assert "not known" in problem.sentence or "Look" in problem.remedy

        await end(scene, trouble)
        assert write.requests(scene) == (0 if trouble.begin else 1)  # not sent again by itself
        if write.blind or not done:  # a later one is not held up
            assert await outcome(write, scene) is None
            assert int(write.effects(world)) == done + 1
