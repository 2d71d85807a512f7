"""Merge Freeze's interface: what it says of a branch, and what is sent to it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.freeze import BranchState
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services.http import Http
from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World
from tests.helpers import MERGE_FREEZE_TOKEN, NOW, answer, branch, config, moment, server


def connect(http: Http, settings: Config) -> MergeFreeze:
    return MergeFreeze(http, merge_freeze_service(settings, Secret(MERGE_FREEZE_TOKEN)), settings)


@pytest.fixture
def merge_freeze(http: Http, settings_there: Config) -> MergeFreeze:
    return connect(http, settings_there)


def sent(simulator: Simulator) -> list[dict[str, str]]:
    """The forms that were posted."""
    return [dict(parse_qsl(entry.body)) for entry in simulator.requests.select("mergefreeze", "POST")]


# What it says --------------------------------------------------------------------------------------------------------


async def test_an_open_branch(merge_freeze: MergeFreeze) -> None:
    assert await merge_freeze.state() == branch(frozen=False, unfrozen=frozenset())


async def test_a_frozen_branch_with_who_why_and_since_when(merge_freeze: MergeFreeze, world: World) -> None:
    world.merge_freeze.freeze(world.merge_freeze.branch(), by="luke\x1b[0m", note="4.70\nplease", unblocked=[3, 1])
    assert await merge_freeze.state() == branch(
        frozen=True, by="luke[0m", note="4.70 please", since=NOW, unfrozen=frozenset({1, 3})
    )


async def test_a_service_that_lists_nothing_is_not_taken_for_an_empty_list(
    merge_freeze: MergeFreeze, world: World
) -> None:
    world.merge_freeze.lists_unblocked = False
    world.merge_freeze.freeze(world.merge_freeze.branch(), by="lukeheath", unblocked=[1])
    assert await merge_freeze.state() == branch(frozen=True, by="lukeheath", unfrozen=None, since=None)


async def state_from(http: Http, **fields: Any) -> BranchState:
    with server(answer(json.dumps({"frozen": True, **fields}).encode())) as (url, _):
        return await connect(http, config(addresses={"merge_freeze": url})).state()


@pytest.mark.parametrize(
    ("frozen_at", "since"),
    [
        pytest.param("2025-06-03T16:00:00Z", moment("2025-06-03 16:00"), id="UTC"),
        pytest.param("2025-06-03T09:00:00-07:00", moment("2025-06-03 16:00"), id="another zone"),
        pytest.param("2025-06-03T16:00:00", moment("2025-06-03 16:00"), id="no zone: taken as UTC"),
        pytest.param(1748966400, moment("2025-06-03 16:00"), id="epoch seconds"),
        pytest.param(1748966400000, None, id="not epoch seconds"),
        pytest.param(-(10**17), None, id="no year at all"),
        pytest.param("yesterday", None, id="words"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="null"),
        pytest.param({"at": 1}, None, id="something else"),
    ],
)
async def test_the_undocumented_moment_is_used_when_it_can_be_read(
    http: Http, frozen_at: object, since: datetime | None
) -> None:
    found = await state_from(http, frozen_at=frozen_at)
    assert found == branch(frozen=True, since=since)


@pytest.mark.parametrize(
    ("unblocked", "unfrozen"),
    [([3, 1, 3], frozenset({1, 3})), ([], frozenset()), (None, None)],
    ids=["some", "none", "not told"],
)
async def test_the_undocumented_list_is_used_when_it_comes(
    http: Http, unblocked: object, unfrozen: frozenset[int] | None
) -> None:
    assert await state_from(http, unblocked_prs=unblocked) == branch(frozen=True, unfrozen=unfrozen)


@pytest.mark.parametrize(
    "fields", [{"unblocked_prs": ["one"]}, {"unblocked_prs": 3}, {"frozen": "perhaps"}, {"frozen": None}], ids=str
)
async def test_what_cannot_be_understood_is_never_guessed(http: Http, fields: dict[str, Any]) -> None:
    with pytest.raises(Failure) as caught:
        await state_from(http, **fields)
    assert caught.value.problem.cause is Cause.UNREADABLE


# What is sent to it --------------------------------------------------------------------------------------------------


async def test_freezing_says_so_together_with_the_list(
    simulator: Simulator, merge_freeze: MergeFreeze, world: World
) -> None:
    await merge_freeze.freeze(by="mna", note="4.70 & more", unfrozen=[9, 3, 9])
    assert sent(simulator) == [{"frozen": "true", "user_name": "mna", "note": "4.70 & more", "unblocked_prs": "[3,9]"}]
    assert await merge_freeze.state() == branch(
        frozen=True, by="mna", note="4.70 & more", since=NOW, unfrozen=frozenset({3, 9})
    )


async def test_nothing_that_is_not_there_is_sent(simulator: Simulator, merge_freeze: MergeFreeze) -> None:
    await merge_freeze.freeze(by="mna", note="")
    await merge_freeze.lift(by="mna", note="")
    assert sent(simulator) == [{"frozen": "true", "user_name": "mna"}, {"frozen": "false", "user_name": "mna"}]


async def test_lifting_opens_the_branch(simulator: Simulator, merge_freeze: MergeFreeze, world: World) -> None:
    world.merge_freeze.freeze(world.merge_freeze.branch(), by="lukeheath", unblocked=[1])
    await merge_freeze.lift(by="mna", note="released")
    assert sent(simulator) == [{"frozen": "false", "user_name": "mna", "note": "released"}]
    assert await merge_freeze.state() == branch(frozen=False, unfrozen=frozenset())


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("main", "/branches/fleetdm/fleet/main/"),
        ("release/4.69", "/branches/fleetdm/fleet/release/4.69/"),
        ("fix#1?", "/branches/fleetdm/fleet/fix%231%3F/"),
    ],
)
async def test_any_branch_has_its_address(http: Http, name: str, path: str) -> None:
    with server(answer(b'{"frozen": false}')) as (url, asked):
        await connect(http, config(addresses={"merge_freeze": url}, team={"branch": name})).state()
    assert asked[0][0] == f"{path}?access_token={MERGE_FREEZE_TOKEN}"


async def test_a_branch_that_is_not_protected_is_missing(http: Http, settings_there: Config) -> None:
    elsewhere = config(
        addresses={"merge_freeze": settings_there.addresses.merge_freeze}, team={"branch": "unprotected"}
    )
    with pytest.raises(Failure) as caught:
        await connect(http, elsewhere).state()
    assert caught.value.problem.cause is Cause.MISSING
