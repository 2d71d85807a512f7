"""How the certificates screen looks. Look at every picture before freezing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from fleet_tui.domain.certificates import Certificate, Inventory, Kind, Unreadable, merged
from fleet_tui.domain.procedures import Done
from fleet_tui.services.procedure_log import ProcedureLog
from fleet_tui.services.store import Store
from tests.certificates import TOPIC, certificate
from tests.helpers import until
from tests.screens.test_pictures import NOW, Compare, Run, app, having, readings, values

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
LARGE = (120, 40)
APPLE = "CN=Apple Worldwide Developer Relations Certification Authority,O=Apple Inc."
OTHER_TOPIC = (
    "Fleet push has another topic: com.apple.mgmt.External.1 instead of com.apple.mgmt.External.2. Every device would "
    "have to enrol again."
)


def vendor(left: timedelta) -> Certificate:
    """The vendor certificate with so much left of its year."""
    end = NOW + left
    name = "MDM Vendor: Fleet Device Management"
    return certificate(
        "file:/certificates/mdm.cer", ends=end, valid_from=end - timedelta(days=365), name=name, kind=Kind.VENDOR,
        subject=f"CN={name},O=Fleet Device Management Inc.", issuer=APPLE, serial="4F5E91B20C7741A2",
        owner="georgekarrv", source="/certificates/mdm.cer",
    )  # fmt: skip


def rest() -> tuple[Certificate, ...]:
    """What is fine beside it."""
    end = NOW + timedelta(days=213)
    push = certificate(
        "fleet:apns", ends=end, valid_from=end - timedelta(days=365), name="Fleet push", kind=Kind.APNS, topic=TOPIC,
        issuer=APPLE, serial="11D0", owner="georgekarrv", source="https://fleet.example.com",
    )  # fmt: skip
    abm = certificate(
        "fleet:abm", ends=NOW + timedelta(days=120), name="ABM token Fleet", kind=Kind.ABM, owner="lukeheath",
        source="https://fleet.example.com",
    )  # fmt: skip
    server = certificate(
        "tls:fleet", ends=NOW + timedelta(days=61), valid_from=NOW - timedelta(days=29), name="fleet.example.com",
        issuer="CN=E7,O=Let's Encrypt", owner="lucasmrod", source="fleet.example.com:443",
    )  # fmt: skip
    licence = certificate(
        "date:x",
        ends=NOW + timedelta(days=301),
        name="Apple Developer Program",
        kind=Kind.OTHER,
        source="configuration",
    )
    return push, abm, server, licence


FAULTS = (
    Unreadable("file:/certificates/mdm (1).cer", "mdm (1).cer", "/certificates/mdm (1).cer",
               "It holds no certificate: neither PEM nor DER.", "Download it again."),
    Unreadable("fleet", "Fleet server", "https://fleet.example.com", "The Fleet server has no licence for this (402).",
               "Ask who pays for it, or switch certificates.fleet_server off."),
)  # fmt: skip
STATES = {
    "healthy": timedelta(days=333),
    "29 days": timedelta(days=29, hours=2),
    "6 days": timedelta(days=6, hours=4),
    "expired": timedelta(hours=-3, minutes=-20),
}


def on_certificates(found: Inventory | None, *keys: str, then: Callable[[Any], None] | None = None) -> Run:
    """Hear of these certificates, let something happen, press keys."""
    heard = readings(NOW, values(**({} if found is None else {"certificates": found})))

    async def play(pilot: Pilot[Any]) -> None:
        program: Any = pilot.app

        async def settled() -> None:
            await pilot.pause()
            await until(lambda: not any(one.group == "certificates" and one.is_running for one in program.workers))

        await having(heard)(pilot)
        await settled()
        if then:
            then(program)
            program.beat += 1
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await settled()
        await pilot.pause()

    return play


def found(left: timedelta, *faults: Unreadable) -> Inventory:
    """The vendor certificate with so much left, and the rest."""
    return merged([Inventory((vendor(left), *rest()), faults)])


@SIZES
@pytest.mark.parametrize("state", STATES, ids=[name.replace(" ", "-") for name in STATES])
def test_certificates(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    run = on_certificates(found(STATES[state]))
    assert snap_compare(app(NOW, screen="certificates"), terminal_size=size, run_before=run)


@SIZES
def test_unreadable(snap_compare: Compare, size: tuple[int, int]) -> None:
    run = on_certificates(found(STATES["healthy"], *FAULTS))
    assert snap_compare(app(NOW, screen="certificates"), terminal_size=size, run_before=run)


def test_wide(snap_compare: Compare) -> None:
    run = on_certificates(found(STATES["6 days"], *FAULTS))
    assert snap_compare(app(NOW, screen="certificates"), terminal_size=(200, 60), run_before=run)


def test_another_topic(snap_compare: Compare) -> None:
    def warn(program: Any) -> None:
        program.desks.certificates._keep_warning("fleet:apns", OTHER_TOPIC)

    run = on_certificates(found(STATES["healthy"]), "g", then=warn)
    assert snap_compare(app(NOW, screen="certificates"), terminal_size=LARGE, run_before=run)


@pytest.mark.parametrize("size", [(80, 24), LARGE], ids=["80x24", "120x40"])
def test_the_steps_of_a_renewal(snap_compare: Compare, size: tuple[int, int]) -> None:
    store = Store(None)
    log = ProcedureLog(store)
    for hours, step in ((50, "visit"), (49, "subaccount"), (3, "generate"), (1, "upload")):
        done = Done("lucasmrod" if hours > 9 else "georgekarrv", NOW - timedelta(hours=hours))
        log.mark("renew-mdm-vendor", "file:/certificates/mdm.cer", step, done)
    program = app(NOW, screen="certificates", store=store)
    run = on_certificates(found(STATES["6 days"]), "s")
    assert snap_compare(program, terminal_size=size, run_before=run)
    store.close()


def test_nothing_is_configured(snap_compare: Compare) -> None:
    program = app(NOW, screen="certificates")
    assert snap_compare(program, terminal_size=(80, 24), run_before=on_certificates(Inventory()))
