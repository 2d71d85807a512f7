"""Slack: a message is posted once or said not to be; a user group is moved as shown, and read back."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from fleet_tui.config.load import ConfigError, parse
from fleet_tui.config.schema import Config
from fleet_tui.domain import markup
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.services.slack import LONGEST_TEXT, Webhook
from fleet_tui.services.slack_groups import Handover, Member, UserGroup, UserGroups, slack_service
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World
from tests.helpers import NOW, answer, config, server

LOOK = "Look in the channel before you post it again."


def webhook_of(http: Http, simulator: Simulator) -> Webhook:
    return Webhook(http, Secret(f"{simulator.url}/slack{simulator.world.slack.webhook}"))


@pytest.fixture
def webhook(http: Http, simulator: Simulator) -> Webhook:
    return webhook_of(http, simulator)


@pytest.fixture
def groups(http: Http, settings_there: Config) -> UserGroups:
    return UserGroups(http, slack_service(settings_there, Secret("sim-slack")))


async def problem_of_post(webhook: Webhook, text: str = "Hello") -> Problem:
    with pytest.raises(Failure) as caught:
        await webhook.post(text)
    return caught.value.problem


# Posting -------------------------------------------------------------------------------------------------------------


async def test_a_message_arrives_once_as_it_is(webhook: Webhook, world: World, simulator: Simulator) -> None:
    await webhook.post("Fleet *4.45.0* is out & about 🎉\n<https://fleetdm.com|notes>")
    assert world.slack.posted == ["Fleet *4.45.0* is out & about 🎉\n<https://fleetdm.com|notes>"]
    assert len(simulator.requests) == 1


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("drop", Cause.OFFLINE),
        ("status", Cause.SERVER),
        ("not_json", Cause.UNREADABLE),
        ("empty", Cause.UNREADABLE),
    ],
)
async def test_a_lost_answer_leaves_it_open_and_nothing_is_sent_again(
    webhook: Webhook, world: World, simulator: Simulator, fault: str, cause: Cause, carried_out: bool
) -> None:
    simulator.faults.add(fault, service="slack", after=carried_out)
    with pytest.raises(Unconfirmed) as caught:
        await webhook.post("Hello")
    problem = caught.value.problem
    assert (problem.cause, problem.remedy) == (cause, LOOK)
    assert problem.sentence.startswith("Whether the message was posted is not known: ")
    assert len(simulator.requests) == 1
    assert len(world.slack.posted) == carried_out


async def test_too_many_messages_name_the_moment_to_come_back(webhook: Webhook, simulator: Simulator) -> None:
    simulator.faults.add("secondary_limit", service="slack", retry_after=30)
    problem = await problem_of_post(webhook)
    assert (problem.cause, problem.retry_at) == (Cause.LIMITED, NOW + timedelta(seconds=30))
    assert problem.text == "Slack has had too many messages. Try again in a minute; nothing was posted."


async def test_a_webhook_that_was_taken_back(webhook: Webhook, world: World) -> None:
    world.slack.webhook = "/services/T0SIM/B0SIM/another"
    problem = await problem_of_post(webhook)
    assert (problem.cause, problem.remedy) == (
        Cause.MISSING,
        "Make a new one in Slack. Store it: fleet-tui auth set slack-webhook",
    )


async def test_what_slack_refuses_was_not_posted(webhook: Webhook, world: World) -> None:
    problem = await problem_of_post(webhook, "")
    assert (problem.cause, problem.sentence) == (Cause.REFUSED, "Slack refused: 400.")
    assert world.slack.posted == []


async def test_a_message_that_slack_would_cut_off_is_not_sent(webhook: Webhook, simulator: Simulator) -> None:
    problem = await problem_of_post(webhook, "x" * (LONGEST_TEXT + 1))
    assert problem.text == "The message is 40,001 characters long; Slack takes 40,000. Shorten it."
    assert len(simulator.requests) == 0


@pytest.mark.parametrize("stored", ["hush-hush", "http://hooks.slack.com/services/a", "https://hooks.slack.com/"])
async def test_what_is_no_address_is_not_asked(http: Http, simulator: Simulator, stored: str) -> None:
    problem = await problem_of_post(Webhook(http, Secret(stored)))
    assert problem.sentence == "What is stored as Slack's webhook is no address of one."


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
async def test_no_failure_tells_the_address(http: Http, caplog: pytest.LogCaptureFixture, status: int) -> None:
    with server(answer(b"no_service", status)) as (url, _), caplog.at_level(logging.WARNING):
        problem = await problem_of_post(Webhook(http, Secret(f"{url}/services/T0/B0/planted-webhook")))
    assert "planted" not in f"{problem!r} {caplog.text}"
    assert "/services" not in repr(problem)


# A user group --------------------------------------------------------------------------------------------------------


async def problem_of_move(groups: UserGroups, handover: Handover) -> Problem:
    with pytest.raises(Failure) as caught:
        await groups.move(handover)
    return caught.value.problem


async def test_it_says_whom_it_would_remove_and_add(groups: UserGroups, world: World) -> None:
    plan = await groups.plan("OnCall", "U0MNA")
    lucas, martin = Member("U0LUCAS", "lucas"), Member("U0MNA", "martin")
    assert plan == Handover(UserGroup("S0ONCALL", "oncall", (lucas,)), martin)
    assert (plan.removed, plan.added, plan.changes_nothing) == ((lucas,), (martin,), False)
    assert world.slack.group("oncall").users == ["U0LUCAS"]


@pytest.mark.parametrize(
    ("before", "removed", "added"),
    [
        (["U0MNA"], [], []),
        (["U0MNA", "U0LUCAS"], ["U0LUCAS"], []),
        ([], [], ["U0MNA"]),
        (["U0VICTOR", "U0LUCAS"], ["U0VICTOR", "U0LUCAS"], ["U0MNA"]),
    ],
)
async def test_afterwards_it_is_theirs_alone(
    groups: UserGroups, world: World, before: list[str], removed: list[str], added: list[str]
) -> None:
    world.slack.group("oncall").users = before
    plan = await groups.plan("oncall", "U0MNA")
    assert ([one.id for one in plan.removed], [one.id for one in plan.added]) == (removed, added)
    assert plan.changes_nothing is (not removed and not added)
    assert await groups.move(plan) == "@oncall is martin now."
    assert world.slack.group("oncall").users == ["U0MNA"]
    assert world.slack.group("qa-team").users == []


async def test_a_group_that_somebody_changed_since_is_left_alone(groups: UserGroups, world: World) -> None:
    plan = await groups.plan("oncall", "U0MNA")
    world.slack.group("oncall").users = ["U0VICTOR"]
    assert (await problem_of_move(groups, plan)).text == ("Somebody changed @oncall in the meantime. Look at it again.")
    assert world.slack.group("oncall").users == ["U0VICTOR"]


async def test_a_change_that_slack_did_not_carry_out_is_said(groups: UserGroups, world: World) -> None:
    plan = await groups.plan("oncall", "U0MNA")
    world.slack.ignores_updates = True
    problem = await problem_of_move(groups, plan)
    assert problem.sentence == "Slack took the change of @oncall but did not carry it out."


async def test_a_lost_answer_is_looked_for(groups: UserGroups, world: World, simulator: Simulator) -> None:
    plan = await groups.plan("oncall", "U0MNA")
    simulator.faults.add("drop", path="update", after=True)
    assert await groups.move(plan) == "@oncall is martin now."
    assert world.slack.group("oncall").users == ["U0MNA"]
    assert len(simulator.requests.select(path="update")) == 1


async def test_a_change_that_never_arrived_is_known_not_to_have(groups: UserGroups, simulator: Simulator) -> None:
    plan = await groups.plan("oncall", "U0MNA")
    simulator.faults.add("drop", path="update")
    with pytest.raises(Failure) as caught:
        await groups.move(plan)
    assert not isinstance(caught.value, Unconfirmed)
    assert caught.value.problem.cause is Cause.OFFLINE
    assert len(simulator.requests.select(path="update")) == 1


async def test_when_nothing_can_be_seen_it_is_not_known(groups: UserGroups, simulator: Simulator) -> None:
    plan = await groups.plan("oncall", "U0MNA")
    simulator.faults.add("slow", path="users.list", times=1, seconds=0.01)
    simulator.faults.add("drop", path="usergroups", after=True)
    with pytest.raises(Unconfirmed) as caught:
        await groups.move(plan)
    assert caught.value.problem.sentence.startswith("Whether @oncall was moved is not known: ")


@pytest.mark.parametrize(
    ("scope", "sentence", "remedy"),
    [
        ("usergroups:read", "The Slack token may not do this.", "It needs: usergroups:read."),
        ("usergroups:write", "The Slack token may not do this.", "It needs: usergroups:write."),
    ],
)
async def test_a_scope_that_is_missing_is_named(
    groups: UserGroups, world: World, scope: str, sentence: str, remedy: str
) -> None:
    world.slack.scopes.remove(scope)
    with pytest.raises(Failure) as caught:
        await groups.move(await groups.plan("oncall", "U0MNA"))
    assert (caught.value.problem.sentence, caught.value.problem.remedy) == (sentence, remedy)


async def test_without_names_the_ids_serve(groups: UserGroups, world: World) -> None:
    world.slack.scopes.remove("users:read")
    plan = await groups.plan("oncall", "U0MNA")
    assert (plan.removed, plan.to) == ((Member("U0LUCAS", "U0LUCAS"),), Member("U0MNA", "U0MNA"))


@pytest.mark.parametrize(
    ("handle", "member", "sentence"),
    [
        ("nobody", "U0MNA", "Slack knows no user group @nobody."),
        ("oncall", "U0GHOST", "Slack does not know the group or the person."),
    ],
)
async def test_a_group_or_a_person_that_is_not_there(
    groups: UserGroups, handle: str, member: str, sentence: str
) -> None:
    with pytest.raises(Failure) as caught:
        await groups.plan(handle, member)
    assert (caught.value.problem.cause, caught.value.problem.sentence) == (Cause.MISSING, sentence)


@pytest.mark.parametrize(
    ("body", "cause", "sentence"),
    [
        (b'{"ok": false, "error": "token_revoked"}', Cause.TOKEN, "Slack does not accept the token."),
        (b'{"ok": false, "error": "fatal_error"}', Cause.SERVER, "Slack has a fault of its own."),
        (b'{"ok": false, "error": "odd\\u001b"}', Cause.REFUSED, "Slack refused: odd."),
        (b'{"ok": false}', Cause.REFUSED, "Slack refused: it gave no reason."),
        (b'{"usergroups": []}', Cause.UNREADABLE, "Slack sent an answer that makes no sense."),
        (b'{"ok": true}', Cause.UNREADABLE, "Slack sent an answer that makes no sense."),
    ],
)
async def test_refusals_come_with_200(http: Http, body: bytes, cause: Cause, sentence: str) -> None:
    with server(answer(body)) as (url, _):
        groups = UserGroups(http, slack_service(config(addresses={"slack": url}), Secret("planted-slack")))
        with pytest.raises(Failure) as caught:
            await groups.plan("oncall", "U0MNA")
    assert (caught.value.problem.cause, caught.value.problem.sentence) == (cause, sentence)
    assert "planted" not in repr(caught.value.problem)


async def test_too_many_requests_wait(groups: UserGroups, simulator: Simulator) -> None:
    simulator.faults.add("secondary_limit", service="slack", retry_after=20)
    with pytest.raises(Failure) as caught:
        await groups.plan("oncall", "U0MNA")
    assert caught.value.problem.retry_at == NOW + timedelta(seconds=20)


# A setting, and markup ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["u0mna", "U0;", "mna", "U0 MNA"])
def test_a_member_id_is_one(id_: str) -> None:
    def text(slack: str) -> str:
        return f'[[on_call.people]]\nname = "Martin"\nlogin = "mna"\nslack = "{slack}"'

    assert parse(text("U0MNA"), "c.toml").on_call.people[0].slack == "U0MNA"
    with pytest.raises(ConfigError):
        parse(text(id_), "c.toml")


@pytest.mark.parametrize(
    ("text", "slack", "markdown"),
    [
        ("<!channel> & co", "&lt;!channel&gt; &amp; co", r"\<!channel\> \& co"),
        ("[x](y) *b* `c`", "[x](y) *b* `c`", r"\[x\](y) \*b\* \`c\`"),
        ("two\nlines\x1b[31m", "two lines[31m", r"two lines\[31m"),
        ("@mna @fleetdm/all a@b.c", "@mna @fleetdm/all a@b.c", "@\u2060mna @\u2060fleetdm/all a@b.c"),
    ],
)
def test_outside_text_is_nothing_but_text(text: str, slack: str, markdown: str) -> None:
    assert (markup.slack(text), markup.markdown(text)) == (slack, markdown)
