"""Who is a member of the organization, and what is assigned to somebody."""

from __future__ import annotations

import pytest

from fleet_tui.config.schema import Config
from fleet_tui.domain.community import Members
from fleet_tui.domain.on_call_waiting import Assigned
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_assigned import read_assigned
from fleet_tui.services.github_members import read_members
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import FixedClock, World
from tests.helpers import NOW, PEOPLE

NOTE = "The GitHub token may not see who is a member of fleetdm. Name the team in `on_call.team_members`."


async def test_the_members_and_nobody_else(github: GitHub) -> None:
    assert await read_members(github) == Members(frozenset(PEOPLE))


async def test_all_pages_of_them_and_free_while_nothing_changes(
    github: GitHub, world: World, simulator: Simulator
) -> None:
    for number in range(150):
        world.add_user(f"dev{number}")
    assert len((await read_members(github)).logins) == len(PEOPLE) + 150
    await read_members(github)
    assert [entry.status for entry in simulator.requests] == [200, 200, 304, 304]


@pytest.mark.parametrize(("fault", "status"), [("forbidden", 403), ("status", 404)])
async def test_where_they_cannot_be_seen_it_is_said(
    github: GitHub, simulator: Simulator, fault: str, status: int
) -> None:
    simulator.faults.add(fault, status=status, path="/members")
    assert await read_members(github) == Members(frozenset(), NOTE)


async def test_a_token_that_is_shown_public_members_alone_is_told(
    github: GitHub, http: Http, world: World, settings_there: Config
) -> None:
    world.add_user("discreet", concealed=True)
    everybody = Members(frozenset({*PEOPLE, "discreet"}))
    assert await read_members(github, "MNA") == everybody, "a login is the same in capitals"
    world.add_user("contractor", member=False)
    seen_by = GitHub(http, github_service(settings_there, Secret("sim-contractor")), "fleetdm/fleet")
    note = "The GitHub token sees public members of fleetdm alone. Name the team in `on_call.team_members`."
    assert await read_members(seen_by, "contractor") == Members(frozenset(PEOPLE), note)


async def test_another_failure_stays_one(github: GitHub, simulator: Simulator) -> None:
    simulator.faults.add("status", path="/members")
    with pytest.raises(Failure) as caught:
        await read_members(github)
    assert caught.value.problem.cause is Cause.SERVER


async def test_what_is_assigned_to_somebody(
    github: GitHub, world: World, simulator: Simulator, clock: FixedClock
) -> None:
    repo = world.repo()
    repo.open_issue("Clo\x1bsed", by="mna", assignees=["getvictor"], number=1).close(by="mna")
    repo.open_issue("Support\x07 asks", by="mna", assignees=["getvictor", "mna"], number=2)
    repo.open_issue("Of another", by="mna", assignees=["mna"], number=3)
    repo.open_pull("From outside", by="outsider", number=4).assign("getvictor", by="mna")
    url = "https://github.com/fleetdm/fleet"
    assert await read_assigned(github, "getvictor") == (
        Assigned(2, "Support asks", f"{url}/issues/2", NOW, NOW, is_pull=False),
        Assigned(4, "From outside", f"{url}/pull/4", NOW, NOW, is_pull=True),
    )
    await read_assigned(github, "getvictor")
    assert [entry.status for entry in simulator.requests] == [200, 304]


async def test_without_anybody_on_call_nothing_is_asked(github: GitHub, simulator: Simulator) -> None:
    assert await read_assigned(github, "") == ()
    assert len(simulator.requests) == 0
