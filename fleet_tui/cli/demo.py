"""`fleet-tui demo`: the real program against the simulator. Touches nothing of the user's."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from msgspec.structs import replace

from fleet_tui.cli.run import loading, require_terminal
from fleet_tui.cli.simulation import simulation
from fleet_tui.cli.start import Start, drawing_options
from fleet_tui.config.certificates import CertificateFile, Certificates, Owners, PlainDate
from fleet_tui.config.on_call import Calendar, OnCall, Person
from fleet_tui.config.schema import Addresses, Config, Release
from fleet_tui.paths import Paths
from fleet_tui.services.tokens import Secret

TOKENS = {
    "github": Secret("sim-lucasmrod"),
    "merge-freeze": Secret("sim-mergefreeze"),
    "zenhub": Secret("sim-zenhub"),
    "slack": Secret("sim-slack"),
    "fleet": Secret("sim-fleet"),
}
"""What the simulator accepts; they open nothing else."""
ON_CALL = OnCall(
    calendars=(Calendar(), Calendar(name="infrastructure", address="calendar-2")),
    people=(
        Person(name="Lucas", login="lucasmrod", group="#g-endpoint-ops", slack="U0LUCAS"),
        Person(name="Victor", login="getvictor", group="#g-endpoint-ops", slack="U0VICTOR"),
        Person(name="Roberto", login="roperzh", group="#g-mdm"),
        Person(name="Martin", login="mna", group="#g-mdm"),
        Person(name="Jacob", login="jacobshandling", group="#g-endpoint-ops"),
        Person(name="Sarah", login="gillespi314", group="#g-mdm"),
        Person(name="Jahziel", login="jahzielv", group="#g-mdm"),
        Person(name="Gabe", login="ghernandez345", group="#g-mdm"),
        Person(name="Luke", login="lukeheath"),
    ),
)
"""Whom the names in the simulator's calendars mean; one of them is left unknown."""


@click.command()
@drawing_options
@click.pass_obj
def command(start: Start, screen: str | None, read_only: bool) -> int:
    """Show the dashboard with invented data: no token, no network, no set-up."""
    require_terminal(os.environ)
    with loading():
        from fleet_tui.app import run as run_app
    from fleet_tui.feed import utc_now

    os.environ["NO_PROXY"] = "127.0.0.1"  # the simulator is on this machine, whatever proxy is configured
    with TemporaryDirectory(prefix="fleet-tui-demo-") as name, simulation(Path(name)) as address:
        paths = Paths(Path(name) / "config.toml", Path(name))
        return run_app(
            replace(demo_config(address), certificates=demo_certificates(Path(name) / "certificates", utc_now())),
            paths,
            demo_tokens(address),
            read_only=read_only or start.read_only,
            screen=screen or start.screen,
            simulated=True,
        )


def demo_config(address: str) -> Config:
    """The defaults, with the outside systems at the simulator's `address`."""
    addresses = Addresses(
        github=f"{address}/github",
        merge_freeze=f"{address}/mergefreeze/api",
        zenhub=f"{address}/zenhub/public/graphql",
        public_github=f"{address}/github",
        go_downloads=f"{address}/go",
        docker_hub=f"{address}/dockerhub",
        cisa=f"{address}/cisa",
        slack=f"{address}/slack/api",
        fleet=f"{address}/fleet",
    )
    return Config(
        addresses=addresses,
        on_call=ON_CALL,
        certificates=Certificates(fleet_server=True),
        release=Release(vp_customer_success="zayhanlon"),
    )


def demo_certificates(folder: Path, now: datetime) -> Certificates:
    """The Fleet server, files that are written to `folder`, and a plain date."""
    from fleet_tui.simulator.certificate_files import write_certificates

    write_certificates(folder, now)
    return Certificates(
        fleet_server=True,
        files=(CertificateFile(path=str(folder)),),
        dates=(PlainDate(name="Apple Developer Program", expires=(now + timedelta(days=45)).date()),),
        owners=Owners(vendor="georgekarrv", apns="georgekarrv", abm="lukeheath", vpp="lukeheath", tls="lucasmrod"),
    )


def demo_tokens(address: str) -> dict[str, Secret]:
    """`TOKENS`, and the secret addresses of the simulator at `address`."""
    secret_addresses = {
        "slack-webhook": "/slack/services/T0SIM/B0SIM/sim-webhook",
        "calendar": "/calendar/ical/oncall/private-0f3a7c55d1e94b62/basic.ics",
        "calendar-2": "/calendar/ical/infra/private-5b21c9aa40d8e317/basic.ics",
    }
    return TOKENS | {name: Secret(address + path) for name, path in secret_addresses.items()}
