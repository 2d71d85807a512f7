"""The Fleet server in both of its forms, and all sources of certificates together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from fleet_tui.config.certificates import CertificateFile, Certificates, Endpoint, Owners, PlainDate
from fleet_tui.config.schema import Config
from fleet_tui.domain.certificates import Inventory, Kind
from fleet_tui.services import tls_probe
from fleet_tui.services.certificates import CertificateSources
from fleet_tui.services.fleet_server import TERMS_CHANGED, FleetServer, fleet_service
from fleet_tui.services.http import Http
from fleet_tui.services.secret import Secret
from fleet_tui.simulator.server import Simulator
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.fleet_server import AppleToken, Push
from tests.certificates import TOPIC, UUID, der, vendor
from tests.helpers import NOW, answer, server

TOKEN = "sim-fleet"


@pytest.fixture
def fleet(http: Http, settings_there: Config, world: World) -> FleetServer:
    """A server with one of each."""
    world.fleet_server.push = Push(UUID, "4D3A", NOW + timedelta(days=29))
    world.fleet_server.abm = [AppleToken("Acme", NOW + timedelta(days=200), terms_expired=True)]
    world.fleet_server.vpp = [AppleToken("Acme", NOW - timedelta(hours=3), location="Paris")]
    return connect(http, settings_there)


def connect(http: Http, settings: Config, token: str = TOKEN) -> FleetServer:
    return FleetServer(http, fleet_service(settings, Secret(token)))


def kinds(found: Inventory) -> set[Kind]:
    return {one.kind for one in found.certificates}


async def test_a_newer_server(fleet: FleetServer) -> None:
    found = await fleet.read()
    assert not found.unreadable
    vpp, push, abm = found.certificates
    assert (push.topic, push.serial, push.valid_until) == (TOPIC, "4D3A", NOW + timedelta(days=29))
    assert (abm.kind, abm.warning) == (Kind.ABM, TERMS_CHANGED)
    assert (vpp.kind, vpp.subject, vpp.valid_until) == (Kind.VPP, "Acme · Paris", NOW - timedelta(hours=3))


async def test_an_older_server_has_other_addresses(fleet: FleetServer, world: World) -> None:
    world.fleet_server.newer = False
    found = await fleet.read()
    assert not found.unreadable
    assert kinds(found) == {Kind.APNS, Kind.ABM}


async def test_what_the_licence_does_not_cover_is_not_there(fleet: FleetServer, world: World) -> None:
    world.fleet_server.premium = False
    found = await fleet.read()
    assert (kinds(found), found.unreadable) == ({Kind.APNS}, ())


async def test_empty_lists_come_as_null(fleet: FleetServer, world: World) -> None:
    world.fleet_server.abm, world.fleet_server.vpp = [], []
    found = await fleet.read()
    assert (kinds(found), found.unreadable) == ({Kind.APNS}, ())


@pytest.mark.parametrize("status", [404, 402])
async def test_a_server_without_any_says_so(http: Http, settings_there: Config, status: int) -> None:
    with server(answer(status=status)) as (url, _):
        found = await connect(http, at(settings_there, url)).read()
    (row,) = found.unreadable
    assert "its version or licence does not show them" in row.sentence


async def test_a_fault_of_the_whole_server_is_one_row(fleet: FleetServer, http: Http, settings_there: Config) -> None:
    refused = await connect(http, settings_there, "sim-other").read()
    (row,) = refused.unreadable
    assert (row.name, row.sentence) == ("Fleet server", "Fleet does not accept the token.")
    assert "fleet-tui auth set fleet" in row.remedy


async def test_one_address_that_fails_leaves_the_others(fleet: FleetServer, simulator: Simulator) -> None:
    simulator.faults.add("status", service="fleet", path="/abm_tokens$", status=500)
    found = await fleet.read()
    assert kinds(found) == {Kind.APNS, Kind.VPP}
    assert [row.name for row in found.unreadable] == ["Apple Business Manager"]


@pytest.mark.parametrize(
    "body", [b"[]", b"<html>", b'{"common_name": "x", "renew_date": "soon"}', b'{"renew_date": null}']
)
async def test_answers_that_make_no_sense_are_rows(http: Http, settings_there: Config, body: bytes) -> None:
    with server(answer(body)) as (url, _):
        found = await connect(http, at(settings_there, url)).read()
    assert found.certificates == ()
    assert [row.sentence for row in found.unreadable] == ["Fleet sent an answer that makes no sense."]


def at(settings: Config, url: str) -> Config:
    return replace(settings, addresses=replace(settings.addresses, fleet=url))


# All sources ---------------------------------------------------------------------------------------------------------


async def test_all_sources_at_once_and_a_failing_one_hides_none(
    fleet: FleetServer, http: Http, settings_there: Config, tmp_path: Path
) -> None:
    (tmp_path / "mdm.cer").write_bytes(der(vendor()))
    wanted = Certificates(
        fleet_server=True,
        files=(CertificateFile(path=str(tmp_path / "mdm.cer")), CertificateFile(path=str(tmp_path / "none.pem"))),
        endpoints=(Endpoint(address="127.0.0.1:1"),),
        dates=(PlainDate(name="Licence", expires=date(2026, 1, 31), owner="mia"),),
        owners=Owners(vendor="quin", apns="georgekarrv"),
    )
    config = replace(settings_there, certificates=wanted)
    found = await CertificateSources(http, config, Secret(TOKEN)).read()
    assert kinds(found) == {Kind.APNS, Kind.ABM, Kind.VPP, Kind.VENDOR, Kind.OTHER}
    assert {row.name for row in found.unreadable} == {"none.pem", "127.0.0.1:1"}
    owners = {one.kind: one.owner for one in found.certificates}
    assert (owners[Kind.VENDOR], owners[Kind.APNS], owners[Kind.OTHER], owners[Kind.ABM]) == (
        "quin", "georgekarrv", "mia", "",
    )  # fmt: skip


async def test_a_plain_date_ends_when_its_day_begins_where_the_team_is(http: Http) -> None:
    wanted = Certificates(dates=(PlainDate(name="Licence", expires=date(2026, 1, 31), kind="vpp"),))
    config = Config(certificates=wanted)
    config = replace(config, team=replace(config.team, zone=ZoneInfo("Europe/Berlin")))
    (one,) = (await CertificateSources(http, config, None).read()).certificates
    assert (one.kind, one.valid_until) == (Kind.VPP, datetime(2026, 1, 30, 23, tzinfo=UTC))


async def test_without_a_token_the_row_says_how_to_give_one(http: Http) -> None:
    found = await CertificateSources(http, Config(certificates=Certificates(fleet_server=True)), None).read()
    assert "fleet-tui auth set fleet" in found.unreadable[0].remedy


async def test_a_mistake_of_ours_hides_nothing(http: Http, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def mistake(endpoint: Endpoint) -> Inventory:
        raise ZeroDivisionError

    monkeypatch.setattr(tls_probe, "probe", mistake)
    wanted = Certificates(
        endpoints=(Endpoint(address="x:1"),), dates=(PlainDate(name="Licence", expires=date(2026, 1, 31)),)
    )
    found = await CertificateSources(http, Config(certificates=wanted), None).read()
    assert [one.name for one in found.certificates] == ["Licence"]
    assert "ZeroDivisionError" in found.unreadable[0].sentence
    assert "certificates of x:1" in caplog.text
