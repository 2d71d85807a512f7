"""A token that is not accepted: what to do depends on where it stands, since a variable wins over the keyring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from fleet_tui.config.on_call import Calendar
from fleet_tui.config.schema import Addresses, Config
from fleet_tui.domain.problem import Failure
from fleet_tui.services.calendars import Calendars
from fleet_tui.services.fleet_server import FleetServer, fleet_service
from fleet_tui.services.github import GitHub, github_service
from fleet_tui.services.github_writer import GitHubWriter
from fleet_tui.services.http import Http
from fleet_tui.services.merge_freeze import MergeFreeze, merge_freeze_service
from fleet_tui.services.secret import Secret
from fleet_tui.services.slack import Webhook
from fleet_tui.services.slack_groups import UserGroups, slack_service
from fleet_tui.services.tokens import SERVICES
from fleet_tui.services.zenhub import ZenHub, zenhub_service
from tests.helpers import NOW, answer, server

REFUSED = {
    "HTTP": answer(b"{}", 401),
    "Slack": answer(b'{"ok": false, "error": "invalid_auth"}'),
    "ZenHub": answer(b'{"errors": [{"extensions": {"code": "UNAUTHENTICATED"}}]}'),
}
NOT_ALLOWED = {
    "HTTP": answer(b"{}", 403),
    "Slack": answer(b'{"ok": false, "error": "missing_scope", "needed": "usergroups:read"}'),
    "ZenHub": answer(b'{"errors": [{"extensions": {"code": "FORBIDDEN"}}]}'),
    "GitHub": answer(b'{"errors": [{"type": "FORBIDDEN", "message": "Ask the owner."}]}'),
}

Ask = Callable[[Http, Config, Secret], Awaitable[object]]


async def fleet(http: Http, config: Config, token: Secret) -> None:
    (row,) = (await FleetServer(http, fleet_service(config, token)).read()).unreadable
    raise AssertionError(f"{row.sentence} {row.remedy}")


async def read_calendar(http: Http, config: Config, token: Secret) -> object:
    address = Secret(f"{config.addresses.github}/a.ics", variable=token.variable)
    return await Calendars(http, {"calendar": address}, ZoneInfo("UTC")).read(Calendar(), NOW, NOW + timedelta(days=1))


def spoilt_calendar(http: Http, _: Config, token: Secret) -> Awaitable[object]:
    return Calendars(http, {"calendar": token}, ZoneInfo("UTC")).read(Calendar(), NOW, NOW + timedelta(days=1))


ASKED: dict[str, tuple[str, str, Ask]] = {
    "GitHub": ("github", "HTTP", lambda http, config, token: github(http, config, token).login()),
    "GitHub, a write": (
        "github", "HTTP", lambda _, config, token: GitHubWriter(config.addresses.github, token, "a/b").comment(1, "Hi"),
    ),
    "Merge Freeze": (
        "merge-freeze", "HTTP",
        lambda http, config, token: MergeFreeze(http, merge_freeze_service(config, token), config).state(),
    ),
    "ZenHub": ("zenhub", "HTTP", lambda http, config, token: zenhub(http, config, token)),
    "ZenHub, in an answer": ("zenhub", "ZenHub", lambda http, config, token: zenhub(http, config, token)),
    "Slack": ("slack", "HTTP", lambda http, config, token: slack(http, config, token)),
    "Slack, in an answer": ("slack", "Slack", lambda http, config, token: slack(http, config, token)),
    "Fleet": ("fleet", "HTTP", fleet),
    "calendar": ("calendar", "HTTP", read_calendar),
    "spoilt calendar": ("calendar", "HTTP", spoilt_calendar),
    "webhook": ("slack-webhook", "HTTP", lambda http, config, token: post(http, config, token)),
    "spoilt webhook": ("slack-webhook", "HTTP", lambda http, _, token: Webhook(http, token).post("Hi")),
}  # fmt: skip


def github(http: Http, config: Config, token: Secret) -> GitHub:
    return GitHub(http, github_service(config, token), "a/b")


def zenhub(http: Http, config: Config, token: Secret) -> Awaitable[str]:
    return ZenHub(http, zenhub_service(config, token)).move("board", 1, 2, "Ready")


def slack(http: Http, config: Config, token: Secret) -> Awaitable[object]:
    return UserGroups(http, slack_service(config, token)).plan("oncall", "U0MNA")


def post(http: Http, config: Config, token: Secret) -> Awaitable[object]:
    return Webhook(http, Secret(f"{config.addresses.github}/T0/B0", variable=token.variable)).post("Hi")


async def told(http: Http, url: str, ask: Ask, token: Secret) -> str:
    """What somebody reads whose token is answered so."""
    every = dict.fromkeys(Addresses.__struct_fields__, url)
    config = msgspec.structs.replace(Config(), addresses=Addresses(**every))
    with pytest.raises((Failure, AssertionError)) as caught:
        await ask(http, config, token)
    return str(caught.value)


@pytest.mark.parametrize(("service", "kind", "ask"), ASKED.values(), ids=ASKED)
async def test_whoever_has_it_in_a_variable_is_told_to_change_that(
    http: Http, service: str, kind: str, ask: Ask
) -> None:
    variable = SERVICES[service].variable
    with server(REFUSED[kind]) as (url, _):
        kept = await told(http, url, ask, Secret("hush-hush"))
        given = await told(http, url, ask, Secret("hush-hush", variable=variable))
    *_, before = kept.removesuffix(f": fleet-tui auth set {service}").split(". ")
    assert given == kept.replace(f"{before}: fleet-tui auth set {service}", f"Change or unset {variable}.") != kept


@pytest.mark.parametrize(
    ("kind", "ask", "name"),
    [
        ("HTTP", ASKED["GitHub"][2], "GitHub"),
        ("HTTP", ASKED["GitHub, a write"][2], "GitHub"),
        ("GitHub", lambda http, config, token: github(http, config, token).graphql("", {}, dict), "GitHub"),
        ("HTTP", ASKED["Merge Freeze"][2], "Merge Freeze"),
        ("ZenHub", ASKED["ZenHub"][2], "ZenHub"),
        ("Slack", ASKED["Slack"][2], "Slack"),
    ],
)
async def test_a_token_that_may_not_do_it_is_named_by_its_variable(http: Http, kind: str, ask: Ask, name: str) -> None:
    with server(NOT_ALLOWED[kind]) as (url, _):
        assert (await told(http, url, ask, Secret("hush-hush"))).startswith(f"The {name} token may not ")
        given = await told(http, url, ask, Secret("hush-hush", variable="GH_TOKEN"))
    assert given.startswith(f"The {name} token in GH_TOKEN may not ")
